"""Killed at any boundary of its turn, an errand of ours begins at most once and is never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.crypto import Keyring
from storage.db import Database
from tests.support.databases import Databases
from tests.support.nursery import KILLED, Nursery
from tests.support.paper_channel import deliveries

CHILD = "tests.notices.crash_child"
ASKS = "radicado"
#: Where an errand's turn may be cut, and after how many passages: the greeting's turn comes first.
PLACES = (
    "before_turn_commit@2",
    "inside_turn_commit@2",
    "after_turn_commit@2",
    "after_claim_before_send@1",
    "after_send_before_mark@1",
)


#: Each place on the embedded database; the one that cuts the transaction also where others write beside us.
CASES = [*(("sqlite", place) for place in PLACES), ("postgresql", "inside_turn_commit@2")]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


@pytest.mark.parametrize(("database_url", "place"), CASES, indirect=["database_url"])
def test_killed_while_it_begins_it_is_there_once(
    place: str, database_url: str, keyring: Keyring, tmp_path: Path, nursery: Nursery
) -> None:
    assert nursery.run(CHILD, tmp_path, database_url, place) == KILLED
    assert nursery.run(CHILD, tmp_path, database_url) == 0

    database = Database.open(database_url, keyring)
    states = database.read_now(lambda uow: uow.conn.exec_driver_sql("SELECT state, attempts FROM errands").all())
    turns = database.read_now(
        lambda uow: uow.conn.exec_driver_sql("SELECT count(*) FROM turns WHERE inbox_id IS NULL").scalar_one()
    )
    contacts = database.read_now(
        lambda uow: uow.conn.exec_driver_sql("SELECT count(*) FROM notices WHERE contact_on IS NOT NULL").scalar_one()
    )
    keys = [delivery.key for delivery in deliveries(tmp_path / "arrived.jsonl")]
    database.close_now()
    assert [tuple(row) for row in states] == [("begun", 0)]
    assert turns == 1
    assert contacts == 1
    # Only between the provider's yes and our note nobody can know: that one bubble may arrive twice.
    may_repeat = 1 if place.startswith(("after_claim", "after_send")) else 0
    assert len(keys) - len(set(keys)) <= may_repeat
