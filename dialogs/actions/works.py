"""Actions of what was done and what was promised: the word of the people of the sector."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.places import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogs.actions.ports import WorkView

_LONGEST_LABEL = 24
_MOST_BUTTONS = 6


class WorksToConfirm(AtiendeAction):
    """Finds the finished work that the person may speak of."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_obras_por_confirmar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``confirmar_estado`` to una (with ``obra_vista``), varias (with ``obras``) or ninguna."""
        works = await self.ports.community.to_confirm(tracker.sender_id)
        wanted = _chosen(works, str(tracker.get_slot("obra_elegida") or ""))
        if wanted is None and len(works) == 1:
            wanted = works[0]
        if wanted is not None:
            return [slot("confirmar_estado", "una"), slot("obra_vista", asdict(wanted))]
        return [
            slot("confirmar_estado", "varias" if works else "ninguna"),
            slot("obra_elegida", None),
            slot("obra_vista", None),
            slot("obras", [asdict(one) for one in works]),
        ]


class AskWork(AtiendeAction):
    """Asks which work is meant, with a button for each."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_obra_elegida"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with the places of ``obras``."""
        buttons = [
            {"title": one["lugar"][:_LONGEST_LABEL], "payload": f"/SetSlots(obra_elegida={one['id']})"}
            for one in (tracker.get_slot("obras") or ())[:_MOST_BUTTONS]
        ]
        dispatcher.utter_message(response="confirmar_intervencion.elige", buttons=buttons)
        return []


class ConfirmWork(AtiendeAction):
    """Hands over what the person says of the work; the commit looks again whether they may."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_confirmar_obra"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report InterventionConfirmed."""
        solved = bool(tracker.get_slot("obra_resuelta"))
        return [
            fact(
                "InterventionConfirmed",
                obra=int((tracker.get_slot("obra_vista") or {}).get("id") or 0),
                resuelto=solved,
                motivo="" if solved else str(tracker.get_slot("obra_motivo") or ""),
                anexos=[file["file_id"] for file in tracker.get_slot("obra_foto") or []],
            )
        ]


class SeeCommitments(AtiendeAction):
    """Lists the promises to the sector; a leader is asked about one that is done and not judged yet."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_compromisos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``compromisos``, and ``compromiso_visto`` for a leader of the sector."""
        sector = place_of(tracker)
        found = await self.ports.community.commitments(sector)
        leads = any(one.vigente and sector in one.ids for one in await self.ports.community.leader(tracker.sender_id))
        done = next((one for one in found if one.estado == "cumplido" and one.conforme is None), None)
        return [
            slot("compromisos", [asdict(one) for one in found]),
            slot("compromiso_visto", asdict(done) if done is not None and leads else None),
        ]


class JudgeCommitment(AtiendeAction):
    """Hands over whether the sector is content with what was promised."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_juzgar_compromiso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report CommitmentJudged."""
        seen = tracker.get_slot("compromiso_visto") or {}
        return [
            fact(
                "CommitmentJudged",
                compromiso=int(seen.get("id") or 0),
                conforme=bool(tracker.get_slot("compromiso_conforme")),
            )
        ]


def _chosen(works: Sequence[WorkView], said: str) -> WorkView | None:
    """Return the work that was named by its number, or by words of its place."""
    by_number = next((one for one in works if str(one.id) == said.strip()), None)
    if by_number is not None or not said.strip():
        return by_number
    words = said.strip().lower()
    alike = [one for one in works if words in f"{one.lugar} {one.aspecto}".lower()]
    return alike[0] if len(alike) == 1 else None
