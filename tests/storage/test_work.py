"""Timers, browser sessions, job runs and counted tries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.db import Database
from storage.errors import Conflict
from tests.storage.samples import NOW

LATER = NOW + timedelta(minutes=20)


async def test_a_timer_of_a_kind_replaces_the_one_before(database: Database) -> None:
    await database.write(lambda unit: unit.timers.set("c1", "remind", "cuenta", 1, NOW))
    (old,) = await database.read(lambda unit: unit.timers.due(NOW, 10))
    await database.write(lambda unit: unit.timers.set("c1", "remind", "relato", 2, LATER))
    assert await database.read(lambda unit: unit.timers.due(NOW, 10)) == []
    assert not await database.write(lambda unit: unit.timers.done(old.id))
    (timer,) = await database.read(lambda unit: unit.timers.due(LATER, 10))
    assert (timer.conversation_id, timer.kind, timer.slot, timer.turn) == ("c1", "remind", "relato", 2)
    assert await database.write(lambda unit: unit.timers.done(timer.id))
    assert not await database.write(lambda unit: unit.timers.done(timer.id))


async def test_an_answer_clears_the_timers_of_its_conversation_only(database: Database) -> None:
    for talk, kind in (("c1", "remind"), ("c1", "expire"), ("c2", "remind")):
        await database.write(lambda unit, talk=talk, kind=kind: unit.timers.set(talk, kind, "cuenta", 1, NOW))
    await database.write(lambda unit: unit.timers.clear("c1"))
    assert [timer.conversation_id for timer in await database.read(lambda unit: unit.timers.due(NOW, 10))] == ["c2"]


async def test_a_browser_session_is_found_by_its_hash(database: Database) -> None:
    await database.write(lambda unit: unit.web_sessions.add("hash", "c1", NOW, "https://empresa.example"))
    assert await database.write(lambda unit: unit.web_sessions.touch("hash", LATER))
    session = await database.read(lambda unit: unit.web_sessions.find("hash"))
    assert session is not None
    assert (session.conversation_id, session.origin, session.seen_at) == ("c1", "https://empresa.example", LATER)
    assert await database.read(lambda unit: unit.web_sessions.find("other")) is None
    assert not await database.write(lambda unit: unit.web_sessions.touch("other", LATER))
    with pytest.raises(Conflict):
        await database.write(lambda unit: unit.web_sessions.add("hash", "c2", NOW, ""))


async def test_a_due_run_begins_once_whoever_wakes_it(database: Database) -> None:
    begun = await asyncio.gather(*(database.write(lambda unit: unit.jobs.begin("alerts", NOW, NOW)) for _ in range(8)))
    assert sum(begun) == 1
    await database.write(lambda unit: unit.jobs.finish("alerts", NOW, LATER, {"raised": 3}))
    run = await database.read(lambda unit: unit.jobs.last("alerts"))
    assert run is not None
    assert (run.due_at, run.finished_at, run.result, run.error) == (NOW, LATER, {"raised": 3}, None)
    assert await database.read(lambda unit: unit.jobs.last("other")) is None


async def test_a_run_whose_process_died_is_taken_over_once(database: Database) -> None:
    assert await database.write(lambda unit: unit.jobs.begin("alerts", NOW, NOW))
    assert not await database.write(lambda unit: unit.jobs.begin("alerts", NOW, LATER))
    assert await database.write(lambda unit: unit.jobs.begin("alerts", NOW, LATER, dead_since=NOW))
    assert not await database.write(lambda unit: unit.jobs.begin("alerts", NOW, LATER, dead_since=NOW))
    await database.write(lambda unit: unit.jobs.finish("alerts", NOW, LATER, error="broke"))
    assert not await database.write(lambda unit: unit.jobs.begin("alerts", NOW, LATER, dead_since=LATER))


async def test_tries_are_counted_and_forgotten(database: Database) -> None:
    for minutes in (0, 10, 20):
        at = NOW + timedelta(minutes=minutes)
        await database.write(lambda unit, at=at: unit.attempts.add("radicado:20260010000012", at))
    since = NOW + timedelta(minutes=10)
    assert await database.read(lambda unit: unit.attempts.count_since("radicado:20260010000012", since)) == 2
    assert await database.read(lambda unit: unit.attempts.count_since("origin:127.0.0.1", NOW)) == 0
    assert await database.write(lambda unit: unit.attempts.purge(since)) == 1
    assert await database.read(lambda unit: unit.attempts.count_since("radicado:20260010000012", NOW)) == 2
