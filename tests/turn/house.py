"""A house for tests of turns: any database, a frozen clock, no model, replies read from the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap import Services, open_services
from bot.channels.base import Address, Channel, Inbound
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.nlu.understand import Understanding
from storage.db import Database
from tests.support.settings import make_settings


@dataclass
class Talker:
    """A person at the terminal channel who writes and reads."""

    services: Services
    clock: FrozenClock
    user: str = "persona-1"
    count: int = 0
    channel: str = "terminal"

    @property
    def address(self) -> Address:
        return Address(self.channel, "prueba", self.user)

    @property
    def conversation_id(self) -> str:
        return self.services.conversation_id(self.address.key)

    def event(self, text: str = "", **more: Any) -> Inbound:
        self.count += 1
        given = {
            "key": f"{self.user}-{self.count}",
            "sent_at": self.clock.now(),
            "address": self.address,
            "kind": "text",
        }
        return Inbound(**{**given, "text": text, **more})

    async def say(self, text: str = "", **more: Any) -> list[str]:
        """Write one message and return the response keys of the replies to it."""
        return [payload.get("response", "") for payload in await self.hear(text, **more)]

    async def hear(self, text: str = "", **more: Any) -> list[Mapping[str, Any]]:
        """Write one message and return the payloads of the replies to it."""
        ((inbox_id, _),) = await self.services.inbox.accept([self.event(text, **more)])
        assert await self.services.lanes.settled(inbox_id, 10)
        self.clock.move(timedelta(seconds=1))
        rows = await self.services.database.read(lambda uow: uow.outbox.of_inbox(inbox_id))
        return [row.payload for row in rows]

    async def go(self, *texts: str) -> list[str]:
        """Write several messages and return the response keys of the replies to the last."""
        said: list[str] = []
        for text in texts:
            said = await self.say(text)
        return said


@asynccontextmanager
async def open_house(
    database: Database,
    clock: FrozenClock,
    folder: Path,
    *,
    actions: Any = None,
    channels: Mapping[str, Channel] | None = None,
) -> AsyncIterator[Services]:
    """Open the real services over a database of the test; they are closed at the end."""
    services = await open_services(
        make_settings(folder),
        clock=clock,
        ids=SequenceIds(),
        database=database,
        understanding=Understanding(),
        actions=actions,
        channels=channels or {},
    )
    try:
        yield services
    finally:
        await services.lanes.close()
