"""What is committed leaves: once, in order, paced, whatever the provider does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.base import Caps, Channel, Sent, Verdict
from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from bot.outbox.account import Health
from bot.outbox.rules import Rules
from bot.outbox.sender import Sender
from storage.db import Database
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow
from tests.outbox.fakes import FakeChannel, Ticking, later, outbound, put, row

RETRY = Sent(Verdict.RETRY, code="503")
UNKNOWN = Sent(Verdict.UNKNOWN, code="ReadTimeout")


def make_sender(database: Database, channel: Channel, clock: FrozenClock, **settings: Any) -> Sender:
    return Sender(database, {channel.name: channel}, clock, SequenceIds(), **{"look_s": 0.02, **settings})


async def drain(sender: Sender) -> int:
    total = 0
    while tried := await sender.drain_once():
        total += tried
    return total


def verdicts(database: Database, outbox_id: int) -> list[tuple[str, str]]:
    columns = table(OutboxAttemptRow).c
    query = select(columns.verdict, columns.code).where(columns.outbox_id == outbox_id).order_by(columns.id)
    return database.read_now(lambda uow: [(found.verdict, found.code) for found in uow.conn.execute(query)])


async def test_what_a_turn_committed_reaches_the_person_once(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    put(database, outbound(1))
    sender = make_sender(database, channel, clock)

    assert await drain(sender) == 1
    assert await drain(sender) == 0

    assert channel.history == [("persona-1", "mensaje 1", "k1")]
    assert (row(database, 1).state, row(database, 1).ref) == ("sent", "r")
    assert verdicts(database, 1) == [("ok", "")]


async def test_the_messages_of_a_person_leave_in_order_even_when_one_must_wait(
    database: Database, clock: FrozenClock
) -> None:
    channel = FakeChannel(RETRY)
    put(database, *(outbound(number) for number in (1, 2, 3)))
    sender = make_sender(database, channel, clock)

    await drain(sender)
    assert channel.texts() == ["mensaje 1"]

    clock.move(timedelta(seconds=5))
    await drain(sender)

    assert channel.texts() == ["mensaje 1", "mensaje 1", "mensaje 2", "mensaje 3"]
    assert verdicts(database, 1) == [("retry", "503"), ("ok", "")]


async def test_replies_leave_before_notices(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    notices = [outbound(number, user=f"vecino-{number}", kind="notice", priority=10) for number in range(1, 8)]
    put(database, *notices, outbound(9, user="ana"))
    sender = make_sender(database, channel, clock, parallel=2)

    await drain(sender)

    assert channel.texts()[0] == "mensaje 9"
    assert len(channel.texts()) == 8


async def test_nothing_is_called_while_the_provider_asks_for_patience(database: Database, clock: FrozenClock) -> None:
    time = Ticking()
    channel = FakeChannel(Sent(Verdict.RETRY, retry_after_s=3, code="429"))
    put(database, outbound(1), outbound(2, user="persona-2"))
    sender = make_sender(database, channel, clock, time=time, parallel=1)

    await drain(sender)
    assert len(channel.history) == 1
    assert sender.health()[0].state == "delayed"

    time.now += 2.9
    clock.move(timedelta(seconds=2.9))
    await drain(sender)
    assert len(channel.history) == 1

    time.now += 1.2
    clock.move(timedelta(seconds=1.2))
    await drain(sender)
    assert sorted(channel.texts()[1:]) == ["mensaje 1", "mensaje 2"]
    assert row(database, 1).attempts == 1


async def test_a_refused_token_pauses_the_account_burns_no_try_and_resumes_by_itself(
    database: Database, clock: FrozenClock
) -> None:
    time = Ticking()
    channel = FakeChannel(Sent(Verdict.HALT, code="401"), Sent(Verdict.HALT, code="401"))
    put(database, *(outbound(number, user=f"persona-{number}") for number in (1, 2, 3)))
    sender = make_sender(database, channel, clock, time=time, parallel=1, rules=Rules(attempts=1, patience_s=0))

    await drain(sender)
    assert len(channel.history) == 1
    assert sender.health()[0].state == "halted"
    assert row(database, 1).attempts == 0

    time.now += 61
    clock.move(timedelta(seconds=61))
    await drain(sender)
    assert len(channel.history) == 2

    time.now += 121
    clock.move(timedelta(seconds=121))
    await drain(sender)
    assert sender.health()[0].state == "open"
    assert {row(database, number).state for number in (1, 2, 3)} == {"sent"}


async def test_trouble_of_the_provider_lets_one_message_probe_while_the_others_keep_their_tries(
    database: Database, clock: FrozenClock
) -> None:
    time = Ticking()
    channel = FakeChannel(*[RETRY] * 4)
    put(database, *(outbound(number, user=f"persona-{number}") for number in range(1, 11)))
    sender = make_sender(database, channel, clock, time=time, parallel=3)

    await drain(sender)
    assert len(channel.history) == 3
    assert sender.health() == [Health("papel", "uno", "delayed", "503")]

    time.now += 3
    await drain(sender)
    assert len(channel.history) == 4
    assert sum(row(database, number).attempts for number in range(1, 11)) == 4

    for _ in range(6):
        time.now += 100
        clock.move(timedelta(seconds=100))
        await drain(sender)
    assert {row(database, number).state for number in range(1, 11)} == {"sent"}


async def test_a_message_whose_fate_is_unknown_is_sent_once_more_and_the_doubt_is_kept(
    database: Database, clock: FrozenClock
) -> None:
    channel = FakeChannel(UNKNOWN)
    put(database, outbound(1, payload={"text": "Su radicado es 20260000001", "attachment": {"kind": "constancia"}}))
    sender = make_sender(database, channel, clock)

    await drain(sender)
    clock.move(timedelta(seconds=3))
    await drain(sender)

    assert channel.texts() == ["Su radicado es 20260000001"] * 2
    assert row(database, 1).state == "sent"
    assert verdicts(database, 1) == [("unknown", "ReadTimeout"), ("ok", "")]


async def test_a_second_doubt_is_left_to_a_person_and_holds_nobody_up(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(UNKNOWN, UNKNOWN)
    put(database, outbound(1), outbound(2))
    sender = make_sender(database, channel, clock)

    await drain(sender)
    clock.move(timedelta(seconds=3))
    await drain(sender)

    assert row(database, 1).state == "unknown"
    assert row(database, 2).state == "sent"


async def test_what_must_not_be_repeated_stays_unknown(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(UNKNOWN)
    put(database, outbound(1, payload={"text": "enlace de pago", "once": True}))
    sender = make_sender(database, channel, clock)

    await drain(sender)
    clock.move(timedelta(seconds=60))
    await drain(sender)

    assert channel.texts() == ["enlace de pago"]
    assert row(database, 1).state == "unknown"


async def test_a_blocked_person_is_marked_and_the_next_one_is_served(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(Sent(Verdict.DEAD_ADDRESS, code="403"))
    put(database, outbound(1), outbound(2, user="persona-2"))
    sender = make_sender(database, channel, clock, parallel=1)

    await drain(sender)

    assert (row(database, 1).state, row(database, 1).code) == ("failed", "403")
    assert row(database, 2).state == "sent"


async def test_a_message_that_we_built_wrongly_goes_to_the_dead_letters(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(Sent(Verdict.BUG, code="400"))
    put(database, outbound(1), outbound(2, user="persona-2", payload={"text": "x", "options": [{"sin": "etiqueta"}]}))
    sender = make_sender(database, channel, clock, parallel=1)

    await drain(sender)

    assert [row(database, number).state for number in (1, 2)] == ["dead", "dead"]
    assert row(database, 2).code == "payload:KeyError"
    assert len(channel.history) == 1


async def test_a_channel_that_raises_leaves_a_doubt_and_not_a_dead_sender(
    database: Database, clock: FrozenClock
) -> None:
    channel = FakeChannel(RuntimeError("573001112233"))
    put(database, outbound(1))
    sender = make_sender(database, channel, clock)

    await drain(sender)

    assert verdicts(database, 1) == [("unknown", "raised:RuntimeError")]


async def test_a_call_that_outlives_its_lease_is_cut_off_and_unknown(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(delay_s=30)
    put(database, outbound(1))
    sender = make_sender(database, channel, clock, rules=Rules(lease_s=0.02))

    assert await sender.drain_once() == 1

    assert verdicts(database, 1) == [("unknown", "deadline")]


async def test_what_a_dead_sender_was_sending_is_taken_up_at_once_and_flagged(
    database: Database, clock: FrozenClock
) -> None:
    put(database, outbound(1))
    database.write_now(
        lambda uow: uow.outbox.claim(
            channel="papel", account="uno", now=clock.now(), lease_s=30, limit=5, worker="elsewhere:1:x"
        )
    )
    channel = FakeChannel()
    sender = make_sender(database, channel, clock)

    await drain(sender)
    assert channel.history == []  # it ran on another machine: only its lease can tell

    clock.move(timedelta(seconds=31))
    other = make_sender(database, channel, clock)
    await drain(other)
    clock.move(timedelta(seconds=3))
    await drain(other)

    assert channel.texts() == ["mensaje 1"]
    assert verdicts(database, 1) == [("unknown", "sender_died"), ("ok", "")]


async def test_a_slow_sender_that_lost_its_lease_cannot_write_any_more(
    database: Database, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, outbound(1))
    slow, quick = FakeChannel(), FakeChannel()
    slow.slow["persona-1"] = 0.04
    late = asyncio.create_task(make_sender(database, slow, clock).drain_once())
    await slow.called()

    clock.move(timedelta(seconds=31))
    other = make_sender(database, quick, clock)
    await drain(other)
    clock.move(timedelta(seconds=3))
    await drain(other)
    assert row(database, 1).state == "sent"
    fence = row(database, 1).fence
    await late

    assert row(database, 1).fence == fence
    assert [verdict for verdict, _ in verdicts(database, 1)] == ["unknown", "ok", "ok"]


async def test_pull_channels_are_left_alone(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    channel.caps = Caps(text=10, body_with_options=10, buttons=0, button_len=0, pull=True)
    put(database, outbound(1))

    assert await drain(make_sender(database, channel, clock)) == 0


async def test_a_channel_that_does_not_say_which_account_is_ours_stops_the_start(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(FakeChannel, "account")

    with pytest.raises(ValueError, match="papel pushes"):
        make_sender(database, FakeChannel(), clock)


async def test_a_notice_whose_time_is_over_does_not_leave(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    put(database, outbound(1, kind="notice", priority=10, not_after=later(-1)), outbound(2))

    await drain(make_sender(database, channel, clock))

    assert channel.texts() == ["mensaje 2"]


async def test_one_slow_person_holds_up_nobody_else(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    channel.slow["lenta"] = 0.2
    people = [outbound(number, user=f"persona-{number}") for number in range(2, 22)]
    put(database, outbound(1, user="lenta"), *people)
    stop = asyncio.Event()
    running = asyncio.create_task(make_sender(database, channel, clock, parallel=4).run(stop))

    await channel.called(21)
    assert "lenta" in channel.under_way
    stop.set()
    await running

    assert channel.overlaps == []
    assert row(database, 1).state == "sent"  # what was under way came to its mark


async def test_a_sender_that_runs_is_woken_by_a_turn(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel()
    stop = asyncio.Event()
    sender = make_sender(database, channel, clock, look_s=60)
    running = asyncio.create_task(sender.run(stop))
    await asyncio.sleep(0.03)

    put(database, outbound(1))
    sender.wake()
    await channel.called()
    stop.set()
    await running

    assert row(database, 1).state == "sent"


async def test_two_senders_at_once_send_everything_once_and_in_order(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(delay_s=0.001)
    put(database, *(outbound(10 * turn + who, user=f"persona-{who}") for turn in range(1, 4) for who in range(6)))
    stop = asyncio.Event()
    running = [asyncio.create_task(make_sender(database, channel, clock).run(stop)) for _ in range(2)]
    await channel.called(18)
    stop.set()
    await asyncio.gather(*running)

    assert sorted({key for _, _, key in channel.history}) == sorted(key for _, _, key in channel.history)
    assert channel.overlaps == []
    for who in range(6):
        texts = channel.texts(f"persona-{who}")
        assert texts == sorted(texts, key=lambda text: int(text.split()[1]))


async def test_the_pace_of_the_account_is_kept(database: Database, clock: FrozenClock) -> None:
    channel = FakeChannel(rate_per_s=200)
    put(database, *(outbound(number, user=f"persona-{number}") for number in range(1, 101)))
    stop = asyncio.Event()
    running = asyncio.create_task(make_sender(database, channel, clock).run(stop))
    await channel.called(100)
    stop.set()
    await running

    took = channel.times[-1] - channel.times[0]
    assert took >= (100 - 40 - 1) / 200 * 0.98


async def test_a_database_that_is_away_for_a_moment_does_not_end_the_sending(
    database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = FakeChannel()
    sender = make_sender(database, channel, clock)
    good, failures = sender._ledger.has_due, [OSError("away"), OSError("away")]

    async def has_due(channel: str, account: str) -> bool:
        if failures:
            raise failures.pop()
        return await good(channel, account)

    monkeypatch.setattr(sender._ledger, "has_due", has_due)
    put(database, outbound(1))
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await channel.called()
    stop.set()
    await running

    assert row(database, 1).state == "sent"
