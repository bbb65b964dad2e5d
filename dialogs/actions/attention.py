"""Actions of emergencies, offices, outages and marks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot


class ReportEmergency(AtiendeAction):
    """Tells operations of a danger in the same commit as the instructions to the person."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyReported; a danger without a known kind is treated as risk to life."""
        kind = tracker.get_slot("tipo_emergencia") or "vida"
        return [
            slot("tipo_emergencia", kind),
            fact("EmergencyReported", kind=kind, text=tracker.latest_message.get("text") or ""),
        ]


class LocateEmergency(AtiendeAction):
    """Adds the place to the emergency already reported."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ubicar_emergencia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report EmergencyLocated with the words or the pin the person sent."""
        place = tracker.get_slot("lugar_emergencia")
        if isinstance(place, dict):
            return [fact("EmergencyLocated", point=place)]
        return [fact("EmergencyLocated", direccion=str(place or ""))]


class Offices(AtiendeAction):
    """Tells whether the offices are open now and when they open next."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oficinas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``oficina`` with ``abierto``, ``proxima_apertura`` (ISO moment) and ``horario``."""
        return [slot("oficina", asdict(self.ports.company.office(self.ports.clock.now())))]


class SeeOutages(AtiendeAction):
    """Lists the outages that are open now, in words people know."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_cortes"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cortes``: at most three of ``{"servicio", "sector", "causa", "vuelve_at"}``."""
        return [slot("cortes", [asdict(outage) for outage in await self.ports.outages.open(limit=3)])]


class KeepMark(AtiendeAction):
    """Keeps the mark a person gives to the attention."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_nota"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report Rated with the mark from 1 to 5."""
        return [fact("Rated", nota=int(tracker.get_slot("nota") or 0))]
