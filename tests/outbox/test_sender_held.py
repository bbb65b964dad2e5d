"""What was taken from the outbox and turns out not to be sendable now goes back unharmed."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Caps, Sent, Verdict
from bot.kernel.clock import FrozenClock
from storage.db import Database
from tests.outbox.fakes import FakeChannel, Ticking, outbound, put, row
from tests.outbox.test_sender import drain, make_sender, verdicts

HELD = Sent(Verdict.RETRY, retry_after_s=5, code="429", slower=True)


async def test_what_was_taken_ahead_of_its_time_is_not_sent_while_the_provider_holds_us(
    database: Database, clock: FrozenClock
) -> None:
    channel = FakeChannel(*[HELD] * 11, rate_per_s=1_000)
    put(database, *(outbound(number, user=f"persona-{number}") for number in range(1, 60)))
    sender = make_sender(database, channel, clock, time=Ticking())

    taken = await sender.drain_once()

    # What may leave at once does; what was taken for the next hundredths of a second comes after the refusal.
    assert taken > 11
    assert len(channel.history) == 11
    assert {row(database, number).state for number in range(1, 60)} == {"queued"}
    assert {row(database, number).attempts for number in range(1, 60)} == {0}


async def test_a_database_that_breaks_between_taking_and_sending_leaves_no_doubt_behind(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = FakeChannel()
    channel.caps = Caps(text=99, body_with_options=99, buttons=3, button_len=20, rate_per_s=999, window_s=86_400)
    put(database, outbound(1, kind="notice", priority=10), outbound(2, user="ana"))
    sender = make_sender(database, channel, clock)
    good, away = database.read, [OSError("away")]

    async def read(work: Any) -> Any:
        found = await good(work)
        if away and row(database, 2).state == "sending":
            raise away.pop()
        return found

    monkeypatch.setattr(database, "read", read)
    with contextlib.suppress(OSError):
        await drain(sender)
    clock.move(timedelta(seconds=31))
    await drain(make_sender(database, channel, clock))

    assert verdicts(database, 2) == [("ok", "")]
