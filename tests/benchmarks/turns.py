"""Durable turns a second, from the commit of the message to the commit of the reply, against bare commits."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.bootstrap import Services
from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.house import house, message

PEOPLE, MESSAGES = 64, 16


async def run() -> list[Figure]:
    """Measure plain turns and turns with a business action, with the whole process held to one core."""
    with one_core():
        return await _measure()


@contextmanager
def one_core() -> Iterator[None]:
    """Let this process run on one core only, where the system can do that."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if allowed:
        os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        if allowed:
            os.sched_setaffinity(0, allowed)


async def _measure() -> list[Figure]:
    async with house() as services:
        await _round(services, "gracias", people=8, messages=4)
        floor = await asyncio.to_thread(_bare_commits, services.settings.data_dir)
        plain, plain_times = await _round(services, "muchas gracias por todo", people=PEOPLE, messages=MESSAGES)
        acted, _ = await _round(services, "a qué hora abren la oficina", people=PEOPLE, messages=MESSAGES)
        alone = [await _one(services, number) for number in range(200)]
        works, commits = services.database.counters.works, services.database.counters.commits
        return [
            Figure("bare one-row commits, one by one", f"{floor:.0f}/s", "—", "—", "—", is_met=True),
            Figure(
                "durable turns, 64 people at once",
                f"{plain:.0f}/s",
                f"bare commits {floor:.0f}/s",
                f"{plain / floor:.2f}",
                "> 500/s",
                is_met=plain > 500,
            ),
            Figure(
                "durable turns with an action in each",
                f"{acted:.0f}/s",
                f"bare commits {floor:.0f}/s",
                f"{acted / floor:.2f}",
                "> 300/s",
                is_met=acted > 300,
            ),
            Figure(
                "a turn among 64 at once, p50 / p99",
                f"{_ms(plain_times, 0.5)} / {_ms(plain_times, 0.99)}",
                f"bare commit {1000 / floor:.2f} ms",
                f"{percentile(plain_times, 0.5) * floor:.0f}",
                "—",
                is_met=True,
            ),
            Figure(
                "a turn alone, p50 / p99",
                f"{_ms(alone, 0.5)} / {_ms(alone, 0.99)}",
                f"bare commit {1000 / floor:.2f} ms",
                f"{percentile(alone, 0.5) * floor:.1f}",
                "—",
                is_met=True,
            ),
            Figure(
                "works a commit", f"{works / commits:.1f}", "1", f"{works / commits:.1f}", "> 1", is_met=works > commits
            ),
        ]


async def _round(services: Services, text: str, *, people: int, messages: int) -> tuple[float, list[float]]:
    times: list[float] = []

    async def person(who: int) -> None:
        for number in range(messages):
            began = time.perf_counter()
            ((inbox_id, _),) = await services.inbox.accept([message(services, who, number, text)])
            await services.lanes.settled(inbox_id, 60)
            times.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(person(who) for who in range(people)))
    return people * messages / (time.perf_counter() - began), times


async def _one(services: Services, number: int) -> float:
    began = time.perf_counter()
    ((inbox_id, _),) = await services.inbox.accept([message(services, 10_000, number, "muchas gracias")])
    await services.lanes.settled(inbox_id, 60)
    return time.perf_counter() - began


def _bare_commits(folder: Path) -> float:
    """Return one-row commits a second of the same engine with the same safety, on the same disk."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table t (id integer primary key, body blob)")
    body, count = b"x" * 600, 1500
    began = time.perf_counter()
    for _ in range(count):
        connection.execute("begin immediate")
        connection.execute("insert into t (body) values (?)", (body,))
        connection.execute("commit")
    took = time.perf_counter() - began
    connection.close()
    return count / took


def _ms(times: list[float], share: float) -> str:
    return f"{percentile(times, share) * 1000:.1f} ms"
