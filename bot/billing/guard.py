"""Patience with a system that is not ours: a deadline, a few tries with growing waits, and a breaker that rests it.

Own and small, because time and chance come from the house (docs/adr/0011-retries-and-breaker-of-our-own.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.ids import Ids

T = TypeVar("T")


class Again(Exception):
    """The attempt failed in a way that may pass; ``after_s`` is what the other side asked to wait."""

    def __init__(self, reason: str, after_s: float = 0.0) -> None:
        self.reason = reason
        self.after_s = after_s
        super().__init__(reason)


class Never(Exception):
    """The attempt failed in a way that another one will not mend."""


class Resting(Exception):
    """The breaker is open: nothing was asked."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, how long in all, and what opens the breaker; times in seconds."""

    tries: int = 3
    total_s: float = 4.0
    first_wait_s: float = 0.15
    longest_wait_s: float = 1.5
    opens_after: int = 5
    rests_s: float = 30.0


class Guard:
    """Runs calls under one breaker; calls that fail for good count, and one probe closes it again."""

    def __init__(self, patience: Patience, clock: Clock, ids: Ids, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Take the limits, the clock, the chance and how to wait."""
        self._patience, self._clock, self._ids, self._sleep = patience, clock, ids, sleep
        self._failures = 0
        self._opened_at: datetime | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for the moment."""
        return self._opened_at is not None

    async def call(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what ``attempt`` returns, trying again while it raises ``Again`` and there is time.

        Raises:
            Resting: the breaker is open.
            Again, Never: the last failure.
            TimeoutError: the time for all tries is over.
        """
        probe = self._admit()
        try:
            async with asyncio.timeout(self._patience.total_s):
                found = await self._tries(attempt, 1 if probe else self._patience.tries)
        except (Again, Never, TimeoutError):
            self._failed()
            raise
        finally:
            if probe:
                self._is_probing = False
        self._failures, self._opened_at = 0, None
        return found

    async def _tries(self, attempt: Callable[[], Awaitable[T]], tries: int) -> T:
        wait = self._patience.first_wait_s
        for left in reversed(range(tries)):
            try:
                return await attempt()
            except Again as trouble:
                if not left:
                    raise
                if trouble.after_s > self._patience.longest_wait_s:
                    raise
                # From half to the whole: many processes that fail together do not come back together.
                jittered = min(wait, self._patience.longest_wait_s) * (0.5 + self._ids.fraction() / 2)
                await self._sleep(max(jittered, trouble.after_s))
                wait *= 2
        raise AssertionError(tries)

    def _admit(self) -> bool:
        """Let a call through; True when it is the probe of an open breaker.

        Raises:
            Resting: the breaker is open and its rest is not over, or a probe is under way.
        """
        if self._opened_at is None:
            return False
        rested = (self._clock.now() - self._opened_at).total_seconds()
        if rested < self._patience.rests_s or self._is_probing:
            raise Resting
        self._is_probing = True
        return True

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= self._patience.opens_after:
            self._opened_at = self._clock.now()
