"""The statements of the main road find their rows by index, however long the history is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, event, text

from storage.db import Database
from storage.repos import agreements, cases, handoffs, inbox, outages, outbox, timers, transcripts, turns, waiting
from storage.uow import UnitOfWork
from tests.storage.samples import NOW

CLAIM = {
    "of_channel": "web",
    "of_account": "site",
    "now": NOW,
    "until": NOW + timedelta(seconds=30),
    "most": 10,
    "by": "w1",
}
STATEMENTS: list[tuple[Any, dict[str, Any], str]] = [
    (inbox._PENDING, {"conversation_id": "c1", "most": 20}, "ix_inbox_waiting"),
    (inbox._WAITING, {"most": 20}, "ix_inbox_waiting"),
    (turns._HISTORY, {"conversation_id": "c1", "most": 20}, "turns"),
    (transcripts._SAID, {"whose": "c1", "after": 0, "most": 20}, "ix_inbox_transcript"),
    (transcripts._ANSWERED, {"whose": "c1", "after": 0, "most": 20}, "ix_outbox_transcript"),
    (outbox._CLAIM, CLAIM, "ix_outbox_due"),
    (outbox._CLAIM, CLAIM, "ix_outbox_unsent"),
    (outbox._EXPIRED, {"now": NOW}, "ix_outbox_leases"),
    (outbox._OF_INBOX, {"inbox": 1}, "ix_outbox_inbox"),
    (outbox._COUNTS[1], {}, "ix_outbox_trouble"),
    (outbox._HAS_DUE, {"of_channel": "web", "of_account": "site", "now": NOW}, "ix_outbox_due"),
    (waiting._GO, {"whose": "c1", "now": NOW}, "ix_outbox_unsent"),
    (timers._DUE, {"now": NOW, "most": 10}, "ix_timers_due_at"),
    (handoffs._OPEN_OF, {"wanted": "c1"}, "handoffs"),
    (outages._OPEN_FOR, {"place": "s1"}, "ix_outage_sectors_sector"),
    (agreements._OPEN_OF, {"wanted": "1"}, "uq_agreements_open"),
    (agreements._OF_ACCOUNT, {"wanted": "1"}, "ix_agreements_cuenta"),
    (cases._OF_ACCOUNT, {"wanted": "1"}, "ix_cases_cuenta"),
    (cases._DUE, {"first": NOW.date(), "last": NOW.date(), "states": ["X"], "most": 5}, "ix_cases_due"),
]


def plan(unit: UnitOfWork, statement: Executable, values: dict[str, Any]) -> str:
    """Run ``statement`` and return how the database says that it goes about it."""
    lines: list[str] = []

    def explain(conn, cursor, command, parameters, context, executemany) -> None:
        cursor.execute(("EXPLAIN QUERY PLAN " if unit.dialect == "sqlite" else "EXPLAIN ") + command, parameters)
        lines.extend(str(row) for row in cursor.fetchall())

    if unit.dialect == "postgresql":
        # The tables are empty: without this the planner would rightly read them from end to end.
        unit.conn.execute(text("SET LOCAL enable_seqscan = off"))
    event.listen(unit.conn, "before_cursor_execute", explain)
    try:
        unit.conn.execute(statement, values)
    finally:
        event.remove(unit.conn, "before_cursor_execute", explain)
    return "\n".join(lines)


@pytest.mark.parametrize(("statement", "values", "index"), STATEMENTS)
async def test_a_statement_uses_its_index(
    database: Database, statement: Executable, values: dict[str, Any], index: str
) -> None:
    shown = await database.write(lambda unit: plan(unit, statement, values))
    assert index in shown
    assert "Seq Scan" not in shown
    whole_tables = [line for line in shown.splitlines() if "SCAN" in line and "INDEX" not in line]
    assert [line for line in whole_tables if "heads" not in line and "SUBQUERY" not in line] == []
