"""What happened in a turn: facts in the past tense, for the host to record and carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class FlowStarted:
    """A flow began."""

    flow: str


@dataclass(frozen=True, slots=True)
class FlowCompleted:
    """A flow reached its end; ``step`` is the last step visited."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class FlowCancelled:
    """A flow was dropped before its end."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class FlowInterrupted:
    """A flow was set aside while another runs."""

    flow: str


@dataclass(frozen=True, slots=True)
class FlowResumed:
    """A flow that had been set aside goes on."""

    flow: str


@dataclass(frozen=True, slots=True)
class StepVisited:
    """A step was entered; the coverage report is built from these."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class SlotFilled:
    """A slot took a value; ``flow`` is the flow that asked, or empty."""

    slot: str
    value: Any
    flow: str = ""


@dataclass(frozen=True, slots=True)
class SlotCorrected:
    """A slot that had a value took another."""

    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class SlotRejected:
    """A value was not acceptable and the question is asked again."""

    slot: str
    response: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say: a response key with the values known at that moment.

    ``text`` is only filled when an action spoke literally. ``asks`` is the slot this reply asks for, or empty.
    ``buttons`` are (title, payload) that an action or the engine computed (clarification, menus, answers to correct);
    they are shown before those that the response itself has.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    asks: str = ""
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    attachment: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ActionRan:
    """An action came back well."""

    action: str


@dataclass(frozen=True, slots=True)
class ActionBroke:
    """An action failed; ``reason`` is for staff and holds no personal data."""

    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandoffAsked:
    """A person of the utility is needed; ``reason``: asked, frustration, limit, internal_error."""

    reason: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A counted limit (``steps``, ``tries``, ``depth``, ``cannot_handle``) ended something."""

    limit: str
    flow: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A message meant nothing to us; ``reason`` as in ``CannotHandle``."""

    reason: str


@dataclass(frozen=True, slots=True)
class TimerSet:
    """The question in ``slot`` wants a durable timer ``after_seconds`` from now; ``forget`` is about a closed errand."""

    kind: Literal["remind", "expire", "forget"]
    after_seconds: int
    slot: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact of the domain that an action decided (``PqrFiled``, ``ConsentGiven``…); the host applies it."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


Effect = (
    FlowStarted
    | FlowCompleted
    | FlowCancelled
    | FlowInterrupted
    | FlowResumed
    | StepVisited
    | SlotFilled
    | SlotCorrected
    | SlotRejected
    | Reply
    | ActionRan
    | ActionBroke
    | HandoffAsked
    | LimitReached
    | NotUnderstood
    | TimerSet
    | Happened
)
