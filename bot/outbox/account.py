"""One channel account as the sender sees it: its pace, what is under way, and whether it is in trouble."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import structlog

from bot.channels.base import Channel, Notice, Say, Sent, Verdict
from bot.outbox.rules import CAMPAIGN, LATER, PERSON, TEMPLATE
from bot.outbox.throttle import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.outbox.rules import Rules

log = structlog.get_logger(__name__)

#: Codes of troubles on our side (a file that could not be drawn), of one person (too many messages to them alone), of one
#: template and of what we send to many: they say nothing about how the provider is.
OUR_OWN = ("document:", PERSON, TEMPLATE, CAMPAIGN, LATER)
_TROUBLE_BEGINS = 3
_LONGEST_PAUSE_S = 60.0
_LONGEST_HALT_S = 600.0
#: More than this before its time nothing is taken: a reply that comes meanwhile would wait behind it.
_LONGEST_CLAIM_S = 0.03


@runtime_checkable
class Costed(Protocol):
    """A channel whose messages may take more than one call."""

    def cost(self, what: Say | Notice) -> int:
        """Return how many calls ``what`` takes."""
        ...


@dataclass(frozen=True, slots=True)
class Health:
    """How an account does: ``delayed`` while errors make it slow, ``halted`` while the provider refuses us."""

    channel: str
    account: str
    state: Literal["open", "delayed", "halted"]
    code: str = ""


class Account:
    """Pace and trouble of one channel account.

    Three failures in a row that are the provider's make the account ``delayed``: one message at a time tries its luck,
    at growing distances, and the others wait without losing a try. A refusal of our token makes it ``halted``: one
    alarm, and one probe at a time until the provider takes us back.
    """

    def __init__(self, channel: Channel, account: str, rules: Rules, *, time: Callable[[], float]) -> None:
        """Take the channel, our account on it, the sender's rules and a clock that never goes back."""
        self.channel = channel
        self.name = account
        self.changed = asyncio.Event()
        self.running: set[asyncio.Task[None]] = set()
        self._costed = channel if isinstance(channel, Costed) else None
        self._rules = rules
        self._bucket = Bucket(channel.caps.rate_per_s, time=time)
        # A fast account holds some at hand, so that a slow moment of the database is not a gap in what leaves.
        self._is_fast = self._bucket.handful > 1
        self._claim_s = _LONGEST_CLAIM_S if self._is_fast else 0.0
        self._failures = 0
        self._halts = 0
        self._code = ""

    @property
    def health(self) -> Health:
        """How the account does now."""
        state: Literal["open", "delayed", "halted"] = "open"
        if self._halts:
            state = "halted"
        elif self._failures >= _TROUBLE_BEGINS or self._bucket.is_held:
            state = "delayed"
        return Health(self.channel.name, self.name, state, self._code if state != "open" else "")

    @property
    def is_held(self) -> bool:
        """Whether the account waits for something else than its pace."""
        return self._bucket.is_held

    def ready_in(self) -> float:
        """Return in how many seconds to take messages from the outbox, so that they are at hand when they may leave."""
        if self._bucket.is_held:
            return self._bucket.ready_in()
        return max(0.0, self._bucket.ready_in(self._bucket.handful) - self._claim_s)

    def room(self, parallel: int) -> int:
        """Return how many messages to take now, when ``parallel`` may be under way at once."""
        if self._halts or self._failures >= _TROUBLE_BEGINS:
            parallel = 1
        return max(0, min(self._bucket.room(self._claim_s), parallel - len(self.running)))

    def claimed(self, took_s: float) -> None:
        """Learn how long taking messages from the outbox lasts, in seconds: it is begun so much before their time."""
        if not self._is_fast:
            self._claim_s += (min(took_s, _LONGEST_CLAIM_S) - self._claim_s) / 4

    def held_s(self) -> float:
        """Return for how many seconds the provider lets nothing pass; 0 when it does."""
        return self._bucket.ready_in() if self._bucket.is_held else 0.0

    def charge(self, what: Say | Notice) -> float:
        """Count the calls of a message that is at hand; return in how many seconds it may leave."""
        return self._bucket.take(self._costed.cost(what) if self._costed is not None else 1)

    def note(self, sent: Sent) -> None:
        """Learn from an attempt how the account does."""
        match sent.verdict:
            case Verdict.HALT:
                self._halt(sent)
            case Verdict.RETRY if sent.retry_after_s > 0:
                self._code = sent.code
                self._bucket.hold(sent.retry_after_s)
                if sent.slower:
                    self._bucket.slow()
                log.warning(
                    "channel_slowed", channel=self.channel.name, error_code=sent.code, wait_s=sent.retry_after_s
                )
            case Verdict.RETRY if sent.code.startswith(OUR_OWN):
                pass
            case Verdict.RETRY | Verdict.UNKNOWN:
                self._fail(sent)
            case _:
                self._recover()
        self.changed.set()

    def _halt(self, sent: Sent) -> None:
        if not self._halts:
            log.error("channel_halted", channel=self.channel.name, error_code=sent.code)
        self._code = sent.code
        # Several that were under way together are one refusal.
        if not (self._halts and self._bucket.is_held):
            self._bucket.hold(min(_LONGEST_HALT_S, self._rules.halt_wait_s * 2.0 ** min(self._halts, 10)))
            self._halts += 1

    def _fail(self, sent: Sent) -> None:
        if self._bucket.is_held:
            return  # it was under way together with the one that brought the pause
        self._failures += 1
        self._code = sent.code
        late = self._failures - _TROUBLE_BEGINS
        if late == 0:
            log.error("channel_delayed", channel=self.channel.name, error_code=sent.code)
        if late >= 0:
            self._bucket.hold(min(_LONGEST_PAUSE_S, self._rules.first_wait_s * 2.0 ** min(late, 10)))

    def _recover(self) -> None:
        if self._halts or self._failures >= _TROUBLE_BEGINS:
            log.info("channel_resumed", channel=self.channel.name)
        self._failures = self._halts = 0
        self._code = ""
