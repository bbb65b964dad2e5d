"""Actions of the queue for a person: one's place in it, preference, leaving."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot


class SeeQueue(AtiendeAction):
    """Tells whether the person waits for somebody, and in which place."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_fila"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``fila`` (estado, turno, espera_min, abierto, proxima_apertura) and ``fila_estado``."""
        place = await self.ports.attention.place(tracker.sender_id)
        return [slot("fila", asdict(place)), slot("fila_estado", place.estado)]


class PassQueue(AtiendeAction):
    """Moves a person who waits before those without preference."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_adelantar_fila"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report PreferenceAsked; nobody is asked for a reason."""
        return [fact("PreferenceAsked")]


class LeaveQueue(AtiendeAction):
    """Takes a person out of the queue who would rather go on with the assistant."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_dejar_fila"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report QueueLeft."""
        return [fact("QueueLeft")]
