"""A house with WhatsApp against a server in memory, and one person who writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.bootstrap import Services
from bot.channels.base import Inbound, Receipt
from bot.channels.templates import load
from bot.kernel.clock import FrozenClock
from bot.notices import waves
from bot.notices.provider import Provider
from bot.notices.subscribing import Subscribing
from bot.outbox import desk, receipts
from storage.db import Database
from tests.channels.case_whatsapp import make_channel, signed
from tests.support.fake_whatsapp import PERSON, FakeWhatsApp, message, value, webhook
from tests.turn.house import open_house

OUTAGE = {
    "servicio": "agua",
    "sector": "La Esperanza",
    "cuando": "el martes 3 de marzo",
    "vuelve": "a las 5:00 p. m.",
    "causa": "un daño",
}


class Town:
    """A house with WhatsApp, and one person who writes."""

    def __init__(self, services: Services, clock: FrozenClock, fake: FakeWhatsApp, channel: Any) -> None:
        self.services, self.clock, self.fake, self.channel = services, clock, fake, channel
        version = services.settings.consentimiento.version
        self.provider = Provider(
            services.database,
            services.notices,
            Subscribing(services.notices, version=version),
            services.conversation_id,
        )
        self.count = 0

    @property
    def conversation_id(self) -> str:
        return self.services.conversation_id(f"whatsapp:{self.channel.account}:{PERSON}")

    async def webhook(self, *values: dict[str, Any], field: str = "messages", at: int | None = None) -> list[Any]:
        """Let a webhook in as the web does: news, then messages, then receipts."""
        document = webhook(*values, field=field)
        for entry in document["entry"]:
            entry["time"] = at or int(self.clock.now().timestamp())
        payload = signed(document)
        events = self.channel.parse(payload.body, payload.headers)
        await self.provider.keep([one for one in events if not isinstance(one, Inbound | Receipt)])
        await self.services.inbox.accept([one for one in events if isinstance(one, Inbound)])
        await receipts.keep(
            self.services.database,
            [one for one in events if isinstance(one, Receipt)],
            doorstep=self.services.doorstep,
            now=self.clock.now,
        )
        await self.services.lanes.idle()
        return list(events)

    async def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        """Write a message and return what WhatsApp was asked to show."""
        self.count += 1
        said = message("text", {"body": text}, number=self.count) | more
        said["timestamp"] = str(int(self.clock.now().timestamp()))
        await self.webhook(value(said))
        return await self.sent()

    async def sent(self) -> list[dict[str, Any]]:
        """Send what is due and return it."""
        known = len(self.fake.sent)
        assert self.services.sender is not None
        while await self.services.sender.drain_once():
            pass
        return self.fake.sent[known:]

    async def notify(self, key: str, response: str, values: Any, **more: Any) -> list[dict[str, Any]]:
        """Write a notice and send it; return what WhatsApp was asked to show."""
        now = self.clock.now()
        given = {"conversation_id": self.conversation_id, "clase": "SERVICIO", "now": now, **more}
        notices = self.services.notices
        self.services.database.write_now(
            lambda uow: notices.push(uow, response=response, values=values, key=key, **given)
        )
        return await self.sent()

    def tell_outage(self, uow: Any, *, urgent: bool = False) -> int:
        """Let the person wish for outages, and write them one in a sending that is approved; return its number."""
        services, now, who = self.services, self.clock.now(), self.conversation_id
        wanted = waves.Draft(key="w", template="corte_programado", values=OUTAGE, author="Ana", urgent=urgent)
        uow.subscriptions.turn_on(who, "cortes", "norte", now)
        uow.consents.add(
            conversation_id=who, topic="avisos_ubicacion", granted=True, version="v", text_sha256="", channel="whatsapp",
            inbox_key="k", at=now,
        )  # fmt: skip
        number: int = waves.draft(uow, services.notices, wanted, now)
        waves.approve(uow, number, "Luis", now)
        running = uow.waves.get(number)
        uow.waves.choose(number, waves.audience_of(services.notices.catalog, "cortes", ()), running, now)
        waves.send_some(uow, services.notices, running, now, 10)
        return number

    async def template(self, name: str, at: int | None = None, **said: str) -> None:
        told = {"message_template_name": name, "message_template_language": "es", **said}
        field = "template_category_update" if "new_category" in said else "message_template_status_update"
        await self.webhook(told, field=field, at=at)

    def trouble(self) -> list[tuple[str, str | None]]:
        found = self.services.database.read_now(lambda uow: desk.find(uow, ("queued", *desk.TOLD), 10))
        return [(one.row.state, one.row.code) for one in found]


@asynccontextmanager
async def open_town(
    database: Database, clock: FrozenClock, folder: Path, *, has_phone: bool = True
) -> AsyncIterator[Town]:
    """Open the house; the person has just written, and whatever is sent is held against Meta's limits at the end."""
    fake = FakeWhatsApp()
    channel = make_channel(fake, clock=clock, templates=load().plantillas)
    async with open_house(database, clock, folder, channels={"whatsapp": channel}) as services:
        found = Town(services, clock, fake, channel)
        greeting = value(message("text", {"body": "hola"}, number=0))
        if not has_phone:
            del greeting["messages"][0]["from"], greeting["contacts"][0]["wa_id"]
        await found.webhook(greeting)
        await found.sent()
        yield found
    await channel.close()
    assert fake.problems == []
