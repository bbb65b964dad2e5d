"""Order: one turn at a time per conversation, many conversations at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Worker(Protocol):
    """Whoever works the pending messages of a conversation, oldest first."""

    async def work(self, conversation_id: str) -> list[int]:
        """Work everything pending and return the inbox ids that are now settled."""
        ...


class _Hold:
    """A conversation whose person may still be typing."""

    def __init__(self, most_s: float) -> None:
        """Begin to wait, for ``most_s`` seconds at most."""
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time() + most_s
        self._due = self._last
        self._ended = asyncio.Event()

    def until(self, seconds: float) -> None:
        """Wait ``seconds`` from now."""
        self._due = min(self._last, self._loop.time() + seconds)

    def end(self) -> None:
        """Wait no longer."""
        self._ended.set()

    async def over(self) -> None:
        """Return when the wait is over; it may have been prolonged meanwhile."""
        while not self._ended.is_set() and (left := self._due - self._loop.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), left)


class Lanes:
    """Runs the worker for every conversation that was woken, never twice at once for the same one."""

    def __init__(
        self,
        worker: Worker,
        *,
        is_settled: Callable[[int], Awaitable[bool]],
        parallel: int = 64,
        look_again_s: float = 0.5,
        most_held_s: float = 4.0,
    ) -> None:
        """Take the worker, how to ask the database about a row, and how many conversations may run at once.

        ``most_held_s`` bounds how long a conversation waits for the end of a breath.
        """
        self._worker = worker
        self._is_settled = is_settled
        self._look_again_s = look_again_s
        self._most_held_s = most_held_s
        self._limit = asyncio.Semaphore(parallel)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._holds: dict[str, _Hold] = {}
        self._again: set[str] = set()
        self._waiting: defaultdict[int, list[asyncio.Future[bool]]] = defaultdict(list)
        self._closed = False

    def wake(self, conversation_id: str, hold_s: float | None = None) -> None:
        """Make sure that the conversation is worked soon; cheap, and harmless when it already is.

        ``hold_s`` waits so long for more of the same breath, counted anew at each such wake and at most ``most_held_s``
        in all; 0 ends the wait at once, None lets a wait that is on go on. The rows are durable all the while.
        """
        if self._closed:
            return
        if hold_s:
            self._holds.setdefault(conversation_id, _Hold(self._most_held_s)).until(hold_s)
        elif hold_s is not None and conversation_id in self._holds:
            self._holds[conversation_id].end()
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.get_running_loop().create_task(self._run(conversation_id))
        self._running[conversation_id] = task

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Leave this lane's place to others while something slow is waited for; order in the conversation stays."""
        self._limit.release()
        try:
            yield
        finally:
            await self._limit.acquire()

    async def settled(self, inbox_id: int, timeout: float) -> bool:  # noqa: ASYNC109  # callers wait, nothing is stopped
        """Wait until the message has been worked; False when ``timeout`` seconds were not enough."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        future: asyncio.Future[bool] = loop.create_future()
        self._waiting[inbox_id].append(future)
        try:
            while not future.done():
                # Another process may be the one that works it, and a repeat may have been settled long ago.
                if await self._is_settled(inbox_id):
                    return True
                left = end - loop.time()
                if left <= 0:
                    return False
                await asyncio.wait([future], timeout=min(left, self._look_again_s))
            return True
        finally:
            waiters = self._waiting.get(inbox_id, [])
            if future in waiters:
                waiters.remove(future)
            if not waiters:
                self._waiting.pop(inbox_id, None)

    async def idle(self) -> None:
        """Wait until no conversation is being worked."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def close(self) -> None:
        """Take no more work and let what runs come to its commit."""
        self._closed = True
        self._again.clear()
        for hold in self._holds.values():
            hold.end()
        await self.idle()

    async def _run(self, conversation_id: str) -> None:
        try:
            while True:
                hold = self._holds.get(conversation_id)
                if hold is not None:
                    await hold.over()
                    del self._holds[conversation_id]
                self._again.discard(conversation_id)
                async with self._limit:
                    settled = await self._worker.work(conversation_id)
                for inbox_id in settled:
                    for future in self._waiting.pop(inbox_id, []):
                        if not future.done():
                            future.set_result(True)
                if conversation_id not in self._again or self._closed:
                    break
        except Exception:
            # The row stays pending: the recovery job wakes the lane again, and counts how often.
            log.exception("lane_failed", conversation=conversation_id)
        finally:
            self._running.pop(conversation_id, None)
            self._holds.pop(conversation_id, None)
            if conversation_id in self._again and not self._closed:
                self.wake(conversation_id)
