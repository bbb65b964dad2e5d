"""The database itself refuses to change or forget what must be provable."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.db import Database
from storage.errors import Conflict
from storage.uow import UnitOfWork
from tests.storage.samples import NOW, add_agreement, file_case

TABLES = (
    "turns",
    "case_events",
    "consents",
    "outbox_attempts",
    "agreement_payments",
    "agreement_events",
    "agreement_acceptances",
)


def fill(unit: UnitOfWork) -> None:
    case = file_case(unit)
    unit.cases.add_event(case.id, NOW, "nota", "ana", {})
    unit.turns.add("c1", 1, None, [], [], NOW)
    unit.consents.add("c1", "datos", True, "v1", "00", "web", "k1", NOW)
    unit.outbox.attempt(1, 1, NOW, "ok", "", "")
    agreement = add_agreement(unit)
    unit.agreements.add_event(agreement.id, NOW, "SOLICITADO", "bot", {})
    unit.agreements.add_payment(agreement.id, "r1", 1_000, NOW.date(), "ana", NOW)


async def run(database: Database, command: str, values: dict[str, Any] | None = None) -> None:
    await database.write(lambda unit: unit.conn.execute(text(command), values))


@pytest.mark.parametrize("table", TABLES)
async def test_an_append_only_table_cannot_be_changed_or_emptied(database: Database, table: str) -> None:
    await database.write(fill)
    for command in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
        with pytest.raises(Conflict):
            await run(database, command)
    if database.dialect == "postgresql":
        with pytest.raises(Conflict):
            await run(database, f"TRUNCATE {table} CASCADE")
    count = await database.read(lambda unit: unit.conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
    assert count == 1


@pytest.mark.parametrize("table", TABLES)
async def test_the_gate_of_retention_only_lets_go_what_is_old_and_only_of_its_table(
    database: Database, table: str
) -> None:
    await database.write(fill)
    old, young = NOW + timedelta(seconds=1), NOW

    def let_go(unit: UnitOfWork, name: str, before: Any) -> None:
        unit.conn.exec_driver_sql("DELETE FROM retention_gate")
        column = "'" + before.strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00'" if unit.dialect == "postgresql" else "'")
        unit.conn.execute(text(f"INSERT INTO retention_gate VALUES ('{name}', {column})"))
        unit.conn.execute(text(f"DELETE FROM {table}"))

    for name, before in ((table, young), ("another", old)):
        with pytest.raises(Conflict):
            await database.write(lambda unit, name=name, before=before: let_go(unit, name, before))
    await database.write(lambda unit: let_go(unit, table, old))
