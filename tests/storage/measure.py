"""Measures the ways to write a turn; run it with ``python -m tests.storage.measure``.

Each line is one way: turns per second with that many callers, and CPU per turn (client side only for PostgreSQL). The
work is the same everywhere: load the conversation, read what waits, save, keep the turn, two replies, finish the message.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from storage import sqlite
from storage.crypto import Keyring
from storage.db import Database
from storage.rows.messages import ConversationRow, InboxRow, OutboxRow, TurnRow
from storage.types import pack
from storage.uow import UnitOfWork
from tests.storage.samples import ADDRESS, NOW, inbound, outbound
from tests.support.postgres import PostgresDatabases, PostgresServer

STATE = {"slots": {f"slot_{number}": f"un valor número {number}" for number in range(20)}, "stack": [{"flow": "x"}]}
EFFECTS = [{"kind": "Reply", "response": "radicar.pide_relato", "values": {"nombre": "Persona"}}] * 3
TURNS = 300
Write = Callable[[Callable[[UnitOfWork], Any]], Awaitable[Any]]


def accept(number: int) -> Callable[[UnitOfWork], Any]:
    """Return the work that begins a conversation and stores its message."""

    def work(unit: UnitOfWork) -> None:
        unit.conversations.create(f"c{number}", ADDRESS, NOW)
        unit.inbox.accept(inbound(f"k{number}", f"c{number}"))

    return work


def turn(number: int) -> Callable[[UnitOfWork], Any]:
    """Return the work of one turn, through the repositories."""

    def work(unit: UnitOfWork) -> None:
        record = unit.conversations.load(f"c{number}")
        (item,) = unit.inbox.pending(f"c{number}")
        assert record is not None
        unit.conversations.save(
            record.id,
            expected_version=record.version,
            state=STATE,
            seq=record.seq + 3,
            mode="bot",
            last_inbound_at=NOW,
            now=NOW,
        )
        unit.turns.add(record.id, record.version + 1, item.id, [], EFFECTS, NOW)
        unit.outbox.add([outbound(f"{record.id}:{n}", record.id, inbox_id=item.id, seq=n) for n in (2, 3)])
        assert unit.inbox.finish(item.id, turn=record.version + 1, seq=1, at=NOW, outcome="ok")

    return work


def turn_by_orm(number: int) -> Callable[[UnitOfWork], Any]:
    """Return the same work through SQLModel's session and objects."""

    def work(unit: UnitOfWork) -> None:
        session, keys, name = unit.session, unit.keyring, f"c{number}"
        talk = session.get(ConversationRow, name)
        wanted = select(InboxRow).where(col(InboxRow.conversation_id) == name, col(InboxRow.state) == "new")
        item = session.exec(wanted).one()
        assert talk is not None
        keys.open(talk.state, f"conversations:{name}:state")
        keys.open(item.payload, f"inbox:web:site:{item.key}:payload")
        talk.state, talk.seq, talk.version = keys.seal(pack(STATE), name), talk.seq + 3, talk.version + 1
        record = keys.seal(pack({"commands": [], "effects": EFFECTS}), name)
        session.add(TurnRow(conversation_id=name, turn=talk.version, inbox_id=item.id, record=record, at=NOW))
        for n in (2, 3):
            new = outbound(f"{name}:{n}", name, inbox_id=item.id, seq=n)
            session.add(
                OutboxRow(
                    **{
                        field: getattr(new, field) for field in ("key", "conversation_id", "channel", "account", "kind")
                    },
                    **{field: getattr(new, field) for field in ("seq", "priority", "inbox_id", "created_at")},
                    address=keys.seal(pack(new.address), name),
                    payload=keys.seal(pack(new.payload), name),
                    not_before=NOW,
                    state="queued",
                    state_at=NOW,
                    fence=0,
                    attempts=0,
                )
            )
        item.state, item.turn, item.seq, item.finished_at, item.outcome = "done", talk.version, 1, NOW, "ok"
        session.flush()

    return work


