"""One writer, works in groups, and a volume that may be full."""

from __future__ import annotations

import asyncio
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import sqlite
from storage.crypto import Keyring
from storage.db import Database
from storage.errors import Conflict, DatabaseFull, DatabaseUnavailable, StorageError
from storage.rows.messages import TimerRow
from storage.uow import UnitOfWork
from tests.storage.samples import NOW, inbound
from tests.support.databases import Databases


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    with databases.url("sqlite") as made:
        yield made


@pytest.fixture
def database(url: str, keyring: Keyring) -> Iterator[Database]:
    opened = Database.open(url, keyring, safe=False)
    yield opened
    opened.close_now()


class Gate:
    """Holds the writer inside a work until it is opened, so that others queue behind it."""

    def __init__(self) -> None:
        self.inside = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, _: UnitOfWork) -> None:
        self.inside.set()
        self.go_on.wait(5)


async def behind(database: Database, works: list) -> list:
    """Queue ``works`` while the writer is busy, so that they share a transaction; return what became of each."""
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate))
    await asyncio.to_thread(gate.inside.wait, 5)
    others = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.go_on.set()
    await first
    return await asyncio.gather(*others, return_exceptions=True)


def fill(unit: UnitOfWork) -> None:
    unit.inbox.accept(inbound("big", payload={"text": "x" * 1_000_000}))


