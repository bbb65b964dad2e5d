"""Actions of what people think of the attention: when to ask, marks with comments, complaints of the assistant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Event, Events, Seen, fact, slot

_LONGEST = 2_000
#: A complaint of fewer words only announces itself («queja del bot»): what went wrong is asked.
_TELLS = 5


class TimeForOpinion(AtiendeAction):
    """Decides whether to ask for an opinion: not more often than the utility wants."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_toca_opinion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``opinion_toca``; when it is time, note in ``opinion_pedida_at`` that it was asked now."""
        now, asked = self.ports.clock.now(), tracker.get_slot("opinion_pedida_at")
        every = timedelta(days=self.ports.attention.opinion_every_days())
        if asked and now - datetime.fromisoformat(str(asked)) < every:
            return [slot("opinion_toca", False)]
        return [slot("opinion_toca", True), slot("opinion_pedida_at", now.isoformat())]


class KeepOpinion(AtiendeAction):
    """Keeps the mark that a person gives when an errand is over."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_opinion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report Rated about the errand that ended last."""
        return _rated(tracker, flujo=tracker.get_slot("tramite_anterior"))


class KeepMark(AtiendeAction):
    """Keeps the mark that a person gives of their own accord, or to a case that we asked about."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_nota"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report Rated about ``caso_calificado`` if there is one, else about the errand that ended last."""
        case = tracker.get_slot("caso_calificado")
        return _rated(tracker, caso=case) if case else _rated(tracker, flujo=tracker.get_slot("tramite_anterior"))


class HearComplaint(AtiendeAction):
    """Takes the complaint out of the message that began it, if it says what went wrong."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oir_queja_asistente"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``queja_asistente`` to the message, unless it is a button or only announces a complaint."""
        said = str(tracker.latest_message.get("text") or "").strip()
        if said.startswith("/") or len(said.split()) < _TELLS:
            return []
        return [slot("queja_asistente", said[:_LONGEST])]


class KeepComplaint(AtiendeAction):
    """Keeps what a person says against the assistant."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_queja_asistente"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report AssistantComplained, also when the person prefers to say no more."""
        return [fact("AssistantComplained", texto=str(tracker.get_slot("queja_asistente") or "")[:_LONGEST])]


def _rated(tracker: Seen, **about: Any) -> list[Event]:
    mark = tracker.get_slot("nota")
    if mark is None:
        return []
    comment = str(tracker.get_slot("comentario") or "")[:_LONGEST]
    return [fact("Rated", nota=int(mark), comentario=comment, **about)]
