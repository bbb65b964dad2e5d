"""What the engine can be told to do: the imperative side of a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Begin a flow on top of whatever runs; ``slots`` are filled first. ``explicit`` passes the flow's guard."""

    flow: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class SetSlot:
    """Fill a slot with a value already typed (JSON-compatible); ``said`` is what the person wrote, if anything."""

    slot: str
    value: Any
    said: str = ""


@dataclass(frozen=True, slots=True)
class CorrectSlot:
    """Replace the value of a slot that was already answered and go on from its question."""

    slot: str
    value: Any
    said: str = ""


@dataclass(frozen=True, slots=True)
class CancelFlow:
    """Stop the errand on top of the stack."""


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of ``flows`` (two or three ids) was meant.

    ``said`` are the words that were not clear, and ``told`` what they already tell of each flow: neither is asked again
    once the person has chosen.
    """

    flows: tuple[str, ...]
    said: str = ""
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkipQuestion:
    """Go past the present question, where the flow allows it."""


@dataclass(frozen=True, slots=True)
class HumanHandoff:
    """Bring a person in. ``reason`` is a word for staff: asked, frustration, limit, internal_error."""

    reason: str = "asked"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last replies again."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Forget what is running and greet again."""


@dataclass(frozen=True, slots=True)
class SessionStart:
    """Greet a person who arrives for the first time or after the session expired."""


@dataclass(frozen=True, slots=True)
class CannotHandle:
    """The message was not understood.

    ``reason``: not_understood, out_of_scope, unsupported, stale_option, empty, too_long, media (a file that nothing
    asks for), media_failed (a file that cannot be opened), consent (something personal before it may be kept), edited (a
    message was changed when it was too late), arrived_late (it was sent before the one that was just answered).
    """

    reason: str = "not_understood"


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Go on with the errand that silence closed, or with the one that is open."""


@dataclass(frozen=True, slots=True)
class Timeout:
    """A durable timer fired for the question ``slot`` asked in turn ``turn``; ignored if the talk has moved on.

    ``forget`` drops, in silence, the errand that was closed and never taken up again.
    """

    kind: Literal["remind", "expire", "forget"]
    turn: int
    slot: str = ""


@dataclass(frozen=True, slots=True)
class ActionReply:
    """A reply an action wants said: a response key with values, or literal ``text`` with ``buttons`` (title, payload)."""

    response: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    attachment: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ActionDone:
    """The pending action ``call_id`` came back. ``facts`` are (kind, data) for the host to apply."""

    call_id: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    replies: tuple[ActionReply, ...] = ()
    facts: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """The pending action ``call_id`` failed, was late or broke its contract; ``reason`` is for staff."""

    call_id: str
    reason: str


Command = (
    StartFlow
    | SetSlot
    | CorrectSlot
    | CancelFlow
    | Clarify
    | SkipQuestion
    | HumanHandoff
    | Repeat
    | Restart
    | SessionStart
    | CannotHandle
    | TakeUp
    | Timeout
    | ActionDone
    | ActionFailed
)
