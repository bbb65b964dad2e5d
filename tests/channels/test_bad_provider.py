"""Providers that answer anything but what they promised: nothing is taken for sent, and nothing waits or grows for ever."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import psutil
import pytest
from telegram.error import RetryAfter

import bot.channels.telegram.courtesies
import bot.channels.telegram.fetch
import bot.channels.telegram.poll
import bot.channels.whatsapp.channel
import bot.channels.whatsapp.client
from bot.channels.base import Address, Say, Verdict
from bot.channels.telegram.parse import AnswerCallback, RefuseGroup
from bot.channels.telegram.poll import LongPoll, _seconds_asked
from bot.kernel.errors import MediaUnavailable, TooLarge
from tests.attack.place import captured_log
from tests.channels import case_telegram, case_whatsapp
from tests.channels.case_telegram import hurry
from tests.support import fake_telegram, fake_whatsapp
from tests.support.fake_telegram import BOT_ID, PERSON, FakeTelegram
from tests.support.fake_whatsapp import FakeWhatsApp
from tests.support.rude_server import MANNERS, RudeServer, whole

#: As the sender's own deadline, and far above what any answer needs here.
DEADLINE_S = 0.5
LONGEST_PAUSE_S = 3_600
SECRETS = (fake_telegram.TOKEN, fake_whatsapp.TOKEN)
SAID = "su caso quedó radicado a nombre de Persona Sembrada"
#: Who is written to and what is said: in no log either.
PEOPLE = (str(PERSON), fake_whatsapp.PERSON, fake_whatsapp.PHONE, SAID)
#: What may be concluded where the answer itself is clear; everything else may have been taken: UNKNOWN, or the deadline.
CLEAR: dict[str, set[Verdict]] = {
    "an error in a 200": {Verdict.RETRY},
    "an error of odd types": {Verdict.BUG},
    "deeply nested error": {Verdict.BUG, Verdict.UNKNOWN},
    "patience for ever": {Verdict.RETRY, Verdict.UNKNOWN},
    "patience for years": {Verdict.RETRY},
    "patience backwards": {Verdict.RETRY},
    "another address": {Verdict.UNKNOWN, Verdict.RETRY},
    "an unknown status": {Verdict.RETRY, Verdict.UNKNOWN},
}


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Yield everything that is logged, by us and by the libraries."""
    with captured_log() as stream:
        yield stream


@pytest.fixture
async def rude() -> AsyncIterator[RudeServer]:
    async with RudeServer() as server:
        yield server


@pytest.fixture(params=["telegram", "whatsapp"])
async def channel(request: pytest.FixtureRequest, rude: RudeServer) -> AsyncIterator[Any]:
    made: Any
    if request.param == "telegram":
        made = case_telegram.make_channel(FakeTelegram(), api_url=rude.url)
        await hurry(made)
    else:
        made = case_whatsapp.make_channel(FakeWhatsApp(), api_url=rude.url, transport=None, read_timeout_s=0.04)
    yield made
    await made.close()


def person(channel: Any) -> Address:
    if channel.name == "telegram":
        return Address("telegram", str(BOT_ID), str(PERSON))
    return Address("whatsapp", fake_whatsapp.NUMBER_ID, fake_whatsapp.PERSON)


async def test_no_bad_answer_is_taken_for_sent_and_none_holds_us_up(
    channel: Any, rude: RudeServer, written: io.StringIO
) -> None:
    odd, before = [], psutil.Process().memory_info().rss
    for name, rude.manner in MANNERS.items():
        start = time.monotonic()
        try:
            async with asyncio.timeout(DEADLINE_S):
                sent = await channel.send(person(channel), Say(SAID), f"k-{name}")
        except TimeoutError:
            # As the sender does (test_sender.py): its deadline is the last one, and it means unknown.
            if name not in {"a trickle", "an answer without end"}:
                odd.append((name, "too slow"))
            continue
        if sent.verdict not in CLEAR.get(name, {Verdict.UNKNOWN}) or sent.ref is not None:
            odd.append((name, sent))
        if not 0 <= sent.retry_after_s <= LONGEST_PAUSE_S:
            odd.append((name, f"waits {sent.retry_after_s} s"))
        if any(secret in f"{sent.code} {sent.exchange}" for secret in SECRETS) or time.monotonic() - start > DEADLINE_S:
            odd.append((name, sent.exchange))
    assert odd == []
    assert [secret for secret in (*SECRETS, *PEOPLE) if secret in written.getvalue()] == []
    assert psutil.Process().memory_info().rss - before < 200_000_000
    assert rude.calls >= len(MANNERS)


