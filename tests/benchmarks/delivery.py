"""Does the sender reach what a provider allows, never more, and do replies overtake a town's notices?

The provider is a channel of ours that answers after ``ROUND_TRIP_S`` and refuses, as the real ones do, whatever goes
over its cap in any second. It takes minutes, so it runs only when named: ``python -m tests.benchmarks delivery``.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict
from bot.kernel.clock import SystemClock
from bot.kernel.ids import RandomIds
from bot.outbox.sender import Sender
from storage.crypto import Keyring
from storage.db import Database
from storage.repos.outbox import NewOutbound
from storage.uow import UnitOfWork
from tests.benchmarks.figure import Figure, percentile

#: What a call to a provider on another continent takes.
ROUND_TRIP_S = 0.12
CAPS = (25, 60, 80, 1000)
SECONDS, TOWN, REPLIES, CHUNK = 12, 100_000, 60, 2_000
LEAST_SHARE, MOST_RATIO = 0.98, 1.2
_REPLY, _NOTICE = 10, 50


class Strict:
    """A provider that takes ``cap`` messages in any second, counts those over it, and remembers when each came."""

    name = "papel"
    account = "uno"

    def __init__(self, cap: int) -> None:
        """Take the cap, in messages a second."""
        self.caps = Caps(text=4000, body_with_options=4000, buttons=10, button_len=40, rate_per_s=float(cap))
        self.cap = cap
        self.refused = 0
        self.came: list[float] = []
        self.accepted: dict[str, asyncio.Future[float]] = {}
        self._window: deque[float] = deque()

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        """Nobody writes here."""
        raise NotImplementedError

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Answer after a round trip; over the cap, with a refusal that says how long to wait."""
        now = time.perf_counter()
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        if len(self._window) >= self.cap:
            self.refused += 1
            return Sent(Verdict.RETRY, code="429", retry_after_s=1)
        self._window.append(now)
        self.came.append(now)
        await asyncio.sleep(ROUND_TRIP_S)
        if our_key in self.accepted:
            self.accepted[our_key].set_result(time.perf_counter())
        return Sent(Verdict.OK, ref=our_key)


async def run() -> list[Figure]:
    """Send at every cap for some seconds, and then answer people while a town waits for its notices."""
    figures = []
    for cap in CAPS:
        channel = Strict(cap)
        async with _sending(channel, cap * SECONDS):
            while len(channel.came) < cap * SECONDS:  # noqa: ASYNC110 - the measured side must not signal
                await asyncio.sleep(0.05)
        figures += _pace(channel)
    idle, _ = await _replies(notices=0)
    busy, refused = await _replies(notices=TOWN)
    ratio = percentile(busy, 0.5) / percentile(idle, 0.5)
    figures.append(
        Figure(
            "a reply while 100,000 notices wait, p50 / p95",
            f"{percentile(busy, 0.5) * 1000:.0f} / {percentile(busy, 0.95) * 1000:.0f} ms",
            f"nothing waits: {percentile(idle, 0.5) * 1000:.0f} / {percentile(idle, 0.95) * 1000:.0f} ms",
            f"{ratio:.2f}",
            f"≤ {MOST_RATIO}, none refused",
            is_met=ratio <= MOST_RATIO and refused == 0,
        )
    )
    return figures


def _pace(channel: Strict) -> list[Figure]:
    # The first second has the burst, and the last one the tail.
    begin = channel.came[0] + 1
    end = channel.came[-1] - 0.5
    steady = [at for at in channel.came if begin <= at <= end]
    rate = (len(steady) - 1) / (steady[-1] - steady[0])
    share = rate / channel.cap
    return [
        Figure(
            "sustained rate of sending",
            f"{rate:.1f}/s",
            f"what the provider takes: {channel.cap}/s; it refused {channel.refused}",
            f"{share:.3f}",
            f"≥ {LEAST_SHARE}, none refused",
            is_met=share >= LEAST_SHARE and channel.refused == 0,
        )
    ]


async def _replies(*, notices: int) -> tuple[list[float], int]:
    """Return the seconds from the commit of each reply to its acceptance, and how much was refused."""
    channel = Strict(60)
    took = []
    async with _sending(channel, notices) as (database, sender):
        await asyncio.sleep(1.5)
        for number in range(REPLIES):
            key = f"reply-{number}"
            accepted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            channel.accepted[key] = accepted
            began = time.perf_counter()
            await database.write(lambda uow, key=key, number=number: _add(uow, key, 1_000_000 + number, _REPLY))
            sender.wake()
            took.append(await accepted - began)
            await asyncio.sleep(0.137)
    return took, channel.refused


@asynccontextmanager
async def _sending(channel: Strict, notices: int) -> AsyncIterator[tuple[Database, Sender]]:
    with tempfile.TemporaryDirectory(prefix="atiende-") as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'a.db'}", Keyring.generate())
        database.upgrade()
        for start in range(0, notices, CHUNK):
            end = min(notices, start + CHUNK)
            await database.write(lambda uow, start=start, end=end: _plant(uow, start, end))
        sender = Sender(database, {channel.name: channel}, SystemClock(), RandomIds())
        stop = asyncio.Event()
        running = asyncio.create_task(sender.run(stop))
        try:
            yield database, sender
        finally:
            stop.set()
            await running
            await database.close()


def _plant(uow: UnitOfWork, start: int, end: int) -> None:
    for number in range(start, end):
        _add(uow, f"notice-{number}", number, _NOTICE)


def _add(uow: UnitOfWork, key: str, who: int, priority: int) -> None:
    now = SystemClock().now()
    address = {"channel": "papel", "account": "uno", "user": f"persona-{who}"}
    uow.conversations.create(f"c{who}", address, now)
    uow.outbox.add(
        [
            NewOutbound(
                key=key,
                conversation_id=f"c{who}",
                channel="papel",
                account="uno",
                address=address,
                seq=1,
                kind="reply" if priority == _REPLY else "notice",
                payload={"text": "Se programó un corte de agua en su sector para el martes 24 de marzo."},
                priority=priority,
                not_before=now - timedelta(seconds=1),
                created_at=now,
            )
        ]
    )
