"""The whole state of a talk with one person: one immutable value that is also one JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Frame:
    """One running flow on the stack.

    ``version`` pins the flow it started with. ``step`` is the step to run next or the one that waits. ``tries`` counts
    the failed answers to the present question. ``called`` frames end into their parent. ``filled`` names the slots
    whose questions this frame has passed, oldest first, for corrections. ``context`` is what a pattern was started
    with. ``replay`` is ``*`` while answered questions are passed again after a correction, and ``!`` when the flow
    began again because its file changed: it then says nothing until it asks or ends.
    """

    flow: str
    version: str
    step: str
    tries: int = 0
    called: bool = False
    filled: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    replay: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """An action that was asked of the host and has not come back.

    ``timers`` is false in a turn that a timer began: the question is asked again without being reminded of for ever.
    """

    call_id: str
    action: str
    flow: str
    step: str
    timers: bool = True


@dataclass(frozen=True, slots=True)
class Parked:
    """An errand that silence closed: its frames and answers, and how often it was offered again."""

    stack: tuple[Frame, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything the engine knows of one person; copied, never changed in place.

    ``stack`` grows to the right: the last frame is on top. ``asked`` is the slot whose answer is awaited, or empty.
    ``turn`` counts the person's messages. ``missed`` counts messages in a row that were not understood. ``said`` keeps
    the last replies (response, values) for Repeat. ``queued`` holds errands mentioned and not yet begun, ``told`` what
    was already said of each of them. ``parked`` is the errand that silence closed and that may be taken up again.
    ``calls`` counts the actions asked of the host in this turn: it makes call ids unique and stops endless loops of actions.
    """

    id: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    asked: str = ""
    pending: Pending | None = None
    turn: int = 0
    missed: int = 0
    said: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    queued: tuple[str, ...] = ()
    calls: int = 0
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parked: Parked | None = None

    @property
    def top(self) -> Frame | None:
        """The frame on top of the stack, or None when nothing runs."""
        return self.stack[-1] if self.stack else None
