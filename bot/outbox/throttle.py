"""Pace one channel account: a token bucket that a provider's "not so fast" can hold."""

from __future__ import annotations

from collections.abc import Callable

_ALMOST = 1e-6


class Bucket:
    """``rate_per_s`` calls a second with bursts of ``burst``; shared by everything that one account sends.

    It counts in the seconds of ``time``, a clock that never goes back (the event loop's). A message may take more than
    is there: what is owed delays the next ones.
    """

    def __init__(self, rate_per_s: float, *, time: Callable[[], float], burst: float | None = None) -> None:
        """Take the rate, the clock, and the burst (a fifth of a second's worth unless told, at least one).

        Raises:
            ValueError: the rate or the burst is not positive.
        """
        self.rate_per_s = rate_per_s
        self._burst = max(1.0, rate_per_s / 5) if burst is None else burst
        if rate_per_s <= 0 or self._burst < 1:
            message = "a bucket needs a rate above zero and a burst of at least one"
            raise ValueError(message)
        self._time = time
        self._tokens = self._burst
        self._at = time()
        self._held_until = 0.0

    def room(self) -> int:
        """Return how many calls may be made now."""
        self._fill()
        return 0 if self.is_held else max(0, int(self._tokens + _ALMOST))

    def ready_in(self) -> float:
        """Return in how many seconds one call may be made; 0 means now."""
        self._fill()
        held = max(0.0, self._held_until - self._at)
        missing = 1.0 - self._tokens
        return max(held, missing / self.rate_per_s if missing > _ALMOST else 0.0)

    def take(self, calls: int) -> None:
        """Count ``calls`` that are being made."""
        self._fill()
        self._tokens -= calls

    def hold(self, seconds: float) -> None:
        """Let nothing pass for ``seconds``, and no burst right after; a longer hold that is on stays."""
        self._fill()
        self._held_until = max(self._held_until, self._at + seconds)
        self._tokens = min(self._tokens, 1.0)

    @property
    def is_held(self) -> bool:
        """Whether nothing may pass whatever the rate says."""
        return self._held_until > self._time()

    def _fill(self) -> None:
        now = self._time()
        # While it is held nothing gathers: the first second after a ban must be a calm one.
        since = max(self._at, min(now, self._held_until))
        if now > since:
            self._tokens = min(self._burst, self._tokens + (now - since) * self.rate_per_s)
        self._at = now
