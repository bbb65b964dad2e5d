"""A whole talk by Telegram: poll, inbox, turn, outbox, Bot API; with the provider misbehaving on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Services, open_services
from bot.channels.telegram.channel import TelegramChannel
from tests.support.fake_telegram import PERSON, Failure, FakeTelegram
from tests.support.settings import make_settings


@pytest.fixture
async def services(telegram: TelegramChannel, tmp_path: Path) -> AsyncIterator[Services]:
    settings = make_settings(tmp_path)
    opened = await open_services(settings, channels={"telegram": telegram})
    assert opened.sender is not None
    opened.run(opened.sender.run, "sender")
    opened.run(partial(telegram.serve, opened.inbox.accept), "telegram")
    yield opened
    await opened.close()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the fake has no event for everything
            await asyncio.sleep(0.005)


async def quiet(services: Services) -> dict[str, int]:
    """Wait until nothing is waiting to leave and return the counts of what did not."""
    async with asyncio.timeout(10):
        while True:
            await services.lanes.idle()
            counts = await services.database.read(lambda uow: uow.outbox.counts())
            if not counts.get("queued") and not counts.get("sending"):
                return counts
            await asyncio.sleep(0.01)


def last_buttons(fake: FakeTelegram) -> list[dict[str, str]]:
    keyboards = [message["reply_markup"] for message in fake.delivered[PERSON] if "reply_markup" in message]
    return [button for row in keyboards[-1]["inline_keyboard"] for button in row] if keyboards else []


async def test_a_person_talks_and_presses_the_buttons_that_were_shown(services: Services, fake: FakeTelegram) -> None:
    fake.push(fake.update(text="/menu"))
    await until(lambda: last_buttons(fake))
    shown = len(fake.texts())

    button = last_buttons(fake)[0]
    fake.push(fake.pressed(button["callback_data"], button["text"]))
    await until(lambda: len(fake.texts()) > shown and fake.sent("answerCallbackQuery"))

    assert await quiet(services) == {}


async def test_an_update_delivered_thirty_two_times_is_answered_once(services: Services, fake: FakeTelegram) -> None:
    update = fake.update(text="/menu")
    telegram = services.channels["telegram"]
    assert isinstance(telegram, TelegramChannel)
    accepted = await asyncio.gather(*(services.inbox.accept(telegram.parse_update(update)) for _ in range(32)))
    await until(fake.texts)
    await quiet(services)
    calls = len(fake.sent())

    fake.push(update)
    await until(lambda: any(call.method == "getUpdates" and "offset" in call.fields for call in fake.calls))
    await quiet(services)

    assert sum(is_new for ((_, is_new),) in accepted) == 1
    assert len(fake.sent()) == calls


async def test_replies_survive_a_provider_that_slows_us_down(services: Services, fake: FakeTelegram) -> None:
    fake.fail("sendMessage", Failure(429, error="Too Many Requests", parameters={"retry_after": 1}))
    fake.push(fake.update(text="/menu"))
    await until(fake.texts)

    assert await quiet(services) == {}
    times = [call.at for call in fake.calls if call.method == "sendMessage"]
    assert times[1] - times[0] >= 1


async def test_a_person_who_blocked_us_costs_nobody_else_anything(services: Services, fake: FakeTelegram) -> None:
    fake.fail("sendMessage", *[Failure.blocked()] * 3)
    fake.push(fake.update(text="/menu"))
    counts: dict[str, int] = {}
    async with asyncio.timeout(10):
        while not counts.get("failed"):
            counts = await quiet(services)

    assert fake.texts() == []
    assert set(counts) == {"failed"}
