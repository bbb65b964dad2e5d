"""A fake Bot API for each test, checked by the Bot API's own description, and a channel that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.base import Address
from bot.channels.telegram.channel import TelegramChannel
from tests.channels.case_telegram import hurry, make_channel
from tests.support.bot_api_spec import bot_api_if_here
from tests.support.fake_telegram import BOT_ID, PERSON, FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(bot_api_if_here()) as server:
        yield server
    assert server.problems == []


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = make_channel(fake)
    await hurry(channel)
    yield channel
    await channel.close()


@pytest.fixture
def person() -> Address:
    return Address("telegram", str(BOT_ID), str(PERSON))
