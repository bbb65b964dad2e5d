"""Killed at any boundary of sending: nothing is lost, and at most the one message in doubt arrives twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.crypto import Keyring
from storage.db import Database
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow, OutboxRow
from tests.outbox.fakes import outbound, put
from tests.support.nursery import KILLED, Nursery
from tests.support.paper_channel import deliveries

CHILD = "tests.outbox.crash_child"
MESSAGES = 12
BOUNDARIES = ("before_claim", "after_claim_before_send", "after_send_before_mark", "after_mark")


@pytest.mark.slow
@pytest.mark.parametrize("failpoint", BOUNDARIES)
def test_after_a_kill_everything_arrives_in_order_and_only_the_doubtful_may_repeat(
    failpoint: str, database_url: str, database: Database, keyring: Keyring, tmp_path: Path, nursery: Nursery
) -> None:
    rows = [
        outbound(number, user=f"persona-{number % 4}", channel="papel", account="prueba") for number in range(MESSAGES)
    ]
    put(database, *rows)

    key = keyring.to_text()
    assert nursery.run(CHILD, tmp_path, database_url, f"{failpoint}@3", ATIENDE_DATA_KEY=key) == KILLED
    assert nursery.run(CHILD, tmp_path, database_url, ATIENDE_DATA_KEY=key) == 0

    arrived = deliveries(tmp_path / "arrived.jsonl")
    counts = Counter(one.key for one in arrived)
    repeated = {key for key, times in counts.items() if times > 1}
    outbox, tries = table(OutboxRow).c, table(OutboxAttemptRow).c
    states = database.read_now(lambda uow: list(uow.conn.execute(select(outbox.state)).scalars()))
    doubted = database.read_now(
        lambda uow: set(
            uow.conn.execute(
                select(outbox.key)
                .join(table(OutboxAttemptRow), tries.outbox_id == outbox.id)
                .where(tries.verdict == "unknown")
            ).scalars()
        )
    )

    assert set(states) == {"sent"}
    assert set(counts) == {row.key for row in rows}
    assert max(counts.values()) <= 2
    assert repeated <= doubted
    for person in range(4):
        keys = [int(one.key[1:]) for one in arrived if int(one.key[1:]) % 4 == person]
        assert list(dict.fromkeys(keys)) == sorted(dict.fromkeys(keys))
