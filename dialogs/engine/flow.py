"""What the files say, once read: flows with their steps, slots, responses. Immutable, shared by every conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from dialogs.engine.conditions import Condition

#: Where a flow stops.
END = "END"

#: Reserved beginning of the names of repair patterns.
PATTERN = "pattern_"

SLOT_TYPES = (
    "text", "bool", "categorical", "float", "list", "any",
    "date", "datetime", "phone", "money", "document", "account", "address", "location", "media",
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


@dataclass(frozen=True)
class Flow:
    """One errand (or repair pattern): steps by id in the order of the file.

    ``version`` is a hash of its content, with ``x-version`` in front when written. ``guard`` says whether it may start
    now. Times are in seconds.
    """

    id: str
    name: str
    description: str
    steps: Mapping[str, AnyStep]
    first: str
    version: str = ""
    guard: Condition | None = None
    triggers: tuple[Trigger, ...] = ()
    persisted: frozenset[str] = frozenset()
    run_pattern_completed: bool = True
    priority: str = ""
    max_attempts: int | None = None
    remind_after: int | None = None
    expire_after: int | None = None
    place: Place = NOWHERE

    @cached_property
    def pattern(self) -> bool:
        """Whether this is a repair pattern."""
        return self.id.startswith(PATTERN)

    @cached_property
    def asks(self) -> Mapping[str, str]:
        """The first step that collects each slot, by slot."""
        found: dict[str, str] = {}
        for step in self.steps.values():
            if isinstance(step, CollectStep):
                found.setdefault(step.slot, step.id)
        return found

    @cached_property
    def owns(self) -> frozenset[str]:
        """Slots that this flow collects or sets, and empties at its end unless they are persisted."""
        set_here = {slot for step in self.steps.values() if isinstance(step, SetSlotsStep) for slot, _ in step.values}
        return frozenset(self.asks) | set_here

    @cached_property
    def startable(self) -> bool:
        """Whether a person may begin it: it has a trigger and its guard is not plainly false."""
        return bool(self.triggers) and not self.pattern and (self.guard is None or self.guard.text.lower() != "false")


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

    ``label`` is its name for people (``x-label``). ``personal`` slots never reach logs. ``values`` belong to
    ``categorical``. ``mappings`` empty means: filled from the answer, by type, when asked.
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
    free_text: bool = False
    label: str = ""
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


@dataclass(frozen=True, slots=True)
class Domain:
    """Everything the domain files name. ``responses`` is language → key → response."""

    slots: Mapping[str, SlotDef] = field(default_factory=dict)
    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    responses: Mapping[str, Mapping[str, Response]] = field(default_factory=dict)
    session: Session = Session()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialogs:
    """All flows and the domain: the one value that the engine needs besides the conversation."""

    flows: Mapping[str, Flow]
    domain: Domain
    language: str = "es"

    @cached_property
    def initial(self) -> Mapping[str, Any]:
        """The slots that start with a value."""
        return {slot.name: slot.initial for slot in self.domain.slots.values() if slot.initial is not None}

    @cached_property
    def triggered(self) -> Mapping[str, tuple[tuple[Flow, Trigger], ...]]:
        """Flows by the intent that begins them; errands come before patterns."""
        found: dict[str, list[tuple[Flow, Trigger]]] = {}
        for flow in sorted(self.flows.values(), key=lambda each: each.pattern):
            for trigger in flow.triggers:
                found.setdefault(trigger.intent, []).append((flow, trigger))
        return {intent: tuple(flows) for intent, flows in found.items()}

    @cached_property
    def emergency(self) -> str:
        """The flow with ``x-priority: emergency``, or empty."""
        return next((flow.id for flow in self.flows.values() if flow.priority == "emergency"), "")

    def response(self, key: str) -> Response | None:
        """Return the response ``key`` in the default language, or None."""
        return self.domain.responses.get(self.language, {}).get(key)

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """What people read for an id, by language and id: the responses ``etiqueta.<id>``."""
        start = "etiqueta."
        return {
            language: {
                key.removeprefix(start): each.variants[0].text for key, each in found.items() if key.startswith(start)
            }
            for language, found in self.domain.responses.items()
        }

    @cached_property
    def _reach(self) -> Mapping[str, frozenset[str]]:
        return {flow_id: self._called(flow_id, frozenset()) for flow_id in self.flows}

    def _called(self, flow_id: str, seen: frozenset[str]) -> frozenset[str]:
        """Return the flow and all flows it calls, directly or not."""
        flow = self.flows.get(flow_id)
        if flow is None or flow_id in seen:
            return frozenset()
        found = frozenset({flow_id})
        for step in flow.steps.values():
            if isinstance(step, CallStep):
                found |= self._called(step.flow, seen | {flow_id})
        return found

    @cached_property
    def _collected(self) -> Mapping[str, frozenset[str]]:
        return {
            flow_id: frozenset(slot for each in reach for slot in self.flows[each].asks)
            for flow_id, reach in self._reach.items()
        }

    @cached_property
    def _emptied(self) -> Mapping[str, frozenset[str]]:
        return {
            flow_id: frozenset(slot for each in reach for slot in self.flows[each].owns)
            - frozenset(slot for each in reach for slot in self.flows[each].persisted)
            for flow_id, reach in self._reach.items()
        }

    def slots_of(self, flow_id: str) -> frozenset[str]:
        """Return the slots that a flow collects, in itself or in the flows it calls."""
        return self._collected.get(flow_id, frozenset())

    @cached_property
    def _asking(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for flow in self.flows.values():
            for step in flow.steps.values():
                slots: Iterable[str] = ()
                if isinstance(step, CollectStep):
                    slots = (step.slot,)
                elif isinstance(step, CallStep):
                    slots = self.slots_of(step.flow)
                for slot in slots:
                    found.setdefault((flow.id, slot), step.id)
        return found

    def asking_step(self, flow_id: str, slot: str) -> str:
        """Return the step of ``flow_id`` that collects ``slot`` or calls a flow that does, or empty."""
        return self._asking.get((flow_id, slot), "")

    @cached_property
    def confirmations(self) -> Mapping[str, frozenset[str]]:
        """Yes-or-no slots whose question reads a slot, by that slot: correcting it makes their answers stale."""
        found: dict[str, set[str]] = {}
        for flow in self.flows.values():
            for step in flow.steps.values():
                if not isinstance(step, CollectStep) or step.slot not in self.domain.slots:
                    continue
                asking = self.response(step.ask)
                if asking is not None and self.domain.slots[step.slot].type == "bool":
                    for name in asking.names - {step.slot}:
                        found.setdefault(name, set()).add(step.slot)
        return {slot: frozenset(about) for slot, about in found.items()}

    def emptied_by(self, flow_id: str) -> frozenset[str]:
        """Return the slots that are emptied when the errand ``flow_id`` ends."""
        return self._emptied.get(flow_id, frozenset())
