"""Tables with years in them come to the newest version, in both databases, and what was in them can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from storage.crypto import Keyring
from storage.db import Database
from storage.migrate import MIGRATIONS
from storage.rows import METADATA
from storage.uow import UnitOfWork
from tests.storage.samples import NOW
from tests.support.databases import Databases

FROM = "0004"
_ROWS = (
    """INSERT INTO accounts (cuenta, servicios, titular, direccion, uso, estado)
    VALUES ('1', '["agua"]', :titular, :direccion, 'residencial', 'activa')""",
    """INSERT INTO bills (cuenta, servicio, periodo, emitida_on, vence_on, total, pagada, detalle)
    VALUES ('1', 'agua', '2026-01', '2026-01-05', '2026-02-01', 90000, false, '{}')""",
    "INSERT INTO handoffs (conversation_id, reason, first, state, opened_at) VALUES ('c1', 'asked', false, 'queued', :at)",
    "INSERT INTO ratings (conversation_id, mark, at) VALUES ('c1', 4, :at)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, databases: Databases, keyring: Keyring) -> Iterator[Database]:
    """Yield a database whose tables are of ``FROM``, with a row in each table that was changed since."""

    def fill(unit: UnitOfWork) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = unit.conn
        command.upgrade(config, FROM)
        sealed = {
            "titular": keyring.seal(b"Persona de Prueba", "accounts:1:titular"),
            "direccion": keyring.seal(b"CL 1", "accounts:1:direccion"),
        }
        moment = NOW.replace(tzinfo=None) if unit.dialect == "sqlite" else NOW
        for statement in _ROWS:
            names = {name: value for name, value in {**sealed, "at": moment}.items() if f":{name}" in statement}
            unit.conn.execute(text(statement), names)

    with databases.url(request.param, empty=True) as url:
        opened = Database.open(url, keyring, safe=False)
        opened.write_now(fill)
        yield opened
        opened.close_now()


def test_what_was_kept_before_is_read_after(old: Database) -> None:
    old.upgrade()
    assert old.read_now(lambda unit: compare_metadata(MigrationContext.configure(unit.conn), METADATA)) == []

    def look(unit: UnitOfWork) -> tuple[object, ...]:
        account, wait = unit.customers.account("1"), unit.handoffs.open_of("c1")
        assert account is not None
        assert wait is not None
        [bill] = unit.customers.bills("1", 5)
        return (
            account.titular,
            account.correo,
            bill.total,
            bill.abonado,
            wait.reason,
            unit.ratings.counts(NOW - timedelta(days=1)),
        )

    assert old.read_now(look) == ("Persona de Prueba", None, 90_000, 0, "asked", {4: 1})
