"""What providers say of our messages only ever moves forward."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Receipt
from bot.outbox.receipts import keep
from storage.db import Database
from tests.outbox.fakes import NOW, outbound, put, row
from tests.support.calm import calm

RANK = {"sent": 1, "delivered": 2, "read": 3}
State = Literal["sent", "delivered", "read", "failed"]
_numbers = itertools.count(1)


def receipt(state: State, after_s: float = 0, *, ref: str = "", our_key: str | None = None) -> Receipt:
    return Receipt(ref=ref, state=state, at=NOW + timedelta(seconds=after_s), our_key=our_key)


async def test_a_receipt_is_found_by_our_key_or_by_the_providers_ref(database: Database) -> None:
    put(database, outbound(1), outbound(2, user="persona-2"))
    database.write_now(lambda uow: uow.outbox.mark(2, 0, state="sent", now=NOW, ref="wamid.2"))

    assert await keep(database, [receipt("delivered", our_key="k1"), receipt("read", ref="wamid.2")]) == 2

    assert [row(database, number).state for number in (1, 2)] == ["delivered", "read"]


async def test_a_receipt_of_a_message_that_is_not_ours_changes_nothing(database: Database) -> None:
    assert await keep(database, [receipt("read", ref="of another number")]) == 0
    assert await keep(database, []) == 0


async def test_a_failure_stands_unless_younger_good_news_follow(database: Database) -> None:
    put(database, outbound(1))
    database.write_now(lambda uow: uow.outbox.mark(1, 0, state="sent", now=NOW, ref="a"))

    await keep(database, [receipt("failed", 10, ref="a"), receipt("delivered", 5, ref="a")])
    assert row(database, 1).state == "failed"

    await keep(database, [receipt("delivered", 20, ref="a")])
    assert row(database, 1).state == "delivered"


@settings(calm, max_examples=40)
@given(states=st.lists(st.sampled_from(["sent", "delivered", "read"]), min_size=1, max_size=6))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_in_any_order_and_however_often_the_highest_state_wins(database: Database, states: list[State]) -> None:
    number = next(_numbers) + 100
    put(database, outbound(number, user=f"persona-{number}"))
    name = f"k{number}"

    for after_s, state in enumerate(states):
        database.write_now(lambda uow, s=state, t=after_s: uow.outbox.receipt(name, s, NOW + timedelta(seconds=t)))

    last = database.read_now(lambda uow: uow.outbox.transcript(f"c-persona-{number}"))[-1]
    assert RANK[last.state] == max(RANK[state] for state in states)
