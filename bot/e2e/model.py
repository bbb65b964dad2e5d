"""What a conversation script says, and what a simulator reports back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from dialogs.engine.effects import Effect

StepKind = Literal["utter", "bot", "slot_was_set", "slot_was_not_set"]
InputKind = Literal["text", "button", "location", "media"]
#: What a turn of a script is: a message of the person, several in one breath, or time that passes in silence.
TurnKind = Literal["text", "button", "location", "media", "burst", "wait"]

#: What a script shows of its errand: that it goes well, a question beside it, an answer changed, the person leaves it, says
#: no to what is asked or offered, falls silent, or gives what cannot be right.
Shown = Literal["feliz", "digresion", "correccion", "cancelacion", "rechazo", "silencio", "mala_entrada"]

#: The slot of a fixture that fixes the clock (ISO 8601; without a zone it is the time of Bogotá).
CLOCK_SLOT = "mocked_datetime"


@dataclass(frozen=True, slots=True)
class SlotExpected:
    """A slot that took a value; without ``has_value`` any value will do."""

    name: str
    value: Any = None
    has_value: bool = False


@dataclass(frozen=True, slots=True)
class Uttered:
    """A reply as assertions describe it; empty parts are not compared. ``text`` is a regular expression."""

    response: str = ""
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """One fact about a turn; ``body`` is a flow or action, names, ``SlotExpected`` or ``Uttered``."""

    kind: str
    line: int
    names: tuple[str, ...] = ()
    any_of: bool = False
    step: str = ""
    slots: tuple[SlotExpected, ...] = ()
    uttered: Uttered | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation step after a person's message."""

    kind: StepKind
    line: int
    text: str = ""
    slots: tuple[SlotExpected, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the person and everything expected until the next one.

    A ``burst`` has its messages in ``texts``; a ``wait`` lasts ``seconds``.
    """

    line: int
    text: str
    kind: TurnKind = "text"
    texts: tuple[str, ...] = ()
    seconds: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)
    expected: tuple[Expected, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Stub:
    """What a stubbed action gives back instead of running: rasa-sdk events and responses."""

    events: tuple[Mapping[str, Any], ...] = ()
    responses: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One scripted conversation.

    ``slots`` come from its fixtures, ``now`` from ``mocked_datetime`` (aware), ``stubs`` by action name. ``errand`` is
    the flow it is about and ``shows`` what it shows of it, where the script says so.
    """

    name: str
    file: str
    line: int
    turns: tuple[Turn, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    now: datetime | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    errand: str = ""
    shows: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplySeen:
    """One reply as a person would see it; ``buttons`` are (title, payload)."""

    response: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TurnSeen:
    """Everything one message caused. ``slots`` are the values after it."""

    replies: tuple[ReplySeen, ...] = ()
    effects: tuple[Effect, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenMedia:
    """A file a scripted person sends; its bytes are up to the simulator."""

    name: str
    mime: str


class Simulator(Protocol):
    """The true turn, without a channel: what the runner talks to."""

    async def start(self, case: Case) -> None:
        """Begin a fresh conversation with the slots, clock, metadata and stubs of ``case``."""
        ...

    async def say(
        self,
        text: str = "",
        *,
        payload: str = "",
        media: tuple[GivenMedia, ...] = (),
        point: tuple[float, float] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> TurnSeen:
        """Give one message (or the payload of a pressed button, files, a point in degrees) and report the turn.

        ``metadata`` is what a channel would say besides; None when the step names none.
        """
        ...

    async def burst(self, texts: Sequence[str]) -> TurnSeen:
        """Give several messages that are all there before the first is read, and report every turn they caused."""
        ...

    async def wait(self, seconds: int) -> TurnSeen:
        """Let time pass, with the jobs that are due meanwhile, and report what was said to the person unasked."""
        ...
