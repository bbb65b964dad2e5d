"""The parts that files are made of: places, steps, slots, wordings. Plain data, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from dialogs.engine.conditions import Condition

#: Where a flow stops.
END = "END"

#: Reserved beginning of the names of repair patterns.
PATTERN = "pattern_"

SLOT_TYPES = (
    "text", "bool", "categorical", "float", "list", "any",
    "date", "datetime", "phone", "money", "document", "account", "address", "location", "media",
    "mark",
)  # fmt: skip


class Place(NamedTuple):
    """Where something is written: file as given to the loader, line from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}"


NOWHERE = Place("", 0)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong in the files: where, what is wrong and what to do about it.

    ``where`` names the thing (``flow radicar_pqr, step tipo``). An ``error`` stops the service, a ``warning`` does not.
    """

    file: str
    line: int
    severity: Literal["error", "warning"]
    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return ``file:line: severity: where: what. remedy``."""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.file}:{self.line}: {self.severity}: {self.where}: {self.what}.{tail}"


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a step: to the step ``target`` (or ``END``) when ``condition`` holds; None is the ``else``."""

    target: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Say the response ``utter`` and ask again when ``condition`` holds for an answer."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What every step has: a written id, a place and its ways out (the last one has no condition)."""

    id: str
    place: Place = NOWHERE
    next: tuple[Branch, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectStep(Step):
    """Ask for ``slot`` and wait.

    ``ask`` is the response that asks, or empty when the action ``ask_action`` does. ``free_text`` marks a description
    step (the gate). ``optional`` may be skipped. Times are in seconds; None takes the flow's.
    """

    slot: str
    ask: str = ""
    ask_action: str = ""
    ask_before_filling: bool = False
    force: bool = False
    free_text: bool = False
    optional: bool = False
    rejections: tuple[Rejection, ...] = ()
    max_attempts: int | None = None
    remind_after: int | None = None
    expire_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep(Step):
    """Say a response (``says``) or run an action, by name."""

    action: str
    says: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSlotsStep(Step):
    """Give slots fixed values; null empties one."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep(Step):
    """End this flow and begin ``flow``."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep(Step):
    """Run ``flow`` as a part of this one and come back."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoopStep(Step):
    """Only branch."""


AnyStep = CollectStep | ActionStep | SetSlotsStep | LinkStep | CallStep | NoopStep


@dataclass(frozen=True, slots=True)
class Trigger:
    """Begin the flow when ``intent`` is heard with at least ``threshold`` (None: the general one)."""

    intent: str
    threshold: float | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """How a slot may be filled without being asked: one entry of ``mappings``.

    ``type`` is from_entity, from_intent, from_text or controlled. ``intents``/``not_intents`` and ``flows`` narrow it.
    """

    type: Literal["from_entity", "from_intent", "from_text", "controlled"]
    entity: str = ""
    value: Any = None
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SlotDef:
    """A slot: its type, how it is filled and what it refuses.

    ``label`` is its name for people (``x-label``). ``personal`` slots never reach logs, and take nothing while
    the slot with ``consent``, the value that gives permission, is asked and not answered so. ``values`` belong to
    ``categorical``. ``empties`` are slots that fall when a person gives this one another value. ``sounds_like`` are
    intents that an answer to its question is easily taken for. ``mappings`` empty means: filled from the answer, by type,
    when asked.
    """

    name: str
    type: str
    values: tuple[str, ...] = ()
    initial: Any = None
    min_value: float | None = None
    max_value: float | None = None
    mappings: tuple[SlotMapping, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    refill_utter: str = ""
    personal: bool = False
    consent: str = ""
    free_text: bool = False
    label: str = ""
    empties: tuple[str, ...] = ()
    sounds_like: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Button:
    """A thing to press: ``payload`` is text, ``/intent{…}`` or ``/SetSlots(a=b)``; ``hint`` explains a list row."""

    title: str
    payload: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ResponseVariant:
    """One wording of a response, for one ``channel`` (empty: any) and while ``condition`` holds (None: always)."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: str = ""
    attachment: Mapping[str, Any] | None = None
    channel: str = ""
    condition: Condition | None = None
    ask: Literal["", "location", "phone"] = ""
    menu_label: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Response:
    """All wordings of one key; ``names`` are the values that its texts and conditions read."""

    key: str
    variants: tuple[ResponseVariant, ...]
    names: frozenset[str] = frozenset()
    place: Place = NOWHERE

    @property
    def offers(self) -> bool:
        """Whether any wording shows buttons."""
        return any(variant.buttons for variant in self.variants)


@dataclass(frozen=True, slots=True)
class Session:
    """``session_config``: minutes of silence that end a session (0: never), and whether slots survive it."""

    expires_minutes: int = 60
    carry_over: bool = False
