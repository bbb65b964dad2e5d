"""Actions of information: find the article that answers, show it, say so when nothing is known."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

_LONGEST_QUESTION = 500
_MOST_BUTTONS = 3


class TakeQuestion(AtiendeAction):
    """Takes the message that began the errand as the question, when it asks something."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_pregunta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``pregunta_info`` to the words of the person, or to nothing."""
        text = tracker.latest_message.get("text") or ""
        asks = not text.startswith("/") and self.ports.knowledge.says_something(text)
        return [slot("pregunta_info", text[:_LONGEST_QUESTION] if asks else None), slot("info_estado", None)]


class FindArticle(AtiendeAction):
    """Looks for what answers the question."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_informacion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``info_estado`` and, by it, ``articulo`` or ``opciones_info``; report what nothing answers."""
        question = str(tracker.get_slot("pregunta_info") or "")
        found = self.ports.knowledge.search(question, self.ports.clock.now())
        events = [slot("info_estado", found.resultado), slot("articulo", None), slot("opciones_info", None)]
        if found.resultado == "una":
            return [*events, slot("articulo", found.articulos[0][1])]
        if found.resultado == "varias":
            return [*events, slot("opciones_info", [list(each) for each in found.articulos])]
        return [*events, fact("QuestionUnanswered", text=question[:_LONGEST_QUESTION])]


class AskWhichArticle(AtiendeAction):
    """Offers the articles that may answer."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_articulo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each of ``opciones_info``."""
        offered = tracker.get_slot("opciones_info") or ()
        buttons = [{"title": title, "payload": f"/SetSlots(articulo={name})"} for title, name in offered]
        buttons.append({"title": "Ninguna de estas", "payload": "/omitir"})
        dispatcher.utter_message(response="informacion.elige", buttons=buttons)
        return []


class CheckArticle(AtiendeAction):
    """Takes what was chosen as an article; any other words are a new question."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_comprobar_articulo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Keep ``articulo`` when it is one, else move it to ``pregunta_info``."""
        chosen = str(tracker.get_slot("articulo") or "")
        if self.ports.knowledge.article(chosen, self.ports.clock.now()) is not None:
            return []
        return [slot("articulo", None), slot("pregunta_info", chosen[:_LONGEST_QUESTION])]


class ShowArticle(AtiendeAction):
    """Says an article with its figures in force."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mostrar_articulo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Say ``info.<id>``, set ``articulo_visto``, and clear what led here."""
        article = self.ports.knowledge.article(str(tracker.get_slot("articulo") or ""), self.ports.clock.now())
        events = [slot(name, None) for name in ("articulo", "opciones_info", "pregunta_info")]
        if article is None:
            dispatcher.utter_message(response="informacion.no_se")
            return [*events, slot("articulo_visto", None)]
        dispatcher.utter_message(response=article.respuesta, cifras=dict(article.cifras))
        return [*events, slot("articulo_visto", article.id)]


class OfferMore(AtiendeAction):
    """Offers what goes with the article that was shown: its lesson and related ones."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ofrecer_mas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Say ``informacion.mas`` with at most three buttons; nothing where nothing is related."""
        article = self.ports.knowledge.article(str(tracker.get_slot("articulo_visto") or ""), self.ports.clock.now())
        if article is None:
            return []
        buttons = [{"title": label, "payload": f"/{flow}"} for label, flow in article.tramites]
        if article.leccion:
            lesson = f'/lecciones{{"leccion": "{article.leccion}"}}'
            buttons.append({"title": "Lección corta", "payload": lesson})
        buttons += [
            {"title": title, "payload": f'/informacion{{"articulo": "{name}"}}'} for title, name in article.siguientes
        ]
        if buttons:
            dispatcher.utter_message(response="informacion.mas", buttons=buttons[:_MOST_BUTTONS])
        return []


class NearestPoints(AtiendeAction):
    """Finds the points of attention nearest to a pin or a neighbourhood."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_puntos_cercanos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``puntos`` to at most three ``PointView`` as objects, or to nothing when the place is not known."""
        said = str(tracker.get_slot("lugar_puntos") or "")
        found = await self.ports.knowledge.points_near(_pin(said) or said, self.ports.clock.now())
        return [slot("puntos", [asdict(point) for point in found] or None), slot("lugar_puntos", None)]


def _pin(text: str) -> tuple[float, float] | None:
    """Read «latitude, longitude»."""
    parts = text.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None  # noqa: PLR2004  # degrees