async def test_no_bad_answer_is_taken_for_a_file(
    channel: Any, rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bot.channels.telegram.fetch, bot.channels.whatsapp.client):
        monkeypatch.setattr(module, "_DEADLINE_S", DEADLINE_S)
    odd = []
    for name, rude.manner in MANNERS.items():
        try:
            async with asyncio.timeout(2 * DEADLINE_S):
                odd.append((name, await channel.fetch("1234")))
        except (TooLarge, MediaUnavailable) as error:
            if any(secret in f"{error} {error.__cause__} {error.__context__!r}" for secret in SECRETS):
                odd.append((name, b"a secret in the error"))
        except TimeoutError:
            odd.append((name, b"too slow"))
    assert odd == []


async def test_a_file_that_is_declared_small_and_has_no_end_is_given_up(
    channel: Any, rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API is well and says that the file is small; the place where the file lies does what it likes."""
    small = {"file_id": "f", "file_unique_id": "u", "file_size": 10, "file_path": "documents/f"}
    document = {"ok": True, "result": small, "url": f"{rude.url}/file/f", "file_size": "10", "sha256": "0" * 64}
    rude.manner, odd = whole(200, json.dumps(document).encode()), []
    for name, rude.files in MANNERS.items():
        for module in (bot.channels.telegram.fetch, bot.channels.whatsapp.client):
            monkeypatch.setattr(module, "_DEADLINE_S", 0.3 if name in {"a stall", "a trickle"} else 5.0)
        before = rude.served
        try:
            content = await channel.fetch("1234")
        except TooLarge:
            odd += [(name, rude.served - before)] if rude.served - before > 60_000_000 else []
        except MediaUnavailable as error:
            odd += [(name, str(error))] if any(secret in str(error) for secret in SECRETS) else []
        else:
            # Telegram gives no sum of a file to hold it against: what it is, is looked at afterwards (test_channels.py).
            odd += [(name, content[:80])] if channel.name == "whatsapp" or len(content) > 20_000_000 else []
    assert odd == []


async def test_no_bad_answer_ends_the_small_calls_or_the_polling(
    channel: Any, rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.channels.telegram.courtesies, "_DEADLINE_S", 0.2)
    monkeypatch.setattr(bot.channels.whatsapp.channel, "_COURTESY_S", 0.2)
    monkeypatch.setattr(bot.channels.telegram.poll, "_GRACE_S", 0.2)
    events: list[Any] = []

    async def accept(found: Iterable[Any]) -> None:
        events.extend(found)

    for rude.manner in MANNERS.values():
        async with asyncio.timeout(4 * DEADLINE_S):
            if channel.name == "whatsapp":
                channel._unread.append("wamid.1")
                await channel.pay_courtesies()
                continue
            channel._owe([AnswerCallback("1"), RefuseGroup(-500 - rude.calls)])
            await channel.pay_courtesies()
            poll = LongPoll(await channel.bot(), channel.parse_update, accept, wait_s=0)
            with contextlib.suppress(Exception):
                await poll.once()
            assert poll._offset is None
    assert events == []


@pytest.mark.parametrize(("asked", "waits"), [(7, 7.0), (999_999_999, LONGEST_PAUSE_S)])
def test_a_poll_waits_as_long_as_it_is_asked_but_not_for_years(asked: int, waits: float) -> None:
    assert _seconds_asked(RetryAfter(asked)) == waits
