"""The gate between understanding and the engine: what a message means for this talk, as commands.

The order is the rule, and each room below is one function: danger, buttons, what cannot be read, words of command,
corrections, the answer to the open question (with the gate of free text), other answers found on the way, errands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.engine import patterns
from dialogs.engine.commands import (
    CancelFlow,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlot,
    HumanHandoff,
    Repeat,
    Restart,
    SetSlot,
    SkipQuestion,
    StartFlow,
)
from dialogs.engine.conversation import Conversation, Frame
from dialogs.engine.flow import CollectStep, Dialogs, Flow, SlotDef
from dialogs.engine.heard import Heard, Intent
from dialogs.engine.slots import coerce, plain

_SET_SLOTS = re.compile(r"/SetSlots\((.*)\)\s*\Z", re.DOTALL)
_INTENT = re.compile(r"/([A-Za-z0-9_][A-Za-z0-9_-]*)\s*(\{.*\})?\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the understanding must be, as confidences in [0, 1], and what counts as a short message, in words."""

    start: float = 0.45
    digress: float = 0.6
    margin: float = 0.12
    candidate: float = 0.2
    free_text: float = 0.85
    free_text_margin: float = 0.4
    short_words: int = 6
    out_of_scope: float = 0.5


DEFAULT = Thresholds()


def decide(
    conversation: Conversation, heard: Heard, dialogs: Dialogs, thresholds: Thresholds = DEFAULT
) -> tuple[Command, ...]:
    """Return what ``heard`` means for ``conversation``: never empty, in the order the engine is to obey."""
    return _Gate(conversation, heard, dialogs, thresholds).commands()


