"""Actions of the short lessons: some bubbles, then one question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, slot
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from dialogs.actions.ports import LessonView


class _OfLessons(AtiendeAction):
    """What these actions share: the lesson that a slot names."""

    def _lesson(self, tracker: Seen) -> LessonView | None:
        chosen = plain(str(tracker.get_slot("leccion") or ""))
        lessons = self.ports.knowledge.lessons(self.ports.clock.now())
        exact = [each for each in lessons if chosen in {plain(each.id), plain(each.titulo)}]
        near = [each for each in lessons if chosen and set(chosen.split()) & _telling(each.titulo)]
        return next(iter(exact or (near if len(near) == 1 else [])), None)


class AskLesson(_OfLessons):
    """Offers the lessons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_leccion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each lesson."""
        buttons = [
            {"title": each.titulo, "payload": f"/SetSlots(leccion={each.id})"}
            for each in self.ports.knowledge.lessons(self.ports.clock.now())
        ]
        dispatcher.utter_message(response="lecciones.elige", buttons=buttons)
        return []


class OpenLesson(_OfLessons):
    """Opens the lesson that was named."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_abrir_leccion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``leccion`` to its id, or to nothing, and go to its first bubble."""
        lesson = self._lesson(tracker)
        return [slot("leccion", lesson.id if lesson else None), slot("paso_leccion", 0), slot("sigue_leccion", None)]


class NextBubble(_OfLessons):
    """Says the next bubble of the lesson."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_paso_leccion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Say ``leccion.<id>.<n>`` and set ``paso_leccion``; ``leccion_vista`` tells that it was the last."""
        lesson = self._lesson(tracker)
        step = int(tracker.get_slot("paso_leccion") or 0) + 1
        if lesson is None:
            return [slot("leccion_vista", True)]
        dispatcher.utter_message(response=f"leccion.{lesson.id}.{step}")
        return [slot("paso_leccion", step), slot("leccion_vista", step >= lesson.pasos)]


class AskLessonQuestion(_OfLessons):
    """Asks the question of the lesson."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_respuesta_leccion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask ``leccion.<id>.pregunta`` with its options."""
        lesson = self._lesson(tracker)
        if lesson is None:
            dispatcher.utter_message(response="lecciones.elige_otra_vez")
            return []
        buttons = [
            {"title": option, "payload": f"/SetSlots(respuesta_leccion={number})"}
            for number, option in enumerate(lesson.opciones, start=1)
        ]
        dispatcher.utter_message(response=f"leccion.{lesson.id}.pregunta", buttons=buttons)
        return []


class MarkLesson(_OfLessons):
    """Tells whether the answer was right."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_corregir_leccion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``leccion_acierto`` and ``leccion_correcta``, and clear the rest."""
        lesson = self._lesson(tracker)
        cleared = [slot(name, None) for name in ("leccion", "respuesta_leccion", "paso_leccion", "leccion_vista")]
        if lesson is None:
            return [*cleared, slot("leccion_acierto", False), slot("leccion_correcta", "")]
        right = lesson.opciones[lesson.correcta - 1]
        said = plain(str(tracker.get_slot("respuesta_leccion") or ""))
        is_right = said == str(lesson.correcta) or bool(said and set(said.split()) & _telling(right))
        return [*cleared, slot("leccion_acierto", is_right), slot("leccion_correcta", right)]


def _telling(text: str) -> set[str]:
    """Return the words of ``text`` that tell it from others."""
    return {word for word in plain(text).split() if len(word) > 3 or word.isdigit()}  # noqa: PLR2004  # «mi», «una»
