"""Killed at any boundary of a turn, the process loses nothing and does nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.kernel.failpoint import FAILPOINTS
from storage.crypto import Keyring
from storage.db import Database
from tests.support.checker import verdict
from tests.support.crash_child import SCRIPT
from tests.support.nursery import KILLED, Nursery
from tests.support.paper_channel import deliveries

CHILD = "tests.support.crash_child"
#: The passage that files the case: the tenth message, or the tenth reply on its way out.
FILING = SCRIPT.index("Sí, radicar") + 1


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_at_any_boundary_nothing_is_lost_and_nothing_is_done_twice(
    failpoint: str, database_url: str, keyring: Keyring, tmp_path: Path, nursery: Nursery
) -> None:
    passage = 1 if failpoint in {"before_action", "after_action"} else FILING

    assert nursery.run(CHILD, tmp_path, database_url, f"{failpoint}@{passage}") == KILLED
    assert nursery.run(CHILD, tmp_path, database_url) == 0

    # Between the provider's yes and our note nobody can know: that one reply may arrive twice, and no other.
    may_repeat = 1 if failpoint in {"after_send_before_mark", "after_claim_before_send"} else 0
    database = Database.open(database_url, keyring)
    arrived = deliveries(tmp_path / "arrived.jsonl")
    broken = verdict(database, arrived, messages=len(SCRIPT), cases=1, may_repeat=may_repeat)
    database.close_now()
    assert broken == []
