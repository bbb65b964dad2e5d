"""How a sender begins, and that it leaves the database alone while it has nothing to send."""

from __future__ import annotations

import asyncio

import pytest

from bot.kernel.clock import FrozenClock
from storage.db import Database
from tests.outbox.fakes import FakeChannel, outbound, put, row
from tests.outbox.test_sender import make_sender


async def test_a_database_that_is_busy_at_the_start_does_not_end_the_sending(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = FakeChannel()
    sender = make_sender(database, channel, clock)
    good, failures = sender._ledger.recover, [OSError("busy"), OSError("busy")]

    async def recover() -> int:
        if failures:
            raise failures.pop()
        return await good()

    monkeypatch.setattr(sender._ledger, "recover", recover)
    put(database, outbound(1))
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await channel.called()
    stop.set()
    await running

    assert row(database, 1).state == "sent"


async def test_a_sender_can_be_stopped_while_the_database_is_away(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = asyncio.Event()
    sender = make_sender(database, FakeChannel(), clock)

    async def recover() -> int:
        stop.set()
        raise OSError

    monkeypatch.setattr(sender._ledger, "recover", recover)
    await asyncio.wait_for(sender.run(stop), 1)


async def test_what_another_account_has_to_send_makes_an_idle_sender_write_nothing(
    database: Database, clock: FrozenClock
) -> None:
    sender = make_sender(database, FakeChannel(), clock)
    put(database, outbound(1, channel="otro"), outbound(2, account="otra"))
    has_due = sender._ledger.has_due
    assert [await has_due(*whose) for whose in (("otro", "uno"), ("papel", "otra"), ("papel", "uno"))] == [
        True,
        True,
        False,
    ]
    assert await sender.drain_once() == 0
