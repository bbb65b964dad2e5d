"""What is to be said leaves once, in order, one thing at a time per person."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.db import Database
from storage.errors import Conflict
from storage.repos.outbox import NewOutbound, Outbound
from tests.storage.samples import ADDRESS, NOW, outbound


async def add(database: Database, *items: NewOutbound) -> None:
    await database.write(lambda unit: unit.outbox.add(items))


async def claim(database: Database, *, at: datetime = NOW, limit: int = 50, **where: Any) -> list[Outbound]:
    where = {"channel": "web", "account": "site", "worker": "w1", "lease_s": 30, **where}
    return await database.write(lambda unit: unit.outbox.claim(now=at, limit=limit, **where))


async def mark(database: Database, item: Outbound, state: Any = "sent", **fields: Any) -> bool:
    return await database.write(lambda unit: unit.outbox.mark(item.id, item.fence, state=state, now=NOW, **fields))


def keys(items: Sequence[Outbound]) -> list[str]:
    return [item.key for item in items]


async def test_a_claimed_row_comes_whole_and_under_a_lease(database: Database) -> None:
    await add(database, outbound(inbox_id=7))
    (item,) = await claim(database)
    assert item.address == ADDRESS
    assert item.payload == {"text": "Hola, Persona de Prueba", "options": []}
    assert (item.state, item.fence, item.attempts, item.worker) == ("sending", 1, 1, "w1")
    assert item.lease_until == NOW + timedelta(seconds=30)
    assert keys(await database.read(lambda unit: unit.outbox.of_inbox(7))) == ["o1"]


async def test_one_key_is_said_once(database: Database) -> None:
    await add(database, outbound())
    with pytest.raises(Conflict):
        await add(database, outbound("other"), outbound())
    assert keys(await claim(database)) == ["o1"]


async def test_only_one_thing_of_a_conversation_is_in_flight(database: Database) -> None:
    await add(database, outbound("a"), outbound("b"), outbound("c", "c2"))
    first = await claim(database)
    assert keys(first) == ["a", "c"]
    assert await claim(database) == []
    assert await mark(database, first[0])
    assert keys(await claim(database)) == ["b"]


async def test_replies_leave_before_notices_even_in_one_conversation(database: Database) -> None:
    await add(
        database,
        outbound("notice", kind="notice", priority=10),
        outbound("notice 2", "c2", kind="notice", priority=10),
        outbound("reply"),
    )
    assert keys(await claim(database, limit=1)) == ["reply"]
    assert keys(await claim(database)) == ["notice 2"]


async def test_a_reply_that_waits_for_its_retry_keeps_the_next_one_waiting(database: Database) -> None:
    await add(database, outbound("a"), outbound("b"))
    (item,) = await claim(database)
    later = NOW + timedelta(minutes=1)
    assert await mark(database, item, "queued", not_before=later, code="429")
    assert await claim(database) == []
    (again,) = await claim(database, at=later)
    assert (again.key, again.attempts, again.code) == ("a", 2, "429")


async def test_a_notice_for_tomorrow_holds_nobody_up(database: Database) -> None:
    tomorrow = NOW + timedelta(days=1)
    await add(
        database,
        outbound("tomorrow", kind="notice", priority=10, not_before=tomorrow),
        outbound("today", kind="notice", priority=10),
    )
    assert keys(await claim(database)) == ["today"]


async def test_what_lapsed_is_passed_over_and_then_given_up(database: Database) -> None:
    await add(database, outbound("old", not_after=NOW), outbound("new"))
    assert keys(await claim(database)) == ["new"]
    assert await database.write(lambda unit: unit.outbox.lapse(NOW)) == 1
    assert await database.read(lambda unit: unit.outbox.counts()) == {"sending": 1, "dead": 1}


async def test_another_account_is_another_queue(database: Database) -> None:
    await add(database, outbound("a"), outbound("b", "c2", account="other"))
    assert keys(await claim(database, account="other")) == ["b"]


async def test_a_sender_that_lost_its_lease_cannot_write(database: Database) -> None:
    await add(database, outbound())
    (slow,) = await claim(database)
    over = NOW + timedelta(seconds=31)
    assert await database.read(lambda unit: unit.outbox.expired(NOW)) == []
    (found,) = await database.read(lambda unit: unit.outbox.expired(over))
    assert await mark(database, found, "queued")
    (fresh,) = await claim(database, at=over, worker="w2")
    assert not await mark(database, slow)
    assert await mark(database, fresh, ref="provider-1")
    assert not await mark(database, fresh)
    kept = await database.read(lambda unit: unit.outbox.get(fresh.id))
    assert kept is not None
    assert (kept.state, kept.ref, kept.lease_until, kept.attempts) == ("sent", "provider-1", None, 2)


async def test_an_attempt_that_a_halted_channel_spoiled_is_not_counted(database: Database) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    assert await mark(database, item, "queued", spare=True)
    (again,) = await claim(database)
    assert again.attempts == 1


async def test_many_senders_never_take_the_same_thing_nor_two_of_one_person(database: Database) -> None:
    await add(database, *(outbound(f"{talk}:{turn}", f"c{talk}") for talk in range(10) for turn in range(3)))
    taken = await asyncio.gather(*(claim(database, limit=3, worker=f"w{n}") for n in range(8)))
    items = [item for some in taken for item in some]
    assert sorted(keys(items)) == [f"{talk}:0" for talk in range(10)]


async def test_everything_leaves_in_order_while_senders_race(database: Database) -> None:
    await add(database, *(outbound(f"{talk}:{turn}", f"c{talk}") for turn in range(4) for talk in range(5)))
    said: dict[str, list[str]] = {}

    async def sender(worker: str) -> None:
        while items := await claim(database, limit=2, worker=worker):
            for item in items:
                said.setdefault(item.conversation_id, []).append(item.key)
                assert await mark(database, item)

    while await database.read(lambda unit: unit.outbox.oldest_due(NOW)):
        await asyncio.gather(*(sender(f"w{n}") for n in range(4)))
    assert said == {f"c{talk}": [f"{talk}:{turn}" for turn in range(4)] for talk in range(5)}


async def test_a_channel_that_is_read_by_its_client_needs_no_sender(database: Database) -> None:
    await add(database, outbound(pull=True))
    assert await claim(database) == []
    assert await database.read(lambda unit: unit.outbox.counts()) == {}
    (item,) = await database.read(lambda unit: unit.outbox.transcript("c1"))
    assert (item.direction, item.state) == ("out", "sent")


async def test_the_oldest_due_thing_is_known(database: Database) -> None:
    assert await database.read(lambda unit: unit.outbox.oldest_due(NOW)) is None
    early = NOW - timedelta(minutes=3)
    await add(database, outbound("a"), outbound("b", "c2", not_before=early))
    assert await database.read(lambda unit: unit.outbox.oldest_due(NOW)) == early


@pytest.mark.parametrize(
    ("receipts", "ends"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "delivered"], "delivered"),
        (["failed"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["nonsense"], "sent"),
    ],
)
async def test_receipts_only_move_forward(database: Database, receipts: list[str], ends: str) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    assert await mark(database, item, ref="ref-1")
    for minutes, state in enumerate(receipts, start=1):
        at = NOW + timedelta(minutes=minutes)
        await database.write(lambda unit, state=state, at=at: unit.outbox.receipt("ref-1", state, at))
    kept = await database.read(lambda unit: unit.outbox.get(item.id))
    assert kept is not None
    assert kept.state == ends


async def test_an_old_good_receipt_does_not_undo_a_failure(database: Database) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    await mark(database, item, "failed", code="131026")
    early = NOW - timedelta(seconds=1)
    assert not await database.write(lambda unit: unit.outbox.receipt("o1", "delivered", early))


async def test_a_receipt_faster_than_the_providers_answer_stands(database: Database) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    assert await database.write(lambda unit: unit.outbox.receipt("o1", "delivered", NOW))
    assert await mark(database, item, ref="ref-1")
    kept = await database.read(lambda unit: unit.outbox.get(item.id))
    assert kept is not None
    assert (kept.state, kept.ref) == ("delivered", "ref-1")


async def test_a_receipt_of_a_message_to_be_repeated_stops_the_repeat(database: Database) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    await mark(database, item, "queued", ref="ref-1")
    assert await database.write(lambda unit: unit.outbox.receipt("ref-1", "sent", NOW, channel="web"))
    assert await claim(database) == []


async def test_a_receipt_of_nobody_changes_nothing(database: Database) -> None:
    await add(database, outbound())
    assert not await database.write(lambda unit: unit.outbox.receipt("nobody", "read", NOW))
    (item,) = await claim(database)
    await mark(database, item, ref="ref-1")
    assert not await database.write(lambda unit: unit.outbox.receipt("ref-1", "read", NOW, channel="telegram"))


async def test_attempts_are_logged_and_sealed(database: Database) -> None:
    await add(database, outbound())
    (item,) = await claim(database)
    await database.write(lambda unit: unit.outbox.attempt(item.id, item.fence, NOW, "retry", "429", "POST … 429"))
    (attempt,) = await database.read(lambda unit: unit.outbox.attempts(item.id))
    assert (attempt.verdict, attempt.code, attempt.exchange) == ("retry", "429", "POST … 429")


async def test_the_transcript_holds_both_sides_in_order(database: Database) -> None:
    from tests.storage.samples import inbound

    number, _ = await database.write(lambda unit: unit.inbox.accept(inbound()))
    assert await database.read(lambda unit: unit.outbox.transcript("c1")) == []
    await add(database, outbound("a", seq=2, pull=True), outbound("b", seq=3, pull=True))
    await database.write(lambda unit: unit.inbox.finish(number, turn=1, seq=1, at=NOW, outcome="ok"))
    items = await database.read(lambda unit: unit.outbox.transcript("c1"))
    assert [(item.seq, item.direction, item.key) for item in items] == [
        (1, "in", "k1"),
        (2, "out", "a"),
        (3, "out", "b"),
    ]
    after = await database.read(lambda unit: unit.outbox.transcript("c1", after_seq=1, limit=1))
    assert [item.key for item in after] == ["a"]
