"""Conflicts of locks and broken connections are the storage's business, not the caller's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from storage.crypto import Keyring
from storage.db import Database
from storage.errors import CommitUnknown, DatabaseUnavailable
from storage.uow import UnitOfWork
from tests.storage.samples import inbound
from tests.support.databases import Databases


@pytest.fixture
def database(databases: Databases, keyring: Keyring) -> Iterator[Database]:
    with databases.url("postgresql") as url:
        opened = Database.open(url, keyring, safe=False)
        yield opened
        opened.close_now()


class Troubled:
    """A work whose first ``times`` runs meet trouble after they wrote something."""

    def __init__(self, trouble: str, times: int) -> None:
        self._trouble = trouble
        self._times = times
        self.runs = 0

    def __call__(self, unit: UnitOfWork) -> bool:
        self.runs += 1
        _, is_new = unit.inbox.accept(inbound())
        if self.runs <= self._times:
            unit.conn.execute(text(self._trouble))
        return is_new


SERIALIZATION = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"
DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"
BROKEN = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.mark.parametrize("trouble", [SERIALIZATION, DEADLOCK, BROKEN])
async def test_a_work_that_met_trouble_of_the_server_is_done_again_once(database: Database, trouble: str) -> None:
    work = Troubled(trouble, times=1)
    assert await database.write(work) is True
    assert work.runs == 2
    assert len(await database.read(lambda unit: unit.inbox.pending("c1"))) == 1


async def test_trouble_without_end_is_a_clear_error(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="40001"):
        await database.write(Troubled(SERIALIZATION, times=99))
    assert await database.read(lambda unit: unit.inbox.waiting()) == []


async def test_connections_that_the_server_closed_are_replaced(database: Database) -> None:
    await database.read(lambda unit: unit.inbox.waiting())

    def close_the_others(unit: UnitOfWork) -> None:
        unit.conn.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    await database.write(close_the_others)
    for _ in range(4):
        assert await database.read(lambda unit: unit.inbox.waiting()) == []


async def test_a_connection_that_breaks_while_committing_leaves_a_doubt(databases: Databases, keyring: Keyring) -> None:
    with databases.url("postgresql", empty=True) as url:
        database = Database.open(url, keyring, safe=False)
        database.upgrade()

        def lay_a_trap(unit: UnitOfWork) -> None:
            for command in (
                (
                    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                    " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
                ),
                (
                    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED"
                    " FOR EACH ROW EXECUTE FUNCTION die()"
                ),
            ):
                unit.conn.execute(text(command))

        await database.write(lay_a_trap)
        with pytest.raises(CommitUnknown):
            await database.write(lambda unit: unit.inbox.accept(inbound()))
        await database.close()
