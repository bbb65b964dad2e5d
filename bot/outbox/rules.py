"""What happens to a message after an attempt: a table from verdicts to states, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.channels.base import Sent, Verdict
from storage.repos.receipts import WINDOW

#: What the code of an attempt begins with that was too much for one person alone: the provider doubles twice.
PERSON: Final = "person:"
#: What it begins with when the template of a notice cannot be used yet.
TEMPLATE: Final = "template:"
#: What it begins with when the provider finds that we write too much to people who did not ask.
CAMPAIGN: Final = "campaign:"
#: What it begins with when the provider wants no more of a kind for one person today.
LATER: Final = "later:"
#: The code of one that was at hand when the provider stopped us: nobody was called for it.
HELD: Final = "held"

if TYPE_CHECKING:
    from bot.kernel.config_model import Envios
    from storage.repos.outbox import Marked


@dataclass(frozen=True, slots=True)
class Rules:
    """How patient the sender is; times in seconds.

    A message is given up when it was tried ``attempts`` times **and** is older than ``patience_s``: an hour of errors
    of the provider must not cost anybody an answer. ``repeats`` is how often a message whose fate is unknown may be
    sent again.
    """

    attempts: int = 8
    lease_s: float = 30.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 600.0
    patience_s: float = 6 * 3600.0
    halt_wait_s: float = 60.0
    template_wait_s: float = 1_800.0
    person_wait_s: float = 7 * 24 * 3600.0
    later_wait_s: float = 24 * 3600.0
    repeats: int = 1

    @classmethod
    def from_settings(cls, envios: Envios) -> Rules:
        """Return the rules that the block ``envios`` of the settings asks for."""
        return cls(
            attempts=envios.intentos,
            lease_s=envios.lease_s,
            first_wait_s=envios.espera_inicial_s,
            longest_wait_s=envios.espera_maxima_s,
            person_wait_s=envios.espera_persona_dias * 24 * 3600.0,
        )


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a message when an attempt ends: tries so far (this one too), their doubts, its age.

    ``has_template``: approved words may stand for its own where the window turns out to be closed. ``may_wait``: it may
    be held there until the person writes. ``is_here``: they wrote since the attempt began. ``has_phone``: a phone of
    theirs is known that the attempt did not use.
    """

    attempts: int
    unknowns: int
    age_s: float
    may_repeat: bool = True
    has_template: bool = False
    may_wait: bool = False
    is_here: bool = False
    has_phone: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The next state of the row; ``wait_s`` until it is due again, ``spare`` when the try does not count.

    ``waits``: for the person, who may never write; then ``wait_s`` is for how long.
    """

    state: Marked
    wait_s: float | None = None
    spare: bool = False
    waits: bool = False


def decide(sent: Sent, history: History, rules: Rules, fraction: float) -> Decision:
    """Return what becomes of a message after ``sent``; ``fraction`` in [0, 1) is the jitter.

    ``unknown`` (a timeout after the request was on its way, a crash between sending and noting it, an unreadable
    answer): words may come twice, so the message goes once more and the log says why; one marked ``once`` never does.
    Either way a second doubt leaves it to a person. The row is what is sent again, so a radicado cannot change.
    """
    match sent.verdict:
        case Verdict.OK:
            return Decision("sent")
        case Verdict.UNKNOWN:
            if history.may_repeat and history.unknowns < rules.repeats:
                return Decision("queued", backoff(1, rules, fraction))
            return Decision("unknown")
        case Verdict.HALT:
            return Decision("queued", rules.halt_wait_s, spare=True)
        case Verdict.RETRY:
            return _again(sent, history, rules, fraction)
        case Verdict.CLOSED_WINDOW if history.has_template and sent.code.startswith(WINDOW):
            return Decision("queued", 0.0)
        case Verdict.CLOSED_WINDOW if history.may_wait and history.is_here:
            return Decision("queued", 0.0, spare=True)
        case Verdict.CLOSED_WINDOW if history.may_wait:
            return Decision("queued", rules.person_wait_s, spare=True, waits=True)
        case Verdict.NEEDS_PHONE if history.has_phone:
            return Decision("queued", 0.0, spare=True)
        case Verdict.CLOSED_WINDOW | Verdict.DEAD_ADDRESS | Verdict.NEEDS_PHONE | Verdict.OPTED_OUT:
            return Decision("failed")
        case Verdict.BUG:
            return Decision("dead")


def _again(sent: Sent, history: History, rules: Rules, fraction: float) -> Decision:
    """Return when to try again, by what the trouble was: the provider's, a template's, one person's or ours."""
    if sent.code.startswith((TEMPLATE, CAMPAIGN)):
        # It waits for the provider, not for us; the message itself has its last moment.
        return Decision("queued", rules.template_wait_s * (0.5 + fraction / 2), spare=True)
    if sent.code == HELD:
        return Decision("queued", sent.retry_after_s + fraction, spare=True)
    if history.attempts >= rules.attempts and history.age_s >= rules.patience_s:
        return Decision("dead")
    if sent.retry_after_s > 0:
        # Never before the provider said, and not all at the same instant after it.
        return Decision("queued", sent.retry_after_s + fraction, spare=True)
    if sent.code.startswith(LATER):
        return Decision("queued", rules.later_wait_s * (1 + fraction / 10))
    if sent.code.startswith(PERSON):
        return Decision("queued", min(rules.longest_wait_s, 4.0 ** min(history.attempts, 10)) + fraction)
    return Decision("queued", backoff(history.attempts, rules, fraction))


def backoff(attempt: int, rules: Rules, fraction: float) -> float:
    """Return the seconds before the try after number ``attempt``: doubling, capped, half of it by chance."""
    base = min(rules.longest_wait_s, rules.first_wait_s * 2.0 ** min(max(attempt, 1) - 1, 30))
    return base * (0.5 + fraction / 2)


def seconds(step: timedelta) -> float:
    """Return ``step`` in seconds, never below zero (a clock that was set back)."""
    return max(0.0, step.total_seconds())
