"""Consents, waits for a person and dangers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.db import Database
from storage.errors import NotFound
from storage.repos.handoffs import HandoffRecord, Handoffs, HandoffState
from storage.uow import UnitOfWork
from tests.storage.samples import NOW


async def test_the_last_answer_about_a_topic_counts_and_all_are_kept(database: Database) -> None:
    for granted in (True, False):
        await database.write(
            lambda unit, granted=granted: unit.consents.add("c1", "datos", granted, "v3", "ab" * 32, "web", "k1", NOW)
        )
    current = await database.read(lambda unit: unit.consents.current("c1", "datos"))
    assert current is not None
    assert (current.granted, current.version, current.text_sha256, current.inbox_key) == (False, "v3", "ab" * 32, "k1")
    history = await database.read(lambda unit: unit.consents.history("c1", "datos"))
    assert [answer.granted for answer in history] == [False, True]
    assert await database.read(lambda unit: unit.consents.current("c1", "comercial")) is None
    assert await database.read(lambda unit: unit.consents.current("c2", "datos")) is None


async def test_a_conversation_waits_once(database: Database) -> None:
    waits = await asyncio.gather(
        *(database.write(lambda unit: unit.handoffs.open("c1", "asked", None, NOW)) for _ in range(8))
    )
    assert len({wait.id for wait in waits}) == 1
    assert (waits[0].state, waits[0].position, waits[0].opened_at) == ("queued", 1, NOW)


async def test_the_queue_is_in_order_and_who_needs_it_goes_first(database: Database) -> None:
    for minutes, talk in enumerate(("c1", "c2", "c3")):
        at = NOW + timedelta(minutes=minutes)
        await database.write(
            lambda unit, talk=talk, at=at: unit.handoffs.open(talk, "asked", None, at, first=talk == "c3")
        )
    waits = await database.read(lambda unit: unit.handoffs.list())
    assert [(wait.conversation_id, wait.position) for wait in waits] == [("c3", 1), ("c1", 2), ("c2", 3)]


async def test_who_waits_already_and_tells_of_a_danger_goes_first(database: Database) -> None:
    for minutes, talk in enumerate(("c1", "c2")):
        at = NOW + timedelta(minutes=minutes)
        await database.write(lambda unit, talk=talk, at=at: unit.handoffs.open(talk, "asked", None, at))
    wait = await database.write(lambda unit: unit.handoffs.open("c2", "emergencia", None, NOW, first=True))
    assert (wait.first, wait.reason, wait.position, wait.opened_at) == (
        True,
        "emergencia",
        1,
        NOW + timedelta(minutes=1),
    )
    again = await database.write(lambda unit: unit.handoffs.open("c2", "asked", None, NOW))
    assert again == wait
    assert [one.conversation_id for one in await database.read(lambda unit: unit.handoffs.list())] == ["c2", "c1"]


class Closing(Handoffs):
    """Somebody closes the wait just before it is read, ``times`` times."""

    times = 0

    def open_of(self, conversation_id: str) -> HandoffRecord | None:
        wait = super().open_of(conversation_id)
        if wait is not None and self.times:
            self.times -= 1
            self.set_state(wait.id, "closed", NOW)
        return super().open_of(conversation_id)


@pytest.mark.parametrize("first", [True, False])
async def test_a_wait_that_is_closed_while_it_is_opened_is_opened_again(database: Database, *, first: bool) -> None:
    def work(unit: UnitOfWork) -> HandoffRecord:
        handoffs = Closing(unit.conn, unit.keyring, unit.dialect)
        handoffs.times = 2
        return handoffs.open("c1", "asked", None, NOW, first=first)

    wait = await database.write(work)
    assert (wait.state, wait.first) == ("queued", first)


@pytest.mark.parametrize("state", ["with_person", "returned", "closed"])
async def test_what_ended_is_not_taken_and_not_ended_again(database: Database, state: HandoffState) -> None:
    wait = await database.write(lambda unit: unit.handoffs.open("c1", "asked", None, NOW))
    await database.write(lambda unit: unit.handoffs.set_state(wait.id, "returned", NOW, "ana"))
    ended = await database.read(lambda unit: unit.handoffs.get(wait.id))
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.handoffs.set_state(wait.id, state, NOW, "luis"))
    assert await database.read(lambda unit: unit.handoffs.get(wait.id)) == ended


async def test_a_person_takes_a_wait_and_gives_it_back(database: Database) -> None:
    wait = await database.write(lambda unit: unit.handoffs.open("c1", "asked", "case_1", NOW))
    await database.write(lambda unit: unit.handoffs.set_state(wait.id, "with_person", NOW, "ana"))
    taken = await database.read(lambda unit: unit.handoffs.open_of("c1"))
    assert taken is not None
    assert (taken.state, taken.actor, taken.taken_at, taken.position) == ("with_person", "ana", NOW, 0)
    assert await database.read(lambda unit: unit.handoffs.position(wait.id)) == 0
    await database.write(lambda unit: unit.handoffs.set_state(wait.id, "queued", NOW))
    assert await database.read(lambda unit: unit.handoffs.position(wait.id)) == 1
    await database.write(lambda unit: unit.handoffs.set_state(wait.id, "returned", NOW, "ana"))
    assert await database.read(lambda unit: unit.handoffs.open_of("c1")) is None
    ended = await database.read(lambda unit: unit.handoffs.get(wait.id))
    assert ended is not None
    assert (ended.state, ended.closed_at, ended.case_id) == ("returned", NOW, "case_1")
    again = await database.write(lambda unit: unit.handoffs.open("c1", "asked", None, NOW))
    assert again.id != wait.id


async def test_a_wait_that_does_not_exist_cannot_move(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.handoffs.set_state(99, "closed", NOW))
    assert await database.read(lambda unit: unit.handoffs.get(99)) is None
    assert await database.read(lambda unit: unit.handoffs.position(99)) == 0


async def test_a_danger_is_kept_and_its_place_is_added(database: Database) -> None:
    danger = await database.write(lambda unit: unit.emergencies.add("c1", "gas", "huele a gas en la casa", NOW))
    await database.write(lambda unit: unit.emergencies.set_address(danger.id, {"direccion": "Calle Inventada 7"}))
    await database.write(lambda unit: unit.emergencies.set_address(danger.id, {"point": [4.1, -75.2]}))
    (found,) = await database.read(lambda unit: unit.emergencies.open())
    assert (found.kind, found.text) == ("gas", "huele a gas en la casa")
    assert found.place == {"direccion": "Calle Inventada 7", "point": [4.1, -75.2]}
    assert await database.read(lambda unit: unit.emergencies.open_of("c1")) == found
    assert await database.write(lambda unit: unit.emergencies.attend(danger.id, NOW, "ana"))
    assert not await database.write(lambda unit: unit.emergencies.attend(danger.id, NOW, "ana"))
    assert await database.read(lambda unit: unit.emergencies.open()) == []
    assert await database.read(lambda unit: unit.emergencies.open_of("c1")) is None
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.emergencies.set_address(99, {}))
