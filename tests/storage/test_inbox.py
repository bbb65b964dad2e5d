"""What a person does is stored once, in order, and worked once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.db import Database
from storage.errors import NaiveMoment
from storage.repos.inbox import NewInbound
from tests.storage.samples import ADDRESS, NOW, WORDS, inbound


async def accept(database: Database, item: NewInbound) -> tuple[int, bool]:
    return await database.write(lambda unit: unit.inbox.accept(item))


async def test_a_repeated_webhook_is_stored_once(database: Database) -> None:
    first = await database.write(lambda unit: unit.inbox.accept(inbound()))
    second = await database.write(lambda unit: unit.inbox.accept(inbound()))
    assert first == (first[0], True)
    assert second == (first[0], False)


async def test_the_same_message_thirty_two_times_at_once_is_one_row(database: Database) -> None:
    answers = await asyncio.gather(*(database.write(lambda unit: unit.inbox.accept(inbound())) for _ in range(32)))
    assert sum(is_new for _, is_new in answers) == 1
    assert len({number for number, _ in answers}) == 1
    assert len(await database.read(lambda unit: unit.inbox.pending("c1"))) == 1


async def test_the_same_key_of_another_account_is_another_message(database: Database) -> None:
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    _, is_new = await database.write(lambda unit: unit.inbox.accept(inbound(account="other")))
    assert is_new


async def test_what_was_accepted_comes_back_whole(database: Database) -> None:
    number, _ = await database.write(lambda unit: unit.inbox.accept(inbound()))
    item = await database.read(lambda unit: unit.inbox.get(number))
    assert item is not None
    assert item.address == ADDRESS
    assert item.payload == {"text": WORDS}
    assert item.sent_at == NOW
    assert item.sent_at.utcoffset() == timedelta(0)
    assert (item.state, item.attempts, item.turn) == ("new", 0, None)


async def test_pending_is_in_the_order_in_which_the_person_sent(database: Database) -> None:
    for key, minutes in (("late", 2), ("early", 1), ("early too", 1)):
        await accept(database, inbound(key, sent_at=NOW + timedelta(minutes=minutes)))
    pending = await database.read(lambda unit: unit.inbox.pending("c1"))
    assert [item.key for item in pending] == ["early", "early too", "late"]


async def test_a_message_is_finished_once(database: Database) -> None:
    number, _ = await database.write(lambda unit: unit.inbox.accept(inbound()))

    async def finish() -> bool:
        return await database.write(lambda unit: unit.inbox.finish(number, turn=1, seq=1, at=NOW, outcome="ok"))

    assert await finish()
    assert not await finish()
    item = await database.read(lambda unit: unit.inbox.get(number))
    assert item is not None
    assert (item.state, item.turn, item.seq, item.outcome) == ("done", 1, 1, "ok")


async def test_waiting_names_the_conversations_with_something_to_do(database: Database) -> None:
    for key, conversation_id in (("a", "c2"), ("b", "c1"), ("c", "c2")):
        await accept(database, inbound(key, conversation_id))
    assert await database.read(lambda unit: unit.inbox.waiting()) == ["c2", "c1"]
    assert await database.read(lambda unit: unit.inbox.waiting(limit=1)) == ["c2"]


async def test_a_buried_message_waits_no_more(database: Database) -> None:
    number, _ = await database.write(lambda unit: unit.inbox.accept(inbound()))
    assert [await database.write(lambda unit: unit.inbox.bump(number)) for _ in range(3)] == [1, 2, 3]
    assert await database.write(lambda unit: unit.inbox.bury(number, "poison", NOW))
    assert await database.read(lambda unit: unit.inbox.waiting()) == []
    assert not await database.write(lambda unit: unit.inbox.finish(number, turn=1, seq=1, at=NOW, outcome="ok"))


async def test_a_moment_without_time_zone_is_refused(database: Database) -> None:
    naive = inbound(sent_at=NOW.replace(tzinfo=None))
    with pytest.raises(NaiveMoment):
        await database.write(lambda unit: unit.inbox.accept(naive))


@pytest.mark.parametrize(
    "text", ["half \ud800 a pair", "nul \x00 here", "🦜" * 10_000, "\u202e right to left \u202c", "k" * 5000]
)
async def test_strange_characters_are_kept_and_break_nothing(database: Database, text: str) -> None:
    item = inbound(text, payload={"text": text})
    number, _ = await database.write(lambda unit: unit.inbox.accept(item))
    assert (await database.write(lambda unit: unit.inbox.accept(item))) == (number, False)
    kept = await database.read(lambda unit: unit.inbox.get(number))
    assert kept is not None
    assert kept.payload == {"text": text}
