"""Articles, lessons and points of attention, read for actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from bot.kernel.clock import local_date
from bot.knowledge.load import Knowledge, load
from bot.knowledge.model import plain
from bot.knowledge.places import centre, nearest
from bot.knowledge.shelf import Shelf
from bot.nlu.entities.sector import Gazetteer, read_sector
from bot.nlu.normalise import squeeze
from bot.nlu.phonetic import sound
from dialogs.actions.ports import ArticleView, LessonView, PointView, SearchView

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kernel.config import Settings
    from bot.turn.hours import OfficeHours
    from storage.db import Database

#: Farther than this nobody goes to an office; the pin is then of another place, or of none.
_REACH_M = 60_000


def _words(text: str) -> list[str]:
    return squeeze(text).split()


@cache
def _shelf() -> Shelf:
    """Index the articles, once in the life of the process."""
    return Shelf({name: (each.titulo, each.preguntas) for name, each in load().articles.items()}, _words, sound)


class KnownThings:
    """What the data files say, on the day that it is asked."""

    def __init__(self, database: Database, settings: Settings, hours: OfficeHours) -> None:
        """Read the files and index them.

        Raises:
            KnowledgeError: the files are wrong; with every problem.
        """
        self._database = database
        self._served = frozenset(settings.empresa.servicios)
        self._offices = settings.empresa.oficinas
        self._hours = hours
        self._knowledge: Knowledge = load()
        self._shelf = _shelf()

    def says_something(self, text: str) -> bool:
        """Tell whether ``text`` has any word of substance."""
        return self._shelf.says_something(text)

    def search(self, text: str, moment: datetime) -> SearchView:
        """Return what answers ``text`` on that day."""
        day = local_date(moment)
        found = self._shelf.find(text, {name for name in self._knowledge.articles if self._is_offered(name, day)})
        return SearchView(found.kind, tuple((self._knowledge.articles[name].titulo, name) for name in found.ids))

    def article(self, article_id: str, moment: datetime) -> ArticleView | None:
        """Return an article in force, or None."""
        day = local_date(moment)
        article = self._knowledge.articles.get(article_id)
        if article is None or not self._is_offered(article_id, day):
            return None
        return ArticleView(
            article_id,
            article.titulo,
            f"info.{article_id}",
            {name: plain(self._knowledge.figures[name].valor) for name in article.cifras},
            tuple(
                (self._knowledge.articles[name].titulo, name)
                for name in article.relacionados
                if self._is_offered(name, day)
            ),
            tuple(article.botones.items()),
            article.leccion or "",
        )

    def lessons(self, moment: datetime) -> Sequence[LessonView]:
        """Return the lessons in force of the services there are."""
        day = local_date(moment)
        return [
            LessonView(name, each.titulo, each.pasos, each.opciones, each.correcta)
            for name, each in self._knowledge.lessons.items()
            if each.holds_on(day) and (not each.servicios or self._served & set(each.servicios))
        ]

    async def points_near(self, place: tuple[float, float] | str, moment: datetime) -> Sequence[PointView]:
        """Return up to three points nearest to a pin or a neighbourhood."""
        where = await self._centre_of(place) if isinstance(place, str) else place
        if where is None:
            return ()
        day = local_date(moment)
        return [
            PointView(
                office.nombre,
                office.direccion,
                office.horario,
                office.tipo,
                distance,
                self._hours.is_open(moment, office.franjas) if office.franjas else None,
            )
            for office, distance in nearest([each for each in self._offices if each.holds_on(day)], *where)
            if distance <= _REACH_M
        ]

    async def _centre_of(self, name: str) -> tuple[float, float] | None:
        sectors = await self._database.read(lambda uow: uow.customers.sectors())
        found = read_sector(name, Gazetteer({sector.nombre: sector.id for sector in sectors}))
        return next((centre(sector.polygon) for sector in sectors if sector.id == found), None)

    def _is_offered(self, name: str, day: date) -> bool:
        article = self._knowledge.articles[name]
        return (
            article.holds_on(day)
            and (not article.servicios or bool(self._served & set(article.servicios)))
            and all(self._knowledge.figures[each].holds_on(day) for each in article.cifras)
        )
