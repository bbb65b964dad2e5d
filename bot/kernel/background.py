"""Work that goes on beside people for as long as the service lives, and is begun again when it breaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

_LONGEST_PAUSE_S = 30.0


class Background:
    """The tasks of a running service; each is given the event that says that it is over."""

    def __init__(self, *, first_pause_s: float = 1.0) -> None:
        """Take how long to wait, in seconds, before what broke is begun again; doubled each time, at most 30 s."""
        self._first_pause_s = first_pause_s
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._down: set[str] = set()

    def run(self, work: Work, name: str, *, is_needed: bool = True) -> None:
        """Keep ``work`` running until ``close``; without what ``is_needed`` people cannot be attended."""
        self._tasks.append(asyncio.create_task(self._keep(work, name, is_needed=is_needed), name=name))

    def is_well(self) -> bool:
        """Tell whether no needed task is broken: one that broke is well again once it has stayed up for its pause."""
        return not self._down

    def stop(self) -> None:
        """Say that it is over; ``close`` waits for it."""
        self._stop.set()

    async def close(self, within_s: float = 10.0) -> None:
        """Let the tasks come to their end, and cut off those that need longer than ``within_s`` seconds."""
        self.stop()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=within_s)
        for task in late:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _keep(self, work: Work, name: str, *, is_needed: bool) -> None:
        time = asyncio.get_running_loop().time
        pause_s = self._first_pause_s
        recovery: asyncio.TimerHandle | None = None
        while not self._stop.is_set():
            began = time()
            try:
                await work(self._stop)
            except Exception:
                log.exception("background_failed", task=name, again_in_s=pause_s)
            else:
                self._down.discard(name)
                return
            finally:
                if recovery is not None:
                    recovery.cancel()
            if time() - began > _LONGEST_PAUSE_S:
                pause_s = self._first_pause_s
            if is_needed:
                self._down.add(name)
            await self._pause(pause_s)
            recovery = asyncio.get_running_loop().call_later(pause_s, self._down.discard, name)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
