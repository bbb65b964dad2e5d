"""The version of a talk guards it against two turns at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage.db import Database
from storage.errors import Conflict, VersionConflict
from storage.uow import UnitOfWork
from tests.storage.samples import ADDRESS, NOW

STATE: dict[str, Any] = {"slots": {"nombre": "Persona de Prueba", "monto": 187_300}, "stack": [{"flow": "radicar_pqr"}]}


def save(unit: UnitOfWork, version: int, **changes: Any) -> None:
    fields: dict[str, Any] = {"state": STATE, "seq": 3, "mode": "bot", "last_inbound_at": NOW, "now": NOW, **changes}
    unit.conversations.save("c1", expected_version=version, **fields)


async def test_a_talk_begins_once(database: Database) -> None:
    assert await database.read(lambda unit: unit.conversations.load("c1")) is None
    records = await asyncio.gather(
        *(database.write(lambda unit: unit.conversations.create("c1", ADDRESS, NOW)) for _ in range(8))
    )
    assert {(record.id, record.version, record.mode) for record in records} == {("c1", 0, "bot")}
    assert records[0].address == ADDRESS
    assert records[0].state == {}


async def test_a_saved_talk_comes_back_with_the_next_version(database: Database) -> None:
    await database.write(lambda unit: unit.conversations.create("c1", ADDRESS, NOW))
    await database.write(lambda unit: save(unit, 0))
    record = await database.read(lambda unit: unit.conversations.load("c1"))
    assert record is not None
    assert (record.version, record.seq, record.mode, record.last_inbound_at) == (1, 3, "bot", NOW)
    assert record.state == STATE


async def test_of_two_turns_from_the_same_version_one_is_told_to_repeat(database: Database) -> None:
    await database.write(lambda unit: unit.conversations.create("c1", ADDRESS, NOW))
    results = await asyncio.gather(
        *(database.write(lambda unit: save(unit, 0)) for _ in range(8)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, VersionConflict) for result in results) == 7


async def test_handing_a_talk_to_a_person_makes_a_running_turn_repeat(database: Database) -> None:
    await database.write(lambda unit: unit.conversations.create("c1", ADDRESS, NOW))
    assert await database.write(lambda unit: unit.conversations.set_mode("c1", "with_person", NOW))
    with pytest.raises(VersionConflict):
        await database.write(lambda unit: save(unit, 0))
    assert not await database.write(lambda unit: unit.conversations.set_mode("nobody", "bot", NOW))


async def test_bubble_numbers_are_reserved_outside_a_turn(database: Database) -> None:
    await database.write(lambda unit: unit.conversations.create("c1", ADDRESS, NOW))
    first = await asyncio.gather(
        *(database.write(lambda unit: unit.conversations.take_seq("c1", 2, NOW)) for _ in range(5))
    )
    assert sorted(first, key=lambda seq: seq or 0) == [1, 3, 5, 7, 9]
    assert await database.write(lambda unit: unit.conversations.take_seq("nobody", 1, NOW)) is None


async def test_turns_are_kept_in_order_and_each_number_once(database: Database) -> None:
    for turn in (1, 2, 3):
        await database.write(
            lambda unit, turn=turn: unit.turns.add("c1", turn, None, [{"c": turn}], [{"e": turn}], NOW)
        )
    history = await database.read(lambda unit: unit.turns.history("c1", 2))
    assert [(record.turn, record.commands, record.effects) for record in history] == [
        (2, [{"c": 2}], [{"e": 2}]),
        (3, [{"c": 3}], [{"e": 3}]),
    ]
    with pytest.raises(Conflict):
        await database.write(lambda unit: unit.turns.add("c1", 3, None, [], [], NOW))
