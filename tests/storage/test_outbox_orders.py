"""Whatever happens in whatever order: one thing in flight per person, nobody overtaken, nothing said twice."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.db import Database
from storage.repos.outbox import Outbound
from tests.storage.samples import NOW, outbound

ACCOUNTS = itertools.count()
STEPS = st.one_of(
    st.tuples(st.just("reply"), st.integers(0, 2)),
    st.tuples(st.just("notice"), st.integers(0, 2)),
    st.tuples(st.just("claim"), st.integers(1, 3)),
    st.tuples(st.just("sent"), st.integers(0, 5)),
    st.tuples(st.just("retry"), st.integers(0, 5)),
    st.tuples(st.just("crash"), st.just(0)),
)


class Sender:
    """A sender and its bookkeeping, over a queue of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.account = f"account {next(ACCOUNTS)}"
        self.now = NOW
        self.held: list[Outbound] = []
        self.said: list[str] = []
        self.added: dict[str, tuple[str, int, int]] = {}

    def add(self, talk: int, priority: int) -> None:
        key = f"{self.account}:{len(self.added)}"
        where = f"{self.account}:{talk}"
        self.added[key] = (where, priority, len(self.added))
        item = outbound(
            key,
            where,
            account=self.account,
            priority=priority,
            kind="notice" if priority else "reply",
            not_before=self.now,
        )
        self.database.write_now(lambda unit: unit.outbox.add([item]))

    def claim(self, most: int) -> None:
        fields: dict[str, Any] = {
            "channel": "web",
            "account": self.account,
            "lease_s": 30,
            "worker": "w",
            "limit": most,
        }
        fresh = self.database.write_now(lambda unit: unit.outbox.claim(now=self.now, **fields))
        self.held += fresh
        talks = [item.conversation_id for item in self.held]
        assert len(set(talks)) == len(talks)
        for item in fresh:
            assert item.key not in self.said
            waiting = [
                (priority, number)
                for key, (talk, priority, number) in self.added.items()
                if talk == item.conversation_id and key not in self.said
            ]
            assert self.added[item.key][1:] == min(waiting)

    def mark(self, which: int, state: Any) -> None:
        if self.held:
            item = self.held.pop(which % len(self.held))
            assert self.database.write_now(
                lambda unit: unit.outbox.mark(item.id, item.fence, state=state, now=self.now, not_before=self.now)
            )
            if state == "sent":
                self.said.append(item.key)

    def crash(self) -> None:
        """Forget what is held; the leases run out and somebody queues it again."""
        self.now += timedelta(seconds=31)
        lost, self.held = self.held, []
        for item in self.database.read_now(lambda unit: unit.outbox.expired(self.now)):
            if item.account == self.account:
                assert self.database.write_now(
                    lambda unit, item=item: unit.outbox.mark(item.id, item.fence, state="queued", now=self.now)
                )
        for item in lost:
            assert not self.database.write_now(
                lambda unit, item=item: unit.outbox.mark(item.id, item.fence, state="sent", now=self.now)
            )

    def finish(self) -> None:
        """Send everything that is left."""
        while True:
            self.claim(3)
            if not self.held:
                return
            while self.held:
                self.mark(0, "sent")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_any_order_of_events_says_everything_once_and_in_order(
    databases: Any, keyring: Any, steps: list[tuple[str, int]]
) -> None:
    with databases.url("sqlite") as url:
        database = Database.open(url, keyring, safe=False)
        sender = Sender(database)
        acts = {
            "reply": lambda n: sender.add(n, 0),
            "notice": lambda n: sender.add(n, 10),
            "claim": sender.claim,
            "sent": lambda n: sender.mark(n, "sent"),
            "retry": lambda n: sender.mark(n, "queued"),
            "crash": lambda _: sender.crash(),
        }
        for act, number in steps:
            acts[act](number)
        sender.finish()
        database.close_now()
    assert sorted(sender.said) == sorted(sender.added)
