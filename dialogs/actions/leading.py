"""Actions of leaders: asking to be one, and filing for a sector."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.places import place_of

_MOST_SECTORS = 20


class LookAtLeading(AtiendeAction):
    """Tells the flow whether the person speaks for a sector today, or has asked to."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_liderazgo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lider_estado`` and ``lider_vista``; with one sector only, ``barrio`` too when none was said."""
        asked = await self.ports.community.leader(tracker.sender_id)
        held = next((one for one in asked if one.vigente), None)
        waiting = next((one for one in asked if one.estado == "solicitado"), None)
        if held is not None:
            known = [slot("barrio", held.ids[0])] if len(held.ids) == 1 and not tracker.get_slot("barrio") else []
            return [slot("lider_estado", "verificado"), slot("lider_vista", asdict(held)), *known]
        if waiting is not None:
            return [slot("lider_estado", "solicitado"), slot("lider_vista", asdict(waiting))]
        return [
            slot("lider_estado", "ninguno"),
            slot("lider_vista", None),
            slot("sectores_lider", None),
            slot("sectores_dichos", None),
            slot("acto_lider", None),
        ]


class ReadSectors(AtiendeAction):
    """Reads the sectors that somebody says to represent."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_leer_sectores"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``sectores_lider`` and ``sectores_nombres``, or say that none is known and ask again."""
        found = (await self.ports.community.places_in(str(tracker.get_slot("sectores_dichos") or "")))[:_MOST_SECTORS]
        if not found:
            dispatcher.utter_message(response="registrar_lider.sector_desconocido")
            return [slot("sectores_lider", None), slot("sectores_dichos", None)]
        return [
            slot("sectores_lider", [one.id for one in found]),
            slot("sectores_nombres", [one.nombre for one in found]),
            slot("acto_pedido", self.ports.community.proof(str(tracker.get_slot("rol_lider") or ""))),
        ]


class AskToLead(AtiendeAction):
    """Hands the request over; staff verify it with the documents."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_pedir_registro_lider"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report LeaderRequested."""
        get = tracker.get_slot
        return [
            fact(
                "LeaderRequested",
                rol=get("rol_lider"),
                sectores=list(get("sectores_lider") or ()),
                nombre=get("nombre") or "",
                documento=get("documento") or "",
                anexos=[file["file_id"] for file in get("acto_lider") or []],
            )
        ]


class MarkCollective(AtiendeAction):
    """Marks the filing as of general interest, if the person speaks for that sector."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_marcar_colectiva"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``peticion_colectiva`` to the sector, or to null."""
        sector = place_of(tracker)
        own = await self.ports.community.leader(tracker.sender_id)
        return [slot("peticion_colectiva", sector if any(one.vigente and sector in one.ids for one in own) else None)]