async def test_works_that_are_ready_together_share_one_commit(database: Database) -> None:
    await behind(database, [lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}")) for n in range(40)])
    assert database.counters.works == 41
    assert database.counters.commits <= 3


async def test_a_group_is_never_larger_than_its_bound(database: Database) -> None:
    await behind(database, [lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}")) for n in range(200)])
    assert database.counters.commits >= 200 / sqlite.GROUP_WORKS


async def test_slow_works_do_not_hold_up_the_others_for_long(database: Database) -> None:
    works = [lambda _: time.sleep(0.008)] * 9
    began = time.monotonic()
    first_done = []

    async def timed(work) -> None:
        await database.write(work)
        first_done.append(time.monotonic() - began)

    await asyncio.gather(*(timed(work) for work in works))
    assert database.counters.commits >= 3
    assert first_done[0] < first_done[-1] / 2


async def test_nobody_is_told_done_before_the_commit(database: Database, url: str, keyring: Keyring) -> None:
    other = Database.open(url, keyring, safe=False)
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    assert other.read_now(lambda unit: unit.inbox.waiting()) == ["c1"]
    other.close_now()


async def test_a_full_volume_refuses_writes_and_keeps_reads(database: Database) -> None:
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    pages = await database.read(lambda unit: unit.conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    await database.write(lambda unit: unit.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 8}"))
    with pytest.raises(DatabaseFull, match="FULL"):
        await database.write(fill)
    assert await database.read(lambda unit: unit.inbox.waiting()) == ["c1"]
    await database.write(lambda unit: unit.conn.exec_driver_sql("PRAGMA max_page_count = 1073741823"))
    await database.write(fill)
    assert len(await database.read(lambda unit: unit.inbox.pending("c1"))) == 2


async def test_the_neighbours_of_a_work_that_fills_the_volume_are_kept(database: Database) -> None:
    pages = await database.read(lambda unit: unit.conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    await database.write(lambda unit: unit.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 8}"))
    small = [lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}", f"c{n}")) for n in range(4)]
    results = await behind(database, [*small[:2], fill, *small[2:]])
    assert isinstance(results[2], DatabaseFull)
    assert [result[1] for number, result in enumerate(results) if number != 2] == [True] * 4
    assert await database.read(lambda unit: unit.inbox.waiting()) == ["c0", "c1", "c2", "c3"]


def undo_everything(unit: UnitOfWork) -> None:
    """Do what SQLite does by itself when a volume is full or a disk fails: undo the whole transaction."""
    unit.session.add(TimerRow(conversation_id="c1", kind="remind", slot="x", turn=1, due_at=NOW))
    unit.session.flush()
    unit.conn.exec_driver_sql("ROLLBACK")
    raise OSError


def refuse_the_commit(unit: UnitOfWork) -> None:
    """Leave something that only COMMIT finds out."""
    unit.conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    unit.cases.add_event("nobody", NOW, "nota", "ana", {})


@pytest.mark.parametrize(("bad", "error"), [(undo_everything, OSError), (refuse_the_commit, Conflict)])
async def test_who_did_nothing_wrong_is_worked_again_when_a_group_is_lost(
    database: Database, bad: Callable[[UnitOfWork], None], error: type[Exception]
) -> None:
    small = [lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}", f"c{n}")) for n in range(4)]
    results = await behind(database, [*small[:2], bad, *small[2:]])
    assert isinstance(results[2], error)
    assert [result[1] for number, result in enumerate(results) if number != 2] == [True] * 4
    assert await database.read(lambda unit: unit.inbox.waiting()) == ["c0", "c1", "c2", "c3"]
    await database.write(
        lambda unit: unit.session.add(TimerRow(conversation_id="c1", kind="a", slot="", turn=1, due_at=NOW))
    )
    assert len(await database.read(lambda unit: unit.timers.due(NOW, 9))) == 1


async def test_a_lone_work_that_the_commit_refuses_is_told_so(database: Database) -> None:
    with pytest.raises(Conflict):
        await database.write(refuse_the_commit)
    assert (await database.write(lambda unit: unit.inbox.accept(inbound())))[1]


async def test_a_session_that_cannot_flush_does_not_hurt_its_neighbours(database: Database) -> None:
    def spoil(unit: UnitOfWork) -> None:
        for _ in range(2):
            unit.session.add(TimerRow(conversation_id="c1", kind="remind", slot="x", turn=1, due_at=NOW))
        unit.session.flush()

    small = [lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}", f"c{n}")) for n in range(4)]
    before = database.counters.commits
    results = await behind(database, [*small[:2], spoil, *small[2:]])
    assert isinstance(results[2], Conflict)
    assert [result[1] for number, result in enumerate(results) if number != 2] == [True] * 4
    assert database.counters.commits - before <= 2
    assert await database.read(lambda unit: unit.timers.due(NOW, 9)) == []


async def test_a_second_process_that_writes_is_waited_for(database: Database, url: str, keyring: Keyring) -> None:
    gate = Gate()
    other = Database.open(url, keyring, safe=False)
    slow = asyncio.ensure_future(other.write(gate))
    await asyncio.to_thread(gate.inside.wait, 5)
    waiting = asyncio.ensure_future(database.write(lambda unit: unit.inbox.accept(inbound())))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    gate.go_on.set()
    await slow
    assert (await waiting)[1]
    await other.close()


async def test_a_lock_that_is_never_given_back_is_an_error(
    url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    database, other = (Database.open(url, keyring, safe=False) for _ in range(2))
    gate = Gate()
    slow = asyncio.ensure_future(other.write(gate))
    await asyncio.to_thread(gate.inside.wait, 5)
    writes = [database.write(lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}"))) for n in range(5)]
    refused = await asyncio.gather(*writes, return_exceptions=True)
    assert all(isinstance(error, DatabaseUnavailable) and "BUSY" in str(error) for error in refused)
    gate.go_on.set()
    await slow
    assert (await database.write(lambda unit: unit.inbox.accept(inbound())))[1]
    await other.close()
    await database.close()


async def test_a_work_cannot_wait_for_another_work(database: Database) -> None:
    with pytest.raises(StorageError, match="cannot wait"):
        await database.write(lambda _: database.write_now(lambda unit: unit.inbox.waiting()))


def test_only_the_owner_may_read_the_file(tmp_path: Path, keyring: Keyring) -> None:
    path = tmp_path / "new" / "atiende.db"
    database = Database.open(f"sqlite:///{path}", keyring)
    database.upgrade()
    database.write_now(lambda unit: unit.inbox.accept(inbound()))
    for suffix in ("", "-wal", "-shm"):
        assert stat.S_IMODE(Path(f"{path}{suffix}").stat().st_mode) == 0o600
    database.close_now()


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="cannot be created"):
        Database.open(f"sqlite:///{tmp_path}/file/atiende.db", keyring)


def test_the_commits_of_the_service_are_flushed_to_disk(tmp_path: Path, keyring: Keyring) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/atiende.db", keyring)

    def pragma(name: str) -> object:
        return database.write_now(lambda unit: unit.conn.exec_driver_sql(f"PRAGMA {name}").scalar_one())

    full = 2
    assert pragma("synchronous") == full
    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    database.close_now()
