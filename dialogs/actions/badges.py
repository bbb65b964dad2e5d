"""Actions about who knocks at the door in the name of the company."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.places import place_of
from dialogs.engine.slots import plain

_MONEY = re.compile(
    r"\b(?:plata|dinero|efectivo|cobra(?:n|ndo|r)?|me cobro|pagar(?:le)?|pague|consigne|transfier[ae]|nequi|daviplata"
    r"|una propina|mil pesos)\b"
)
_NONE = re.compile(
    r"(?:no (?:tiene|trae|muestra|quiere mostrar(?:lo)?|lo muestra|lleva|carga|me (?:lo )?(?:quiere )?muestra)|ninguno|ninguna"
    r"|sin carne|no se|no le veo|nada)(?: (?:carne|escarapela|codigo|nada|ninguno|el carne|la escarapela))?"
)


class HearBadge(AtiendeAction):
    """Hears whether money is asked for at the door: that is answered before anything else."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_escuchar_funcionario"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``funcionario_cobra`` and forget what was answered the last time."""
        said = plain(str(tracker.latest_message.get("text") or ""))
        return [
            slot("funcionario_cobra", _MONEY.search(said) is not None),
            slot("funcionario_codigo", None),
            slot("funcionario_reporta", None),
            slot("carne", None),
        ]


class CheckBadge(AtiendeAction):
    """Tells whether the company sent that badge, or somebody of that name, to the sector today."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_revisar_carne"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``carne``; a document in place of a badge is refused and asked again."""
        said = str(tracker.get_slot("funcionario_codigo") or "")
        if _NONE.fullmatch(plain(said)):
            return [slot("carne", {"estado": "sin_carne"})]
        seen = await self.ports.community.badge(said, place_of(tracker), tracker.sender_id)
        if seen.estado == "documento":
            dispatcher.utter_message(response="verificar_funcionario.sin_documentos")
            return [slot("funcionario_codigo", None)]
        is_ours = seen.estado == "si" and not tracker.get_slot("funcionario_cobra")
        return [slot("carne", asdict(seen)), slot("funcionario_reporta", False if is_ours else None)]


class ReportImpostor(AtiendeAction):
    """Hands over the report; a person of the company sees it at once."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_impostor"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report ImpostorReported."""
        code = str(tracker.get_slot("funcionario_codigo") or "")
        told = str(tracker.get_slot("funcionario_relato") or "")
        money = bool(tracker.get_slot("funcionario_cobra")) or _MONEY.search(plain(told)) is not None
        return [
            fact(
                "ImpostorReported",
                sector=place_of(tracker) or None,
                codigo="" if _NONE.fullmatch(plain(code)) else code[:40],
                pide_dinero=money,
                relato=told,
            )
        ]
