"""What providers say apart from messages, kept: how our templates stand, who moved, who wants no advertising."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Moved, Stopped, TemplateNews
from bot.channels.wire import address_to_json
from bot.notices.judge import ADVERTISING
from bot.notices.subscribing import Said, Subscribing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.channels.base import Address, News
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


class Provider:
    """Writes what providers say."""

    def __init__(
        self, database: Database, notices: Notices, subscribing: Subscribing, named: Callable[[str], str]
    ) -> None:
        """Take the database, the notices, who ends subscriptions, and the naming of conversations by address key."""
        self._database = database
        self._notices = notices
        self._subscribing = subscribing
        self._named = named

    async def keep(self, news: Iterable[News]) -> None:
        """Write everything in one durable transaction; what is said twice changes nothing the second time.

        Raises:
            StorageError: nothing was written; the provider must be told to try again.
        """
        listed = list(news)
        if listed:
            await self._database.write(lambda uow: self._keep(uow, listed))

    def _keep(self, uow: UnitOfWork, news: Sequence[News]) -> None:
        for one in news:
            match one:
                case TemplateNews():
                    uow.providers.tell_template(one.name, one.language, one.said, one.at)
                case Moved():
                    self._move(uow, one)
                case Stopped():
                    self._stop(uow, one)

    def _move(self, uow: UnitOfWork, moved: Moved) -> None:
        """Let the conversation go on under the new address; the old one is whoever's gets it next."""
        old, new = _keys(moved.was), _keys(moved.now)
        names = {key: self._named(key) for key in (*old, *new)}
        belongs = uow.providers.moved(list(names.values()))
        if any(belongs.get(names[key]) == self._named(f"{key}#{moved.key}") for key in old):
            return  # told again: whoever has the old address by now is somebody else
        talks = {key: belongs.get(name, name) for key, name in names.items()}
        mine = next((talks[key] for key in old if uow.providers.has_talk(talks[key])), None)
        if mine is None:
            return
        if any(talks[key] != mine and uow.providers.has_talk(talks[key]) for key in new):
            # They wrote from the new address before we heard of it: two talks of one person are theirs to join.
            uow.subscriptions.set_blocked(mine, moved.at)
            log.info("moved_to_known", conversation=mine)
            return
        for key in old:
            uow.providers.move(names[key], self._named(f"{key}#{moved.key}"), moved.at)
        for key in new:
            uow.providers.move(names[key], mine, moved.at)
        known = uow.notices.reach(mine)
        name = known.address.get("name") if known else None
        uow.providers.readdress(mine, address_to_json(replace(moved.now, name=name)), moved.at)
        log.info("conversation_moved", conversation=mine)

    def _stop(self, uow: UnitOfWork, stopped: Stopped) -> None:
        name = self._named(stopped.address.key)
        talk = uow.providers.moved([name]).get(name, name)
        said = Said(talk, stopped.address.channel, stopped.key, stopped.at)
        for topic, entry in self._notices.catalog.temas.items():
            if entry.clase == ADVERTISING:
                self._subscribing.leave(uow, said, topic)


def _keys(address: Address) -> list[str]:
    """Return the keys under which a person may be known: their id, and their phone where that is known."""
    phone = (address.phone or "").lstrip("+")
    return list(dict.fromkeys([address.key, *([replace(address, user=phone).key] if phone else [])]))
