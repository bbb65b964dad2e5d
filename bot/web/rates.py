"""How often anybody may ask: limits per session and per address, kept in memory of this process.

Counts are per process on purpose: they shield this process, and a database write per refused request would help the
attacker. Many people share one address behind a mobile carrier, so limits per address are generous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from bot.web.refusals import Refusal

if TYPE_CHECKING:
    from bot.kernel.clock import Clock

_SWEEP_AT = 20_000


class CountStorage(Storage):
    """Counters in a dictionary, aged by our own clock.

    The library's memory storage starts a thread for nearly every hit and walks all keys in it; at thousands of chats
    that costs more than the requests themselves.
    """

    STORAGE_SCHEME = ["atiende-memory"]  # noqa: RUF012 - declared so by the library

    def __init__(self, clock: Clock) -> None:
        """Take the clock that windows are measured with."""
        super().__init__()
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise; nothing in practice."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add ``amount`` to the counter, which lives ``expiry`` seconds from its first hit."""
        now = self._now()
        count, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            if len(self._counts) >= _SWEEP_AT:
                self._sweep(now)
            count, ends = 0, now + expiry
        self._counts[key] = (count + amount, ends)
        return count + amount

    def get(self, key: str) -> int:
        """Return the present count."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > self._now() else 0

    def get_expiry(self, key: str) -> float:
        """Return the moment (seconds since the epoch) at which the window of ``key`` ends."""
        return self._counts.get(key, (0, self._now()))[1]

    def check(self) -> bool:
        """Tell that the storage works."""
        return True

    def reset(self) -> int:
        """Forget everything; return how many counters there were."""
        count = len(self._counts)
        self._counts.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._counts.pop(key, None)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _sweep(self, now: float) -> None:
        self._counts = {key: value for key, value in self._counts.items() if value[1] > now}


class Rates:
    """The limits of the public doors; each ``check`` counts one try."""

    LIMITS: ClassVar[dict[str, tuple[str, ...]]] = {
        "session_new": ("30/minute", "300/hour"),
        "message": ("20/10second", "60/minute"),
        "message_ip": ("600/minute",),
        "events": ("120/minute",),
        "events_ip": ("6000/minute",),
        "file": ("10/minute", "60/day"),
        "file_ip": ("120/minute",),
        "case": ("10/minute", "60/hour"),
        "page": ("600/minute",),
        "preferences": ("30/minute", "300/hour"),
    }

    def __init__(self, clock: Clock) -> None:
        """Take the clock that windows are measured with."""
        self._clock = clock
        self._storage = CountStorage(clock)
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._items: dict[str, tuple[RateLimitItem, ...]] = {
            name: tuple(parse(text) for text in texts) for name, texts in self.LIMITS.items()
        }

    def check(self, name: str, who: str) -> None:
        """Count one try of ``who`` at the door ``name``.

        Raises:
            Refusal: 429 with the seconds to wait.
        """
        for item in self._items[name]:
            if not self._limiter.hit(item, name, who):
                ends = self._storage.get_expiry(item.key_for(name, who))
                wait = max(1.0, ends - self._clock.now().timestamp())
                raise Refusal(429, "muchas", retry_after_s=wait)
