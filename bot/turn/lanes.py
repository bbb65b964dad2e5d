"""Order: one turn at a time per conversation, many conversations at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Worker(Protocol):
    """Whoever works the pending messages of a conversation, oldest first."""

    async def work(self, conversation_id: str) -> list[int]:
        """Work everything pending and return the inbox ids that are now settled."""
        ...


class Lanes:
    """Runs the worker for every conversation that was woken, never twice at once for the same one."""

    def __init__(
        self,
        worker: Worker,
        *,
        is_settled: Callable[[int], Awaitable[bool]],
        parallel: int = 64,
        look_again_s: float = 0.5,
    ) -> None:
        """Take the worker, how to ask the database about a row, and how many conversations may run at once."""
        self._worker = worker
        self._is_settled = is_settled
        self._look_again_s = look_again_s
        self._limit = asyncio.Semaphore(parallel)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._waiting: defaultdict[int, list[asyncio.Future[bool]]] = defaultdict(list)
        self._closed = False

    def wake(self, conversation_id: str) -> None:
        """Make sure that the conversation is worked soon; cheap, and harmless when it already is."""
        if self._closed:
            return
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.get_running_loop().create_task(self._run(conversation_id))
        self._running[conversation_id] = task

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
        await self.idle()

    async def _run(self, conversation_id: str) -> None:
        try:
            while True:
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
            if conversation_id in self._again and not self._closed:
                self.wake(conversation_id)
