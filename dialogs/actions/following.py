"""Actions of following a case: never by number alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, slot

if TYPE_CHECKING:
    from dialogs.actions.ports import CaseView


class MyCases(AtiendeAction):
    """Counts and lists the cases filed from this very channel identity."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mis_casos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``casos_propios`` and ``lista_casos`` (newest first, at most five)."""
        cases = await self.ports.cases.of_conversation(tracker.sender_id)
        listed = [{"radicado": case.radicado, "tipo": case.tipo, "estado": case.estado} for case in cases]
        return [
            slot("casos_propios", len(listed)),
            slot("lista_casos", listed),
            slot("resultado_consulta", None),
            slot("caso", None),
        ]


class AskRadicado(AtiendeAction):
    """Asks which case to look at, with the own ones as buttons, so that nobody has to type fourteen digits."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_radicado_consulta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each case of ``lista_casos``, or for the number when there are none."""
        own = [case["radicado"] for case in tracker.get_slot("lista_casos") or ()]
        if not own:
            dispatcher.utter_message(response="consultar_radicado.pide_radicado")
            return []
        buttons = [{"title": number, "payload": f"/SetSlots(radicado_consulta={number})"} for number in own]
        dispatcher.utter_message(response="consultar_radicado.elige", buttons=buttons)
        return []


class TakeOnlyCase(AtiendeAction):
    """Takes the radicado of the only case there is, so that nobody has to type it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_unico_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``radicado_consulta``."""
        cases = await self.ports.cases.of_conversation(tracker.sender_id, 1)
        return [slot("radicado_consulta", cases[0].radicado if cases else None)]


class FindMyCase(AtiendeAction):
    """Shows a case to the identity that filed it, and asks anybody else for the code."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_consultar_radicado"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``resultado_consulta`` to ``propio`` with ``caso``, or to ``falta_codigo``.

        An unknown radicado asks for the code too: the answer must not tell which numbers exist.
        """
        case = await self.ports.cases.mine(str(tracker.get_slot("radicado_consulta") or ""), tracker.sender_id)
        if case is None:
            return [slot("resultado_consulta", "falta_codigo")]
        return [slot("resultado_consulta", "propio"), slot("caso", _shown(case)), slot("radicado_consulta", None)]


class OpenWithCode(AtiendeAction):
    """Opens a case with its radicado and secret code, with a limit on guessing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_abrir_con_codigo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``resultado_consulta`` to ``encontrado`` with ``caso``, ``no`` or ``bloqueado``."""
        radicado = str(tracker.get_slot("radicado_consulta") or "")
        found = await self.ports.cases.open_with_code(
            radicado,
            str(tracker.get_slot("codigo") or ""),
            tracker.sender_id,
            str(tracker.latest_message.get("message_id") or ""),
        )
        cleared = [slot("radicado_consulta", None), slot("codigo", None)]
        if isinstance(found, str):
            return [slot("resultado_consulta", found), *cleared]
        return [
            slot("resultado_consulta", "encontrado"),
            slot("caso", _shown(found)),
            *cleared,
        ]


def _shown(case: CaseView) -> dict[str, Any]:
    return asdict(case)