class Measure:
    """Runs a way three times on fresh conversations and prints its median."""

    def __init__(self) -> None:
        self._next = 0

    async def __call__(
        self, name: str, write: Write, callers: int, work: Callable[[int], Callable[[UnitOfWork], Any]] = turn
    ) -> None:
        """Prepare, run and print."""
        rates, costs = [], []
        for _ in range(3):
            numbers = range(self._next, self._next + TURNS)
            self._next += TURNS
            await self._run(write, 64, numbers, accept)
            began, cpu = time.perf_counter(), time.process_time()
            await self._run(write, callers, numbers, work)
            rates.append(TURNS / (time.perf_counter() - began))
            costs.append((time.process_time() - cpu) / TURNS * 1e6)
        line = f"{name:58} {callers:3} callers {statistics.median(rates):6.0f} turns/s"
        sys.stdout.write(f"{line} ({min(rates):.0f} to {max(rates):.0f}) {statistics.median(costs):5.0f} us CPU\n")
        sys.stdout.flush()

    @staticmethod
    async def _run(write: Write, callers: int, numbers: range, work: Callable[[int], Any]) -> None:
        waiting = iter(numbers)

        async def caller() -> None:
            for number in waiting:
                await write(work(number))

        await asyncio.gather(*(caller() for _ in range(callers)))


def bare_commits(path: Path) -> float:
    """Return how many flushed one-row commits a second SQLite makes here."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, words TEXT)")
    began = time.perf_counter()
    for _ in range(300):
        conn.execute("INSERT INTO t (words) VALUES ('x')")
    conn.close()
    return 300 / (time.perf_counter() - began)


async def on_sqlite(measure: Measure, folder: Path, keyring: Keyring) -> None:
    """Measure the ways on SQLite."""
    database = Database.open(f"sqlite:///{folder}/ways.db", keyring)
    database.upgrade()
    sys.stdout.write(f"SQLite, bare flushed commits of one row: {bare_commits(folder / 'bare.db'):.0f}/s\n")
    for callers in (1, 16, 64):
        await measure("SQLite, one writer thread, group commit", database.write, callers)
    group = sqlite.GROUP_WORKS
    sqlite.GROUP_WORKS = 1
    await measure("SQLite, one writer thread, a commit each", database.write, 16)
    sqlite.GROUP_WORKS = group
    await measure("SQLite, group commit, SQLModel session instead of Core", database.write, 16, turn_by_orm)
    others = [Database.open(f"sqlite:///{folder}/ways.db", keyring) for _ in range(8)]
    sqlite.GROUP_WORKS = 1

    async def any_of_eight(work: Callable[[UnitOfWork], Any]) -> Any:
        return await others[hash(work) // 16 % 8].write(work)

    await measure("SQLite, eight writers with connections of their own", any_of_eight, 16)
    sqlite.GROUP_WORKS = group
    for other in others:
        other.close_now()
    for interval in (0.005, 0.0005):
        sys.setswitchinterval(interval)
        stop = threading.Event()
        spinner = threading.Thread(target=_spin, args=(stop,))
        spinner.start()
        await measure(f"the same, another thread computing, switch {interval * 1000:g} ms", database.write, 16)
        stop.set()
        spinner.join()
    sys.setswitchinterval(0.005)
    sys.stdout.write(f"SQLite, bare flushed commits of one row: {bare_commits(folder / 'bare.db'):.0f}/s\n")
    await database.close()


def _spin(stop: threading.Event) -> None:
    while not stop.is_set():
        pass


async def on_postgresql(measure: Measure, url: str, keyring: Keyring) -> None:
    """Measure the ways on PostgreSQL: threads with psycopg, and SQLAlchemy's asynchronous engine with psycopg."""
    database = Database.open(url, keyring)
    database.upgrade()
    for callers in (1, 8, 32):
        await measure("PostgreSQL, threads", database.write, callers)
    engine = create_async_engine(url, pool_size=8, max_overflow=0)

    async def write(work: Callable[[UnitOfWork], Any]) -> Any:
        async with engine.begin() as conn:
            return await conn.run_sync(lambda inner: work(UnitOfWork(inner, keyring, "postgresql")))

    for callers in (1, 8, 32):
        await measure("PostgreSQL, asynchronous engine", write, callers)
    await engine.dispose()
    await database.close()


def main() -> None:
    """Measure everything that can be measured here."""
    keyring = Keyring.generate()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        asyncio.run(on_sqlite(Measure(), Path(folder), keyring))
    with PostgresServer() as server:
        asyncio.run(on_postgresql(Measure(), PostgresDatabases(server.url).empty(), keyring))
    try:
        import aiosqlite  # type: ignore[import-not-found] # noqa: F401
    except ImportError:
        sys.stdout.write("SQLite, SQLAlchemy's asynchronous engine: not measured, aiosqlite is not installed\n")


if __name__ == "__main__":
    main()
