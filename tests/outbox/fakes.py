"""A channel that answers what a test says, and rows to send."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict
from storage.db import Database
from storage.repos.outbox import NewOutbound, Outbound

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
OK = Sent(Verdict.OK, ref="r")


class FakeChannel:
    """Answers with ``script`` and then with OK; ``history`` is every attempt, in order."""

    name = "papel"
    account = "uno"

    def __init__(self, *script: Sent | BaseException, rate_per_s: float = 10_000.0, delay_s: float = 0.0) -> None:
        self.caps = Caps(text=4000, body_with_options=4000, buttons=10, button_len=40, rate_per_s=rate_per_s)
        self.script = deque(script)
        self.delay_s = delay_s
        self.slow: dict[str, float] = {}
        self.history: list[tuple[str, str, str]] = []
        self.times: list[float] = []
        self.under_way: set[str] = set()
        self.overlaps: list[str] = []
        self._called = asyncio.Event()

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        raise NotImplementedError

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        assert isinstance(what, Say)
        if to.user in self.under_way:
            self.overlaps.append(to.user)
        self.under_way.add(to.user)
        try:
            self.times.append(asyncio.get_running_loop().time())
            self.history.append((to.user, what.text, our_key))
            self._called.set()
            await asyncio.sleep(self.slow.get(to.user, self.delay_s))
            answer = self.script.popleft() if self.script else OK
            if isinstance(answer, BaseException):
                raise answer
            return answer
        finally:
            self.under_way.discard(to.user)

    async def called(self, times: int = 1) -> None:
        """Wait until there were ``times`` attempts, at most five seconds."""
        async with asyncio.timeout(5):
            while len(self.history) < times:
                self._called.clear()
                await self._called.wait()

    def texts(self, user: str | None = None) -> list[str]:
        return [text for who, text, _ in self.history if user in (None, who)]


class Ticking:
    """A clock in seconds that only a test moves, for pacing."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def outbound(number: int, *, user: str = "persona-1", text: str = "", **changes: Any) -> NewOutbound:
    document: dict[str, Any] = {
        "key": f"k{number}",
        "conversation_id": f"c-{user}",
        "channel": "papel",
        "account": "uno",
        "address": {"channel": "papel", "account": "uno", "user": user},
        "seq": number,
        "kind": "reply",
        "payload": {"text": text or f"mensaje {number}"},
        "priority": 0,
        "not_before": NOW,
        "created_at": NOW,
    }
    return NewOutbound(**{**document, **changes})


def put(database: Database, *rows: NewOutbound) -> None:
    database.write_now(lambda uow: uow.outbox.add(rows))


def row(database: Database, outbox_id: int) -> Outbound:
    found = database.read_now(lambda uow: uow.outbox.get(outbox_id))
    assert found is not None
    return found


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
