"""Flows and all that belongs to them, once read: immutable, shared by every conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dialogs.engine.conditions import Condition
from dialogs.engine.parts import (
    END,
    NOWHERE,
    PATTERN,
    SLOT_TYPES,
    ActionStep,
    AnyStep,
    Branch,
    Button,
    CallStep,
    CollectStep,
    Issue,
    LinkStep,
    NoopStep,
    Place,
    Rejection,
    Response,
    ResponseVariant,
    Session,
    SetSlotsStep,
    SlotDef,
    SlotMapping,
    Step,
    Trigger,
)

__all__ = [
    "END",
    "NOWHERE",
    "PATTERN",
    "SLOT_TYPES",
    "ActionStep",
    "AnyStep",
    "Branch",
    "Button",
    "CallStep",
    "CollectStep",
    "Dialogs",
    "Domain",
    "Flow",
    "Issue",
    "LinkStep",
    "NoopStep",
    "Place",
    "Rejection",
    "Response",
    "ResponseVariant",
    "Session",
    "SetSlotsStep",
    "SlotDef",
    "SlotMapping",
    "Step",
    "Trigger",
]


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
class Domain:
    """Everything the domain files name. ``responses`` is language → key → response.

    ``words`` are whole messages that mean an order or begin a flow; ``urgent``: flow → words that begin it wherever they
    stand in a message; ``after``: response → flow → whole messages that begin it right after that was said.
    """

    slots: Mapping[str, SlotDef] = field(default_factory=dict)
    intents: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    responses: Mapping[str, Mapping[str, Response]] = field(default_factory=dict)
    session: Session = field(default_factory=Session)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    urgent: Mapping[str, frozenset[str]] = field(default_factory=dict)
    after: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


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
