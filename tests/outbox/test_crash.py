"""Killed at any boundary of sending: nothing is lost, and at most the one message in doubt arrives twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.crypto import Keyring
from storage.db import Database
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow, OutboxRow
from tests.outbox.fakes import outbound, put
from tests.support.paper_channel import deliveries
from tests.support.settings import ROOT

KILLED = 137
MESSAGES = 12
BOUNDARIES = ("before_claim", "after_claim_before_send", "after_send_before_mark", "after_mark")


def run_child(folder: Path, url: str, keyring: Keyring, failpoint: str = "") -> int:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ATIENDE_FAILPOINT": failpoint,
        "ATIENDE_DATA_KEY": keyring.to_text(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.outbox.crash_child", str(folder), url],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=30,
        check=False,
    )
    if done.returncode not in {0, KILLED}:
        pytest.fail(done.stderr.decode()[-3000:])
    return done.returncode


@pytest.mark.slow
@pytest.mark.parametrize("failpoint", BOUNDARIES)
def test_after_a_kill_everything_arrives_in_order_and_only_the_doubtful_may_repeat(
    failpoint: str, database_url: str, database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    rows = [
        outbound(number, user=f"persona-{number % 4}", channel="papel", account="prueba") for number in range(MESSAGES)
    ]
    put(database, *rows)

    assert run_child(tmp_path, database_url, keyring, f"{failpoint}@3") == KILLED
    assert run_child(tmp_path, database_url, keyring) == 0

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
