"""What the one door promises: all or nothing, durable, refusals that say what is wrong and give nothing away."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.crypto import Keyring
from storage.db import Database
from storage.errors import Conflict, DatabaseUnavailable, StorageClosed, StorageError
from storage.rows.messages import TimerRow
from storage.uow import UnitOfWork
from tests.storage.samples import ADDRESS, NOW, WORDS, inbound, outbound


class Spoiled(Exception):
    """A work that fails on purpose."""


async def test_what_a_work_raises_undoes_all_of_it_and_reaches_the_caller(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.inbox.accept(inbound())
        unit.conversations.create("c1", ADDRESS, NOW)
        raise Spoiled

    with pytest.raises(Spoiled):
        await database.write(work)
    assert await database.read(lambda unit: unit.inbox.waiting()) == []
    assert await database.read(lambda unit: unit.conversations.load("c1")) is None


async def test_a_bad_work_does_not_hurt_its_neighbours(database: Database) -> None:
    def work(unit: UnitOfWork, number: int) -> int:
        unit.inbox.accept(inbound(f"k{number}", f"c{number}"))
        if number % 3 == 0:
            raise Spoiled
        if number % 3 == 1:
            unit.outbox.add([outbound("the same key", f"c{number}")])
        return number

    results = await asyncio.gather(
        *(database.write(lambda unit, number=number: work(unit, number)) for number in range(30)),
        return_exceptions=True,
    )
    good = {number for number in range(30) if number % 3 == 2}
    lucky = {number for number, result in enumerate(results) if number % 3 == 1 and result == number}
    assert len(lucky) == 1
    assert all(isinstance(results[number], Spoiled) for number in range(0, 30, 3))
    assert sum(isinstance(result, Conflict) for result in results) == 9
    waiting = await database.read(lambda unit: unit.inbox.waiting())
    assert set(waiting) == {f"c{number}" for number in good | lucky}


async def test_a_refusal_names_the_rule_and_no_value(database: Database) -> None:
    await database.write(lambda unit: unit.outbox.add([outbound("key of +573001112233")]))
    with pytest.raises(Conflict) as refusal:
        await database.write(lambda unit: unit.outbox.add([outbound("key of +573001112233")]))
    whole = f"{refusal.value!r} {refusal.value.__cause__!r} {refusal.value.__suppress_context__}"
    assert "3001112233" not in whole
    assert refusal.value.__cause__ is None
    assert "key" in str(refusal.value)


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.read(lambda unit: unit.inbox.accept(inbound()))
    assert await database.read(lambda unit: unit.inbox.waiting()) == []


async def test_a_read_sees_one_moment_of_the_database(database: Database) -> None:
    begun, changed = threading.Event(), threading.Event()

    def look_twice(unit: UnitOfWork) -> tuple[list[str], list[str]]:
        before = unit.inbox.waiting()
        begun.set()
        changed.wait(5)
        return before, unit.inbox.waiting()

    looking = asyncio.ensure_future(database.read(look_twice))
    await asyncio.to_thread(begun.wait, 5)
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    changed.set()
    assert await looking == ([], [])
    assert await database.read(lambda unit: unit.inbox.waiting()) == ["c1"]


async def test_reads_go_on_while_a_work_is_writing(database: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(unit: UnitOfWork) -> None:
        unit.inbox.accept(inbound())
        inside.set()
        go_on.wait(5)

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(inside.wait, 5)
    assert await database.read(lambda unit: unit.inbox.waiting()) == []
    go_on.set()
    await writing


async def test_a_session_of_sqlmodel_shares_the_transaction(database: Database) -> None:
    def work(unit: UnitOfWork, spoil: bool) -> None:
        unit.session.add(TimerRow(conversation_id="c1", kind="remind", slot="relato", turn=1, due_at=NOW))
        unit.inbox.accept(inbound())
        if spoil:
            raise Spoiled

    with pytest.raises(Spoiled):
        await database.write(lambda unit: work(unit, spoil=True))
    assert await database.read(lambda unit: unit.timers.due(NOW, 9)) == []
    await database.write(lambda unit: work(unit, spoil=False))
    rows = await database.read(lambda unit: list(unit.session.exec(select(TimerRow)).all()))
    assert [(row.slot, row.due_at) for row in rows] == [("relato", NOW)]
    (timer,) = await database.read(lambda unit: unit.timers.due(NOW, 9))
    assert timer.slot == "relato"


def test_threads_wait_for_what_they_write(database: Database) -> None:
    def accept(number: int) -> bool:
        return database.write_now(lambda unit: unit.inbox.accept(inbound(f"k{number}")))[1]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(accept, range(40)))
    assert len(database.read_now(lambda unit: unit.inbox.pending("c1", limit=50))) == 40
    assert database.counters.works == 40
    assert 1 <= database.counters.commits <= 40


async def test_a_caller_that_gave_up_stops_nobody(database: Database) -> None:
    go_on = threading.Event()
    writes = [asyncio.ensure_future(database.write(lambda _: go_on.wait(5)))]
    writes += [
        asyncio.ensure_future(database.write(lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}")))) for n in range(3)
    ]
    await asyncio.sleep(0)
    writes[1].cancel()
    go_on.set()
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(results[1], asyncio.CancelledError)
    assert [result[1] for result in results[2:]] == [True, True]


async def test_a_closed_database_says_so(database_url: str, keyring: Keyring) -> None:
    database = Database.open(database_url, keyring, safe=False)
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    await database.close()
    database.close_now()
    with pytest.raises(StorageClosed):
        await database.write(lambda unit: unit.inbox.accept(inbound()))
    with pytest.raises(StorageClosed):
        await database.read(lambda unit: unit.inbox.waiting())


async def test_what_was_given_before_closing_is_done(database_url: str, keyring: Keyring) -> None:
    database = Database.open(database_url, keyring, safe=False)
    writes = [
        asyncio.ensure_future(database.write(lambda unit, n=n: unit.inbox.accept(inbound(f"k{n}")))) for n in range(20)
    ]
    await asyncio.sleep(0)
    await database.close()
    assert all(is_new for _, is_new in await asyncio.gather(*writes))


async def test_another_ring_cannot_read_the_rows(database: Database, database_url: str) -> None:
    await database.write(lambda unit: unit.inbox.accept(inbound()))
    stranger = Database.open(database_url, Keyring.generate(), safe=False)
    with pytest.raises(StorageError, match="not at hand"):
        await stranger.read(lambda unit: unit.inbox.pending("c1"))
    await stranger.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_a_database_of_another_kind_is_refused(url: str, keyring: Keyring) -> None:
    with pytest.raises(DatabaseUnavailable):
        Database.open(url, keyring)


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path, keyring: Keyring) -> None:
    database = Database.open(f"postgresql://someone:secret@/name?host={tmp_path}", keyring)
    with pytest.raises(DatabaseUnavailable) as refusal:
        database.upgrade()
    assert "secret" not in str(refusal.value)
    with pytest.raises(DatabaseUnavailable):
        database.read_now(lambda unit: unit.inbox.waiting())
    database.close_now()


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path, keyring: Keyring) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes, not a database " * 100)
    with pytest.raises(DatabaseUnavailable):
        Database.open(f"sqlite:///{path}", keyring)


def test_personal_data_is_nowhere_in_the_clear(database: Database, database_url: str) -> None:
    from tests.storage.samples import file_case

    secrets = [WORDS, "Persona de Prueba", "+573001112233", "1098765432", "persona@prueba", "Calle Inventada"]
    secrets += ["medidor de la abuela", "respuesta a la persona", "nota sobre la persona", "huele a gas", "POST /send"]

    def work(unit: UnitOfWork) -> None:
        number, _ = unit.inbox.accept(inbound())
        unit.conversations.create("c1", ADDRESS, NOW)
        unit.conversations.save(
            "c1",
            expected_version=0,
            state={"slots": {"nombre": "Persona de Prueba", "relato": WORDS}},
            seq=2,
            mode="bot",
            last_inbound_at=NOW,
            now=NOW,
        )
        unit.turns.add("c1", 1, number, [{"value": WORDS}], [{"value": "Persona de Prueba"}], NOW)
        unit.outbox.add([outbound()])
        unit.outbox.attempt(1, 1, NOW, "ok", "", "POST /send +573001112233")
        case = file_case(unit)
        unit.cases.respond(case.id, "respuesta a la persona", NOW, "ana")
        unit.cases.add_event(case.id, NOW, "nota", "ana", {"texto": "nota sobre la persona"})
        danger = unit.emergencies.add("c1", "gas", "huele a gas", NOW)
        unit.emergencies.set_address(danger.id, {"direccion": "Calle Inventada 7"})
        unit.attempts.add("+573001112233", NOW)

    database.write_now(work)

    def look(unit: UnitOfWork) -> str:
        tables = unit.conn.execute(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                if unit.dialect == "sqlite"
                else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        )
        found = []
        for name in tables.scalars().all():
            for row in unit.conn.execute(text(f'SELECT * FROM "{name}"')):
                found += [bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
        return "\n".join(found)

    kept = database.read_now(look)
    assert "RADICADO" in kept
    if database.dialect == "sqlite":
        path = Path(database_url.removeprefix("sqlite:///"))
        kept += path.read_bytes().decode("latin-1") + Path(f"{path}-wal").read_bytes().decode("latin-1")
    for secret in secrets:
        assert secret not in kept
        assert secret.encode().decode("latin-1") not in kept
