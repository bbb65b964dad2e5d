"""Killed at any boundary, an answer that waits for its person is neither lost nor out of order, and one knock is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.crypto import Keyring
from storage.db import Database
from tests.notices.waiting_child import ANSWERS
from tests.support.databases import Databases
from tests.support.nursery import KILLED, Nursery
from tests.support.paper_channel import deliveries

CHILD = "tests.notices.waiting_child"
#: The answer to the first message leaves first; then the refused one, the knock, and what waited.
CASES = [
    ("sqlite", "after_send_before_mark@2"),
    ("sqlite", "inside_turn_commit@2"),
    ("sqlite", "after_turn_commit@2"),
    ("postgresql", "after_send_before_mark@2"),
]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


@pytest.mark.parametrize(("database_url", "place"), CASES, indirect=["database_url"])
def test_killed_while_an_answer_waits_it_leaves_once_and_in_order(
    place: str, database_url: str, keyring: Keyring, tmp_path: Path, nursery: Nursery
) -> None:
    assert nursery.run(CHILD, tmp_path, database_url, place) == KILLED
    assert nursery.run(CHILD, tmp_path, database_url) == 0

    database = Database.open(database_url, keyring)
    knocks = database.read_now(
        lambda uow: uow.conn.exec_driver_sql("SELECT count(*) FROM notices WHERE state = 'queued'").scalar_one()
    )
    waiting = database.read_now(lambda uow: uow.waiting.many())
    database.close_now()
    said = [delivery.text for delivery in deliveries(tmp_path / "arrived.jsonl")]
    assert knocks == 1
    assert waiting == 0
    assert [text for text in said if text in ANSWERS] == list(ANSWERS)
    assert said[-2:] == list(ANSWERS), "the button alone brings nothing else"
