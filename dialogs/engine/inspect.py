"""Inspects flows, domain and wording together, as data: everything that would go wrong later is said now.

``load`` finds what cannot be read; this finds what can be read and does not fit. Each issue says where and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from dialogs.engine.conditions import Condition
from dialogs.engine.flow import (
    PATTERN,
    ActionStep,
    CollectStep,
    Dialogs,
    Flow,
    Issue,
    Place,
    SetSlotsStep,
    SlotDef,
)
from dialogs.engine.inspect_graph import inspect_graph
from dialogs.engine.inspect_wording import inspect_wording
from dialogs.engine.patterns import ACTIONS, CONTEXT
from dialogs.engine.slots import coerce
from dialogs.engine.turn import INTERRUPTED
from dialogs.engine.yamlfile import Issues

#: Beyond these a flow should become an action in Python: steps of one flow, characters of one condition.
MOST_STEPS = 25
LONGEST_CONDITION = 60

_NUMBERS = frozenset({"float", "mark", "money"})
_ORDERED = frozenset({"float", "mark", "money", "date", "datetime", "any"})


def inspect(
    dialogs: Dialogs,
    *,
    intents: Collection[str] | None = None,
    actions: Collection[str] | None = None,
    entities: Collection[str] | None = None,
) -> list[Issue]:
    """Return every issue of ``dialogs``, sorted by file and line.

    Args:
        dialogs: what was loaded.
        intents: names that the understanding knows; the domain's own count too.
        actions: names of the actions that exist in Python; None leaves the domain's list as the truth.
        entities: names that the understanding finds; the domain's own count too.
    """
    return _Inspector(dialogs, intents, actions, entities).issues()


class _Inspector:
    """One inspection."""

    def __init__(
        self,
        dialogs: Dialogs,
        intents: Collection[str] | None,
        actions: Collection[str] | None,
        entities: Collection[str] | None,
    ) -> None:
        self._dialogs = dialogs
        self._found = Issues()
        self._intents = dialogs.domain.intents | frozenset(intents or ())
        self._entities = dialogs.domain.entities | frozenset(entities or ())
        self._written = None if actions is None else frozenset(actions)
        self._actions = dialogs.domain.actions | frozenset(actions or ()) | ACTIONS.keys()

    def issues(self) -> list[Issue]:
        for slot in self._dialogs.domain.slots.values():
            self._slot(slot)
        for flow in self._dialogs.flows.values():
            self._flow(flow)
        self._declared_actions()
        inspect_graph(self._dialogs, self._found)
        inspect_wording(self._dialogs, self._found, self._intents)
        return sorted(self._found, key=lambda issue: (issue.file, issue.line, issue.what))

    # --- names -------------------------------------------------------------------------------------------------

    def _unknown(self, place: Place, where: str, kind: str, name: str, known: Collection[str]) -> None:
        close = difflib.get_close_matches(name, list(known), n=1)
        remedy = f"Did you mean «{close[0]}»?" if close else f"Add it to the domain, or correct the name of the {kind}."
        self._found.error(place, where, f"the {kind} «{name}» does not exist", remedy)

    def _slot_name(self, place: Place, where: str, name: str) -> SlotDef | None:
        slot = self._dialogs.domain.slots.get(name)
        if slot is None:
            self._unknown(place, where, "slot", name, self._dialogs.domain.slots)
        return slot

    def _declared_actions(self) -> None:
        if self._written is None:
            return
        for name in sorted(self._dialogs.domain.actions - self._written - ACTIONS.keys()):
            place = Place("domain", 0)
            what = f"the action «{name}» is declared and nobody has written it"
            self._found.error(place, f"action {name}", what, "Write it in dialogs/actions and list it in table.py.")

    # --- slots -------------------------------------------------------------------------------------------------

    def _slot(self, slot: SlotDef) -> None:
        where = f"slot {slot.name}"
        for intent in slot.sounds_like:
            if intent not in self._intents:
                self._unknown(slot.place, where, "intent", intent, self._intents)
        for mapping in slot.mappings:
            if mapping.entity and mapping.entity not in self._entities:
                self._unknown(slot.place, where, "entity", mapping.entity, self._entities)
            for intent in sorted(mapping.intents | mapping.not_intents):
                if intent not in self._intents:
                    self._unknown(slot.place, where, "intent", intent, self._intents)
            for flow in sorted(mapping.flows):
                if flow not in self._dialogs.flows:
                    self._unknown(slot.place, where, "flow", flow, self._dialogs.flows)
            if mapping.type == "from_intent":
                self._value(slot, mapping.value, slot.place, where)
        for rejection in slot.rejections:
            self._condition(rejection.condition, slot.place, where, frozenset())
            self._only_itself(rejection.condition, slot.name, slot.place, where)

    def _only_itself(self, condition: Condition, slot: str, place: Place, where: str) -> None:
        others = condition.slots - {slot}
        if others:
            what = f"the rejection of «{slot}» looks at {', '.join(sorted(others))}"
            self._found.error(
                place, where, what, f"A rejection may look only at slots.{slot}; branch after it instead."
            )

    def _value(self, slot: SlotDef, value: Any, place: Place, where: str) -> None:
        try:
            coerce(slot, value)
        except (ValueError, TypeError) as trouble:
            self._found.error(place, where, f"«{value}» does not fit the slot «{slot.name}»: {trouble}")

    # --- flows -------------------------------------------------------------------------------------------------

    def _flow(self, flow: Flow) -> None:
        where = f"flow {flow.id}"
        if flow.id.startswith(PATTERN) and flow.id not in CONTEXT:
            self._unknown(flow.place, where, "pattern", flow.id, CONTEXT)
        if len(flow.steps) > MOST_STEPS:
            what = f"it has {len(flow.steps)} steps; {MOST_STEPS} are the most that people can follow"
            self._found.error(
                flow.place, where, what, "Move a part to a flow of its own and «call» it, or make it an action."
            )
        for trigger in flow.triggers:
            if trigger.intent not in self._intents and not flow.pattern:
                self._unknown(trigger.place, where, "intent", trigger.intent, self._intents)
        for name in sorted(flow.persisted):
            if name not in flow.owns:
                what = f"it keeps the slot «{name}», which it neither asks nor sets"
                self._found.error(flow.place, where, what, "Remove it from persisted_slots.")
        if flow.guard is not None:
            self._condition(flow.guard, flow.place, where, frozenset())
        context = CONTEXT.get(flow.id, frozenset()) if flow.pattern else frozenset({INTERRUPTED})
        for step in flow.steps.values():
            self._step(flow, step, context)

    def _step(self, flow: Flow, step: Any, context: frozenset[str]) -> None:
        where = f"flow {flow.id}, step {step.id}"
        for branch in step.next:
            if branch.condition is not None:
                self._condition(branch.condition, step.place, where, context)
        if isinstance(step, CollectStep):
            self._slot_name(step.place, where, step.slot)
            if step.ask_action and step.ask_action not in self._actions:
                self._unknown(step.place, where, "action", step.ask_action, self._actions)
            for rejection in step.rejections:
                self._condition(rejection.condition, step.place, where, context)
                self._only_itself(rejection.condition, step.slot, step.place, where)
        elif isinstance(step, SetSlotsStep):
            for name, value in step.values:
                slot = self._slot_name(step.place, where, name)
                if slot is not None:
                    self._value(slot, value, step.place, where)
        elif isinstance(step, ActionStep) and not step.says and step.action not in self._actions:
            self._unknown(step.place, where, "action", step.action, self._actions)

    # --- conditions --------------------------------------------------------------------------------------------

    def _condition(self, condition: Condition, place: Place, where: str, context: frozenset[str]) -> None:
        if len(condition.text) > LONGEST_CONDITION:
            what = (
                f"the condition «{condition.text}» has {len(condition.text)} characters; {LONGEST_CONDITION} are enough"
            )
            self._found.error(place, where, what, "Make it an action that sets a slot, and look at that slot.")
        for name in sorted(condition.slots):
            self._slot_name(place, where, name)
        for name in sorted(condition.context - context):
            known = f"Known here: {', '.join(sorted(context))}." if context else "Nothing is known here; use slots."
            self._found.error(place, where, f"the condition reads context.{name}, which does not exist", known)
        for what in self._mistyped(condition):
            self._found.error(
                place, where, f"the condition «{condition.text}» {what}", "Compare values of the same type."
            )

    def _mistyped(self, condition: Condition) -> Iterator[str]:
        for each in condition.comparisons:
            slot = self._dialogs.domain.slots.get(each.slot)
            if slot is None or each.literal is None:
                continue
            if each.operator in ("<", "<=", ">", ">=") and slot.type not in _ORDERED:
                yield f"orders «{slot.name}», whose type {slot.type} has no order"
            elif each.operator == "=" and not _comparable(slot, each.literal):
                yield f"compares «{slot.name}» ({slot.type}) with {each.literal!r}, which it never is"


def _comparable(slot: SlotDef, literal: Any) -> bool:
    """Return whether a slot may ever equal ``literal``."""
    if slot.type == "bool":
        return isinstance(literal, bool)
    if slot.type in _NUMBERS:
        return isinstance(literal, (int, float)) and not isinstance(literal, bool)
    if slot.type == "categorical":
        return literal in slot.values or not isinstance(literal, (str, bool, int, float))
    if slot.type in ("text", "date", "datetime", "phone", "document", "account", "address"):
        return not isinstance(literal, (bool, int, float))
    return True
