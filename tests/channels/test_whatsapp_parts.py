"""A saying that takes several messages has arrived when its last one has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.base import Media, Receipt, Say
from bot.channels.wire import say_to_json
from bot.kernel.clock import FrozenClock
from bot.outbox.receipts import keep
from storage.db import Database
from tests.channels.case_whatsapp import make_channel, signed
from tests.outbox.fakes import outbound, put, row
from tests.outbox.test_sender import drain, make_sender
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE, FakeWhatsApp, value, webhook

THREE = Say("Listo. " * 200, media=(Media("image", "a", "image/png"), Media("image", "b", "image/png")))


class Meta(FakeWhatsApp):
    """The Cloud API, away when the message of ``away_at`` is sent for the first time."""

    away_at = 0

    def _message(self, body: dict[str, Any]) -> httpx.Response:
        if len(self.sent) + 1 == self.away_at:
            self.away_at = 0
            return httpx.Response(503)
        return super()._message(body)


class Line:
    """One saying of three messages, its sender, and what Meta says of it."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database, self.clock, self.meta = database, clock, Meta()
        self.channel = make_channel(
            self.meta, clock=clock, documents=lambda ref: (ref.encode(), f"{ref}.png", "image/png")
        )
        address = {"channel": "whatsapp", "account": NUMBER_ID, "user": PERSON, "phone": f"+{PHONE}"}
        placed: dict[str, Any] = {"channel": "whatsapp", "account": NUMBER_ID, "address": address}
        put(database, outbound(1, payload=say_to_json(THREE), **placed))
        self.sender = make_sender(database, self.channel, clock)

    @property
    def state(self) -> str:
        return row(self.database, 1).state

    async def say(self, number: int, state: str, **more: Any) -> None:
        """Let Meta say ``state`` of the message that left as number ``number``."""
        status = {
            "id": f"wamid.{number}",
            "status": state,
            "timestamp": str(int(self.clock.now().timestamp()) + number),
            "biz_opaque_callback_data": self.meta.sent[number - 1]["biz_opaque_callback_data"],
            **more,
        }
        payload = signed(webhook(value(statuses=[status])))
        events = self.channel.parse(payload.body, payload.headers)
        await keep(self.database, [one for one in events if isinstance(one, Receipt)])


@pytest.fixture
def line(database: Database, clock: FrozenClock) -> Line:
    return Line(database, clock)


async def test_a_file_that_arrived_does_not_end_the_sending_of_what_comes_after_it(line: Line) -> None:
    line.meta.away_at = 2
    await drain(line.sender)
    await line.say(1, "sent")
    await line.say(1, "delivered")

    assert line.state == "queued"
    line.clock.move(timedelta(minutes=1))
    await drain(line.sender)
    assert [body["type"] for body in line.meta.sent] == ["image", "image", "text"]
    assert line.state == "sent"


async def test_it_has_arrived_when_its_last_message_has(line: Line) -> None:
    await drain(line.sender)
    await line.say(1, "read")
    await line.say(2, "delivered")
    assert line.state == "sent"

    await line.say(3, "delivered")
    assert line.state == "delivered"


async def test_a_part_that_failed_is_seen_and_what_each_part_costs_is_kept(line: Line) -> None:
    await drain(line.sender)
    price = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    for number in (1, 2, 3):
        await line.say(number, "sent", pricing=price)
    await line.say(1, "failed", errors=[{"code": 131053}])

    assert line.state == "failed"
    now = line.clock.now()
    day = timedelta(days=1)
    (count,) = line.database.read_now(lambda uow: uow.providers.prices_between(now - day, now + day))
    assert (count.category, count.many) == ("service", 3)
