"""Pace one channel account: a token bucket that a provider's "not so fast" can hold."""

from __future__ import annotations

import math
from collections.abc import Callable

_ALMOST = 1e-6
#: How late a wake-up may be without its call being lost, in seconds; what gathers beyond that would be a burst.
_LATENESS_S = 0.01
#: What is left of the allowed rate for clocks that do not agree and calls that catch up with the one before.
_MARGIN = 0.985
#: After a complaint: how long it is calm before the pace doubles again, how long the same moment lasts, and the least.
_CALM_S = 60.0
_ONE_MOMENT_S = 5.0
_MOST_HALVINGS = 4


class Bucket:
    """At most ``rate_per_s`` calls in any second, shared by everything that one account sends.

    Providers count in windows, and a burst on top of a full window is refused: so the pace is a little below the rate,
    and what may gather while nobody sends is one call and a moment's worth. It counts in the seconds of ``time``, a
    clock that never goes back (the event loop's). A message may take more than is there: what is owed delays the next.
    """

    def __init__(self, rate_per_s: float, *, time: Callable[[], float], burst: float | None = None) -> None:
        """Take the rate, the clock, and how many calls may gather (one and a hundredth of a second's unless told).

        Raises:
            ValueError: the rate is not positive or the burst is less than one.
        """
        self._burst = 1 + rate_per_s * _LATENESS_S if burst is None else burst
        if rate_per_s <= 0 or self._burst < 1:
            message = "a bucket needs a rate above zero and a burst of at least one"
            raise ValueError(message)
        self._most_per_s = rate_per_s * _MARGIN
        self._halvings = 0
        self._slowed_at = 0.0
        #: Calls that are worth a look at the outbox: at a thousand a second one looks for ten at a time.
        self.handful = max(1, math.ceil(rate_per_s * _LATENESS_S))
        self._time = time
        self._tokens = self._burst
        self._at = time()
        self._held_until = 0.0

    @property
    def pace_per_s(self) -> float:
        """How many calls a second may be made now: half as many after each complaint, twice as many each calm minute."""
        if self._halvings:
            calm = int((self._time() - self._slowed_at) // _CALM_S)
            return self._most_per_s / 2.0 ** max(0, self._halvings - calm)
        return self._most_per_s

    def slow(self) -> None:
        """Halve the pace: the provider says that it is too fast. Several complaints of one moment are one."""
        self._fill()
        calm = int((self._at - self._slowed_at) // _CALM_S)
        left = max(0, self._halvings - calm)
        if left and self._at - self._slowed_at < _ONE_MOMENT_S:
            return
        self._halvings, self._slowed_at = min(left + 1, _MOST_HALVINGS), self._at

    def room(self, ahead_s: float = 0.0) -> int:
        """Return how many calls may be made now, or within ``ahead_s`` seconds."""
        self._fill()
        return 0 if self.is_held else max(0, int(self._tokens + ahead_s * self.pace_per_s + _ALMOST))

    def ready_in(self, calls: int = 1) -> float:
        """Return in how many seconds so many calls may be made; 0 means now."""
        self._fill()
        held = max(0.0, self._held_until - self._at)
        missing = min(float(calls), self._burst) - self._tokens
        return max(held, missing / self.pace_per_s if missing > _ALMOST else 0.0)

    def take(self, calls: int) -> float:
        """Count ``calls``; return in how many seconds the first of them is due (0 when there was room for it)."""
        self._fill()
        early = max(0.0, (1.0 - self._tokens) / self.pace_per_s) if self._tokens < 1 - _ALMOST else 0.0
        self._tokens -= calls
        return early

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
            self._tokens = min(self._burst, self._tokens + (now - since) * self.pace_per_s)
        self._at = now