class _Gate:
    """One message at the gate."""

    def __init__(self, conversation: Conversation, heard: Heard, dialogs: Dialogs, thresholds: Thresholds) -> None:
        self.talk = conversation
        self.heard = heard
        self.dialogs = dialogs
        self.sure = thresholds
        self.question = _question(conversation, dialogs)
        self.flow = _errand(conversation, dialogs)
        self.text = heard.payload if heard.payload and not heard.payload.startswith("/") else heard.text
        self.intent: Intent | None = heard.ranking[0] if heard.ranking else None

    def commands(self) -> tuple[Command, ...]:
        for room in (
            self._danger,
            self._button,
            self._unreadable,
            self._order,
            self._forced,
            self._correction,
            self._answer,
            self._free_text,
            self._errand,
            self._found_on_the_way,
        ):
            found = tuple(room())
            if found:
                return found
        return (self._not_understood(),)

    # --- danger comes before everything ------------------------------------------------------------------------

    def _danger(self) -> Iterator[Command]:
        kind, flow = self.heard.emergency, self.dialogs.emergency
        if not kind or not flow:
            return
        running = self.flow is not None and self.flow.id == flow
        if running and self.question and self.talk.slots.get("tipo_emergencia") == kind:
            return
        yield StartFlow(flow, {"tipo_emergencia": kind}, explicit=True)

    # --- buttons -----------------------------------------------------------------------------------------------

    def _button(self) -> Iterator[Command]:
        payload, stale = self.heard.payload.strip(), self.heard.stale
        if not payload.startswith("/"):
            if stale:
                yield CannotHandle("stale_option")
            return
        slots = _SET_SLOTS.match(payload)
        if slots:
            filled = [] if stale else list(self._pairs(slots[1]))
            yield from filled or [CannotHandle("stale_option")]
            return
        match = _INTENT.match(payload)
        name, values = (match[1], _json(match[2])) if match else ("", {})
        command = self._by_name(name, values)
        if command is None or (stale and not isinstance(command, StartFlow)):
            yield CannotHandle("stale_option")
        else:
            yield command

    def _pairs(self, text: str) -> Iterator[Command]:
        """Read ``a=b, c=d`` into SetSlot commands; slots that do not exist or values that do not fit are left out."""
        for part in re.split(r",(?=\s*\w+\s*=)", text):
            name, _, raw = part.partition("=")
            slot = self.dialogs.domain.slots.get(name.strip())
            value = raw.strip().strip("\"'")
            if slot is None:
                continue
            if plain(value) in ("null", "none"):
                yield SetSlot(slot.name, None, self.heard.text)
                continue
            fitted = _fitted(slot, value)
            if fitted is not None:
                yield SetSlot(slot.name, fitted, self.heard.text)

    def _by_name(self, name: str, values: Mapping[str, Any]) -> Command | None:
        """Return the command of a ``/name`` payload: a word of command, an intent or the id of a flow."""
        order = ORDERS.get(name)
        if order is not None and name not in self.dialogs.triggered:
            return order
        for flow, _trigger in self.dialogs.triggered.get(name, ()):
            return StartFlow(flow.id, self._slots_for(flow, name, values), explicit=True)
        if name in self.dialogs.flows:
            return StartFlow(name, self._slots_for(self.dialogs.flows[name], name, values), explicit=True)
        return None

    # --- what cannot be read -----------------------------------------------------------------------------------

    def _unreadable(self) -> Iterator[Command]:
        heard = self.heard
        if heard.answer is not None:
            return
        if heard.unsupported and not heard.text:
            yield CannotHandle("unsupported")
        elif not (heard.text.strip() or heard.payload or heard.media or heard.point):
            yield CannotHandle("empty")
        elif heard.extra.get("too_long"):
            yield CannotHandle("too_long")

    # --- words of command: the whole message is one of a few phrases -------------------------------------------

    def _order(self) -> Iterator[Command]:
        words = plain(self.text)
        if not words or (self.question and self.question.force):
            return
        for order, phrases in self.dialogs.domain.words.items():
            if words in phrases and not self._is_answer(order):
                command = self._by_order(order)
                if command is not None:
                    yield command
                    return

    def _is_answer(self, order: str) -> bool:
        """Return whether a word of command is rather the answer: an option of the question may be called like it."""
        return order != "cancelar" and self.heard.answer is not None and self.heard.answer.sure

    def _by_order(self, order: str) -> Command | None:
        if order == "menu":
            return StartFlow("menu" if "menu" in self.dialogs.flows else patterns.MENU, explicit=True)
        if order == "corregir":
            return StartFlow(patterns.CORRECTION)
        if order == "asesor":
            return self._person("asked")
        return ORDERS.get(order)

    def _person(self, reason: str) -> Command:
        for flow, _trigger in self.dialogs.triggered.get("hablar_con_asesor", ()):
            return StartFlow(flow.id, explicit=True)
        return HumanHandoff(reason)

    # --- the question that takes everything --------------------------------------------------------------------

    def _forced(self) -> Iterator[Command]:
        if self.question and self.question.force:
            value = self.heard.answer.value if self.heard.answer else self.text.strip()
            yield self._fill(self.question.slot, value)

    # --- "no, perdón, es 45" -----------------------------------------------------------------------------------

    def _correction(self) -> Iterator[Command]:
        if not self.heard.correction or self.flow is None:
            return
        corrected = {
            slot: value
            for slot, value in self._values(self.flow).items()
            if self._is_filled(slot) and self.talk.slots.get(slot) != value and slot != self.talk.asked
        }
        if not corrected and not (self.heard.answer and self.heard.answer.sure):
            corrected = self._last_answer_again()
        for slot, value in corrected.items():
            yield CorrectSlot(slot, value, self.heard.text)
        if corrected:
            yield from self._others(self.flow, without=corrected)

    def _last_answer_again(self) -> dict[str, Any]:
        """Read the message as a new answer to the newest answered question it fits (``extra["answers"]``)."""
        readings: Mapping[str, Any] = self.heard.extra.get("answers") or {}
        for slot in reversed(_passed(self.talk)):
            reading = readings.get(slot)
            if reading is not None and reading.value != self.talk.slots.get(slot):
                return {slot: reading.value}
        return {}

    # --- the answer to the open question -----------------------------------------------------------------------

    def _answer(self) -> Iterator[Command]:
        """A sure answer wins over any errand; what else the message says is taken too."""
        question, answer = self.question, self.heard.answer
        if question is None:
            return
        if answer is not None and answer.sure:
            yield self._fill(question.slot, answer.value)
            yield from self._others(self.flow, without={question.slot: None})
            yield from self._second_errand()
        elif not question.free_text and self.flow is not None:
            value = self._values(self.flow).get(question.slot)
            if value is not None:
                yield self._fill(question.slot, value)
                yield from self._others(self.flow, without={question.slot: None})
                yield from self._second_errand()

    def _free_text(self) -> Iterator[Command]:
        """At a description almost everything is the description; only a clear and short wish interrupts it."""
        question, heard = self.question, self.heard
        if question is None:
            return
        if not question.free_text:
            if heard.answer is not None and not self._wants_elsewhere(self.sure.digress, self.sure.margin):
                yield self._fill(question.slot, heard.answer.value)
                yield from self._others(self.flow, without={question.slot: None})
            return
        if not (heard.answer or self.text.strip()) or self._interrupts_text():
            return
        value = heard.answer.value if heard.answer is not None else self.text.strip()
        yield self._fill(question.slot, value)
        yield from self._others(self.flow, without={question.slot: None}, entities=False)

    def _interrupts_text(self) -> bool:
        short = len(self.text.split()) <= self.sure.short_words
        return short and self._wants_elsewhere(self.sure.free_text, self.sure.free_text_margin)

    def _wants_elsewhere(self, least: float, margin: float) -> bool:
        """Return whether the best intent is sure, ahead of the next, and leads away from the errand that runs."""
        if self.intent is None or self.intent.confidence < least:
            return False
        if self.intent.confidence - self._runner_up() < margin or self.heard.out_of_scope > self.intent.confidence:
            return False
        return self._command_of(self.intent) is not None

    def _runner_up(self) -> float:
        """Return the confidence of the best intent that leads to another flow than the first does."""
        first = self._flow_of(self.intent.name) if self.intent else None
        for other in self.heard.ranking[1:]:
            if first is None or self._flow_of(other.name) is not first:
                return other.confidence
        return 0.0

    # --- other things the message says -------------------------------------------------------------------------

    def _others(self, flow: Flow | None, *, without: Mapping[str, Any], entities: bool = True) -> Iterator[Command]:
        """Fill what the message also answers: empty slots of the running errand."""
        if flow is None:
            return
        for slot, value in self._values(flow).items():
            if slot in without or self.talk.slots.get(slot) is not None:
                continue
            if entities or self.dialogs.domain.slots[slot].type in ("media", "location"):
                yield self._fill(slot, value)

    def _found_on_the_way(self) -> Iterator[Command]:
        yield from self._others(self.flow, without={})
        if not self.flow and self.heard.media and not self.heard.text:
            yield CannotHandle("media")

    def _second_errand(self) -> Iterator[Command]:
        """Take a second wish of the same message (``extra["clauses"]``: one ranking a clause) for afterwards."""
        seen = {self.flow.id} if self.flow else set()
        for ranking in self.heard.extra.get("clauses") or ():
            best: Intent | None = ranking[0] if ranking else None
            flow = self._flow_of(best.name) if best else None
            if best and flow and flow.id not in seen and not flow.pattern and best.confidence >= self.sure.digress:
                seen.add(flow.id)
                yield StartFlow(flow.id, self._slots_for(flow, best.name, {}))

    # --- errands -----------------------------------------------------------------------------------------------

    def _errand(self) -> Iterator[Command]:
        """Start what is wanted; when two or three wishes are equally likely, ask which."""
        intent, heard = self.intent, self.heard
        if intent is None:
            return
        least = self.sure.digress if self.question else self.sure.start
        flow = self._flow_of(intent.name)
        threshold = self._threshold(intent.name)
        if heard.out_of_scope >= self.sure.out_of_scope and heard.out_of_scope > intent.confidence:
            yield CannotHandle("out_of_scope")
            return
        close = self._close_flows()
        if len(close) > 1 and intent.confidence < self.sure.free_text and not self.question:
            yield Clarify(tuple(close[:3]))
            return
        if intent.confidence < (threshold if threshold is not None else least):
            return
        command = self._command_of(intent)
        if command is None:
            return
        yield command
        if flow is not None and isinstance(command, StartFlow):
            yield from (each for each in self._second_errand() if getattr(each, "flow", "") != flow.id)

    def _close_flows(self) -> list[str]:
        """Return the errands whose intents are within the margin of the best, best first."""
        if self.intent is None:
            return []
        found: list[str] = []
        for each in self.heard.ranking:
            near = self.intent.confidence - each.confidence <= self.sure.margin
            flow = self._flow_of(each.name)
            if near and each.confidence >= self.sure.candidate and flow and not flow.pattern and flow.id not in found:
                found.append(flow.id)
        return found

    def _threshold(self, intent: str) -> float | None:
        flow = self._flow_of(intent)
        triggers = flow.triggers if flow else ()
        return next((trigger.threshold for trigger in triggers if trigger.intent == intent), None)

    def _flow_of(self, intent: str) -> Flow | None:
        """Return the first flow that ``intent`` may begin now."""
        for flow, _trigger in self.dialogs.triggered.get(intent, ()):
            if flow.guard is None or flow.guard.holds(self.talk.slots, {}):
                return flow
        return None

    def _command_of(self, intent: Intent) -> Command | None:
        """Return what an intent asks for, or None when it asks for nothing new here."""
        flow = self._flow_of(intent.name)
        if intent.name == "cancelar" and flow is None:
            return CancelFlow()
        if intent.name == "hablar_con_asesor" and flow is None:
            return HumanHandoff("asked")
        if intent.name == "fuera_de_alcance" and flow is None:
            return CannotHandle("out_of_scope")
        if intent.name == "ayuda" and flow is None:
            return StartFlow(patterns.MENU)
        if flow is None or (self.flow is not None and flow.id == self.flow.id and self.question):
            return None
        if flow.pattern:
            return StartFlow(flow.id, {"intent": intent.name})
        return StartFlow(flow.id, self._slots_for(flow, intent.name, {}))

    def _not_understood(self) -> Command:
        scope = self.heard.out_of_scope
        if not self.question and scope >= self.sure.out_of_scope:
            return CannotHandle("out_of_scope")
        return CannotHandle("not_understood")

    # --- values ------------------------------------------------------------------------------------------------

    def _fill(self, slot: str, value: Any) -> Command:
        if self.dialogs.domain.slots[slot].type == "media" and isinstance(value, (list, tuple)):
            before = self.talk.slots.get(slot) or []
            known = {each.get("file_id") for each in before}
            value = [*before, *(each for each in value if each.get("file_id") not in known)]
        return SetSlot(slot, value, self.heard.text)

    def _slots_for(self, flow: Flow, intent: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a message already tells of the errand it begins; explicit ``values`` of a payload win."""
        found = self._values(flow, intent)
        for name, value in values.items():
            slot = self.dialogs.domain.slots.get(name)
            fitted = _fitted(slot, value) if slot else None
            if fitted is not None:
                found[name] = fitted
        return found

    def _values(self, flow: Flow, intent: str = "") -> dict[str, Any]:
        """Return the slots of ``flow`` that the message fills, through mappings or an entity of the same name."""
        intent = intent or (self.intent.name if self.intent else "")
        found: dict[str, Any] = {}
        for name in sorted(self.dialogs.slots_of(flow.id)):
            slot = self.dialogs.domain.slots.get(name)
            value = None if slot is None else self._mapped(slot, flow, intent)
            if slot is not None and value is not None:
                fitted = _fitted(slot, value)
                if fitted is not None:
                    found[name] = fitted
        return found

    def _mapped(self, slot: SlotDef, flow: Flow, intent: str) -> Any:
        if slot.type == "location" and self.heard.point:
            return {"lat": self.heard.point[0], "lon": self.heard.point[1]}
        if slot.type == "media" and self.heard.media:
            return [dict(each) for each in self.heard.media]
        if not slot.mappings:
            return self._entity(slot.name, slot.name) if slot.name in self.dialogs.domain.entities else None
        for mapping in slot.mappings:
            if mapping.flows and flow.id not in mapping.flows:
                continue
            if (mapping.intents and intent not in mapping.intents) or intent in mapping.not_intents:
                continue
            if mapping.type == "from_intent":
                return mapping.value
            if mapping.type == "from_entity":
                value = self._entity(mapping.entity, slot.name)
                if value is not None:
                    return value
        return None

    def _entity(self, name: str, slot: str) -> Any:
        """Return the value of an entity; when a correction names two ("no es luz, es gas"), the one that is new."""
        values = [entity.value for entity in self.heard.entities if entity.name == name]
        if self.heard.correction:
            values = [value for value in values if value != self.talk.slots.get(slot)] or values
            return values[-1] if values else None
        return values[0] if values else None

    def _is_filled(self, slot: str) -> bool:
        return self.talk.slots.get(slot) is not None


#: Names that a payload `/name` may have besides intents and flows.
ORDERS: dict[str, Command] = {
    "cancelar": CancelFlow(),
    "repetir": Repeat(),
    "omitir": SkipQuestion(),
    "reiniciar": Restart(),
    "asesor": HumanHandoff("asked"),
    "hablar_con_asesor": HumanHandoff("asked"),
    "menu": StartFlow(patterns.MENU),
    "corregir": StartFlow(patterns.CORRECTION),
    "session_start": Repeat(),
    "restart": Restart(),
}


def _question(conversation: Conversation, dialogs: Dialogs) -> CollectStep | None:
    """Return the step whose answer is awaited, or None."""
    top = conversation.top
    flow = dialogs.flows.get(top.flow) if top and conversation.asked else None
    step = flow.steps.get(top.step) if flow and top else None
    return step if isinstance(step, CollectStep) and step.slot == conversation.asked else None


def _errand(conversation: Conversation, dialogs: Dialogs) -> Flow | None:
    """Return the flow that began the errand on top, under what it called; patterns are not errands."""
    base: Frame | None = None
    for frame in reversed(conversation.stack):
        flow = dialogs.flows.get(frame.flow)
        if flow is None or flow.pattern:
            continue
        base = frame
        if not frame.called:
            break
    return dialogs.flows.get(base.flow) if base else None


def _passed(conversation: Conversation) -> list[str]:
    return [slot for frame in conversation.stack for slot in frame.filled]


def _fitted(slot: SlotDef, value: Any) -> Any:
    """Return ``value`` in the type of ``slot``, or None if it does not fit."""
    try:
        return coerce(slot, value)
    except (ValueError, TypeError):
        return None


def _json(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        found = json.loads(text.replace("{{", "{").replace("}}", "}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
