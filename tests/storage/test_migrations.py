"""From nothing, the migrations make exactly the tables that the rows describe, in both databases."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.crypto import Keyring
from storage.db import Database
from storage.errors import SchemaMismatch, StorageError
from storage.migrate import HEAD, MIGRATIONS
from storage.rows import METADATA
from storage.uow import UnitOfWork
from tests.storage.samples import inbound
from tests.support.databases import Databases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, databases: Databases, keyring: Keyring) -> Iterator[Database]:
    with databases.url(request.param, empty=True) as url:
        opened = Database.open(url, keyring, safe=False)
        yield opened
        opened.close_now()


def differences(conn: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(conn), METADATA)


def shape(conn: Connection) -> dict[str, object]:
    """Return what ``compare_metadata`` does not look at: keys, unique constraints, conditions of indexes."""
    found: dict[str, object] = {}
    look = inspect(conn)
    for name in look.get_table_names():
        found[name] = (
            look.get_pk_constraint(name)["constrained_columns"],
            sorted(tuple(unique["column_names"]) for unique in look.get_unique_constraints(name)),
            sorted((key["constrained_columns"], key["referred_table"]) for key in look.get_foreign_keys(name)),
            sorted(str(index["name"]) for index in look.get_indexes(name) if "duplicates_constraint" not in index),
        )
    del found["alembic_version"]
    return found


def test_from_nothing_the_tables_are_those_of_the_rows(empty: Database) -> None:
    empty.upgrade()
    assert empty.read_now(lambda unit: differences(unit.conn)) == []
    expected = {
        table.name: (
            [column.name for column in table.primary_key.columns],
            sorted(
                tuple(column.name for column in constraint.columns)
                for constraint in table.constraints
                if constraint.__visit_name__ == "unique_constraint"
            ),
            sorted(([key.parent.name], key.column.table.name) for key in table.foreign_keys),
            sorted(str(index.name) for index in table.indexes),
        )
        for table in METADATA.tables.values()
    }
    assert empty.read_now(lambda unit: shape(unit.conn)) == expected


def test_partial_indexes_are_partial_in_the_database_too(empty: Database) -> None:
    empty.upgrade()
    where = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%WHERE%'",
    }
    rows = empty.read_now(lambda unit: unit.conn.execute(text(where[unit.dialect])).all())
    partial = {
        index.name
        for table in METADATA.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert {row[0] for row in rows} == partial


def test_the_version_known_to_the_program_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    empty.upgrade()
    empty.write_now(lambda unit: unit.inbox.accept(inbound()))
    empty.upgrade()
    assert empty.read_now(lambda unit: unit.inbox.waiting()) == ["c1"]


async def test_two_processes_that_upgrade_at_once_do_not_meet(
    empty: Database, request: pytest.FixtureRequest, keyring: Keyring
) -> None:
    await asyncio.gather(*(asyncio.to_thread(empty.upgrade) for _ in range(3)))
    assert empty.read_now(lambda unit: differences(unit.conn)) == []


def test_tables_of_a_newer_program_are_refused(empty: Database) -> None:
    empty.upgrade()

    def newer(unit: UnitOfWork) -> None:
        unit.conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    empty.write_now(newer)
    with pytest.raises(SchemaMismatch, match="9999"):
        empty.upgrade()
    empty.write_now(lambda unit: unit.inbox.accept(inbound()))


def test_an_upgrade_that_fails_leaves_nothing_behind(empty: Database) -> None:
    empty.write_now(lambda unit: unit.conn.execute(text("CREATE TABLE cases (id integer)")))
    with pytest.raises(StorageError):
        empty.upgrade()
    assert empty.read_now(lambda unit: inspect(unit.conn).get_table_names()) == ["cases"]
    empty.write_now(lambda unit: unit.conn.execute(text("DROP TABLE cases")))
    empty.upgrade()
    assert empty.read_now(lambda unit: differences(unit.conn)) == []


def test_without_tables_a_read_says_that_something_is_wrong(empty: Database) -> None:
    with pytest.raises(StorageError):
        empty.read_now(lambda unit: unit.inbox.waiting())


def test_a_start_with_tables_in_place_loads_no_alembic(databases: Databases, keyring: Keyring) -> None:
    program = (
        "import sys; from storage.crypto import Keyring; from storage.db import Database;"
        "d = Database.open(sys.argv[1], Keyring.from_text(sys.argv[2])); d.upgrade(); d.close_now();"
        "assert 'alembic' not in sys.modules and 'psycopg' not in sys.modules and 'sqlalchemy.orm' in sys.modules"
    )
    with databases.url("sqlite") as url:
        subprocess.run([sys.executable, "-c", program, url, keyring.to_text()], check=True)
