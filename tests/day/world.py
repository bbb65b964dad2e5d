"""The running house of the day: the demo utility, three channels, a clock that the script moves, the jobs of the house."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.bootstrap import Services, make_keyring, open_services
from bot.channels.base import Address, Caps, Inbound, Media, Notice, Say, Sent, Verdict
from bot.demo import plant
from bot.demo.people import FIRST_ACCOUNT
from bot.demo.territory import PLACES, Place
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.service import make_clockwork
from bot.simulator import _PIXEL
from storage.db import Database

#: How often the jobs look: rarely beside a real house, so that the test is quick.
_EVERY = timedelta(minutes=10)
CHANNELS = ("terminal", "webchat", "telegram")
_CAPS = Caps(text=4096, body_with_options=4096, buttons=8, button_len=60, rate_per_s=10_000.0)
_PULL = Caps(text=8000, body_with_options=8000, buttons=10, button_len=80, pull=True)


class PhoneChannel:
    """A channel whose provider confirms everything; it remembers how many messages each key brought."""

    def __init__(self, name: str, account: str, *, pull: bool) -> None:
        self.name = name
        self.account = account
        self.caps = _PULL if pull else _CAPS
        self.sent: dict[str, int] = {}

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Inbound]:
        raise NotImplementedError  # the script calls the inbox itself

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        self.sent[our_key] = self.sent.get(our_key, 0) + 1
        return Sent(Verdict.OK, ref=our_key)


@dataclass(frozen=True)
class Citizen:
    """One of the three hundred: the holder of one account, on one channel."""

    number: int

    @property
    def cuenta(self) -> str:
        return str(FIRST_ACCOUNT + self.number)

    @property
    def channel(self) -> str:
        return CHANNELS[self.number // 7 % len(CHANNELS)]

    @property
    def place(self) -> Place:
        return PLACES[self.number % len(PLACES)]

    @property
    def has(self) -> frozenset[str]:
        """What the company has of this citizen, or the day: a contact for codes, a street without an open outage."""
        has_contact = self.number % 10 != 9 or self.number % 3 == 1
        found = {"contacto"} if has_contact else set()
        found |= {"debe dos facturas"} if self.number % 9 == 0 else set()
        found |= {"paga como vivienda"} if self.number % 25 else set()
        return frozenset(found | (set() if self.place.id == "la_esperanza" else {"sin corte"}))

    @property
    def address(self) -> Address:
        return Address(self.channel, "dia", f"ciudadano-{self.number}")


@dataclass
class Heard:
    """What one citizen heard after one message: response keys and texts, in order."""

    keys: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Day:
    """The house while the day goes by."""

    def __init__(self, services: Services, clock: FrozenClock, channels: Mapping[str, PhoneChannel]) -> None:
        self.services = services
        self.clock = clock
        self.channels = channels
        self._jobs = make_clockwork(services)
        self._messages = 0
        self._next_work = clock.now() + _EVERY

    def conversation_id(self, citizen: Citizen) -> str:
        return self.services.conversation_id(citizen.address.key)

    async def until(self, moment: datetime) -> None:
        """Let the time pass up to ``moment``; the jobs of the house look every ten minutes of it."""
        while self._next_work <= moment:
            self.clock.set(max(self.clock.now(), self._next_work))
            await self.work()
            self._next_work += _EVERY
        self.clock.set(max(self.clock.now(), moment))

    async def work(self) -> None:
        """Run what is due, and send what waits."""
        for job in self._jobs._jobs:
            await self._jobs.fire(job)
        await self.services.lanes.idle()
        if self.services.sender is not None:
            while await self.services.sender.drain_once():
                pass

    async def say(self, said: Mapping[Citizen, Mapping[str, Any]]) -> dict[Citizen, Heard]:
        """Give one message of each of these citizens at once, and return what each heard."""
        rows = await self.services.inbox.accept([await self._event(who, what) for who, what in said.items()])
        await self.services.lanes.idle()
        heard = {}
        for who, (inbox_id, _) in zip(said, rows, strict=True):
            replies = await self.services.database.read(lambda uow, row=inbox_id: uow.outbox.of_inbox(row))
            heard[who] = Heard(
                [reply.payload.get("response", "") for reply in replies],
                [reply.payload.get("text", "") for reply in replies],
            )
        return heard

    async def _event(self, who: Citizen, what: Mapping[str, Any]) -> Inbound:
        self._messages += 1
        media: tuple[Media, ...] = ()
        if what.get("foto"):
            kept = await self.services.intake.keep(self.conversation_id(who), _PIXEL, name="foto.png", kind="image")
            media = (Media("image", f"file:{kept['file_id']}", "image/png", len(_PIXEL), "foto.png"),)
        point = tuple(what["lugar"]) if what.get("lugar") else None
        return Inbound(
            key=f"dia-{self._messages}",
            sent_at=self.clock.now(),
            address=who.address,
            kind="media" if media else "location" if point else "text",
            text=str(what.get("dice", "")),
            media=media,
            point=point,
        )

    async def count(self, sql: str) -> dict[str, int]:
        """Return the rows of a query of (name, number)."""

        def look(uow: Any) -> dict[str, int]:
            return {str(name): int(number) for name, number in uow.conn.execute(text(sql))}

        return await self.services.database.read(look)


@asynccontextmanager
async def open_day(settings: Any, start: datetime, *, understanding: Any = None) -> AsyncIterator[Day]:
    """Open the demo utility at ``start`` over a database of its own; all of it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="atiende-dia-") as folder:
        mine = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": f"sqlite:///{folder}/atiende.db", "mode": "test"}
        )
        clock = FrozenClock(start)
        database = Database.open(mine.database_url, make_keyring(mine), safe=False)
        database.upgrade()
        plant(database, now=start, settings=mine)
        channels = {name: PhoneChannel(name, "dia", pull=name != "telegram") for name in CHANNELS}
        channels["correo"] = PhoneChannel("correo", mine.empresa.correo, pull=False)
        channels["sms"] = PhoneChannel("sms", mine.canales.sms.remitente, pull=False)
        services = await open_services(
            mine,
            clock=clock,
            ids=SequenceIds(),
            database=database,
            understanding=understanding,
            channels=channels,  # type: ignore[arg-type]
        )
        try:
            yield Day(services, clock, channels)
        finally:
            await services.close()
