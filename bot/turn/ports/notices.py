"""What a person asked to be told of, read for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.actions.ports import TopicView, WantedView, WishesView
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.catalog import NoticeFile
    from bot.notices.links import Links
    from storage.db import Database
    from storage.uow import UnitOfWork


class StoredNotices:
    """Wishes as they are kept, topics as they are written."""

    def __init__(
        self, database: Database, settings: Settings, clock: Clock, *, catalog: NoticeFile, links: Links
    ) -> None:
        self._database = database
        self._version = settings.consentimiento.version
        self._clock = clock
        self._catalog = catalog
        self._links = links
        self._topics = {
            name: TopicView(name, entry.titulo, entry.por_sector, entry.autorizacion or "")
            for name, entry in catalog.temas.items()
        }

    @property
    def topics(self) -> Mapping[str, TopicView]:
        """Every topic by its id."""
        return self._topics

    async def of(self, conversation_id: str) -> WishesView:
        """Return what the person who writes here wants."""
        return await self._database.read(lambda uow: self._view(uow, conversation_id))

    async def is_authorised(self, conversation_id: str, consent: str) -> bool:
        """Tell whether a consent was given here, under the text in force."""
        answer = await self._database.read(lambda uow: uow.consents.current(conversation_id, consent))
        return answer is not None and answer.granted and answer.version == self._version

    async def sector(self, said: str) -> tuple[str, str] | None:
        """Return (id, name) of the sector that was said by its id or name, or None."""
        wanted = plain(said)
        for sector in await self._database.read(lambda uow: uow.customers.sectors()):
            if wanted in {plain(sector.id), plain(sector.nombre)}:
                return sector.id, sector.nombre
        return None

    def named_in(self, text: str) -> str:
        """Return the topic that a text speaks of, or an empty text."""
        return self._catalog.named_in(frozenset(plain(text).split()))

    def link(self, conversation_id: str) -> str:
        """Return a link to the page of preferences, or an empty text where there is none."""
        return self._links.make(conversation_id, self._clock.now())

    def _view(self, uow: UnitOfWork, conversation_id: str) -> WishesView:
        names = {sector.id: sector.nombre for sector in uow.customers.sectors()}
        wanted: dict[tuple[str, str], WantedView] = {}
        for whose in uow.people.conversations_with(conversation_id):
            for each in uow.subscriptions.of(whose):
                topic = self._topics.get(each.topic)
                if each.is_on and topic is not None:
                    place = names.get(each.sector, each.sector)
                    wanted[each.topic, each.sector] = WantedView(each.topic, topic.titulo, each.sector, place)
        pref = uow.subscriptions.preference(conversation_id)
        hours = self._catalog.franjas.get(pref.hours)
        return WishesView(tuple(wanted.values()), pref.off_at is not None, hours.horas if hours else "")
