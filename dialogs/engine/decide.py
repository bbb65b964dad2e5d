"""The gate between understanding and the engine: what a message means for this talk, as commands.

The order of the rooms is the rule, and each is one function: danger, words that pass every errand, words that point at
what was just said, buttons, what cannot be read, words of command, questions that take everything, corrections, the
answer to the open question, a no to it, the gate of free text, errands, and what was told on the way. The first room
that has something to say decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dialogs.engine import patterns
from dialogs.engine.commands import (
    CancelFlow,
    CannotHandle,
    Command,
    CorrectSlot,
    HumanHandoff,
    Repeat,
    Restart,
    SkipQuestion,
    StartFlow,
    TakeUp,
)
from dialogs.engine.conversation import Conversation, Frame
from dialogs.engine.danger_doubt import DOUBTED_WORDS, asked_about
from dialogs.engine.flow import CollectStep, Dialogs, Flow
from dialogs.engine.heard import Heard
from dialogs.engine.slots import fitted, plain
from dialogs.engine.told import Told, read_payload
from dialogs.engine.wishes import DEFAULT, Thresholds, Wishes

__all__ = ["DEFAULT", "ORDERS", "Thresholds", "decide"]


#: Names that a payload ``/name`` may have besides intents and flows, and the words of command of ``x-words``.
ORDERS: dict[str, Command] = {
    "cancelar": CancelFlow(),
    "repetir": Repeat(),
    "omitir": SkipQuestion(),
    "reiniciar": Restart(),
    "restart": Restart(),
    "asesor": HumanHandoff("asked"),
    "hablar_con_asesor": HumanHandoff("asked"),
    "menu": StartFlow(patterns.MENU),
    "corregir": StartFlow(patterns.CORRECTION),
    "retomar": TakeUp(),
}


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
        self.limit = thresholds.out_of_scope
        self.short = thresholds.short_words
        self.told = Told(conversation, heard, dialogs)
        self.question = _question(conversation, dialogs)
        self.flow = _errand(conversation, dialogs)
        self.text = heard.payload if heard.payload and not heard.payload.startswith("/") else heard.text
        self.wishes = Wishes(
            conversation,
            heard,
            dialogs,
            thresholds=thresholds,
            told=self.told,
            running=self.flow,
            # «Anything else?» is no question that a wish has to be surer for.
            asked=self.question is not None and not patterns.idle(conversation, dialogs),
        )

    def commands(self) -> tuple[Command, ...]:
        rooms = (
            self._danger,
            self._urgent,
            self._pointed,
            self._button,
            self._unreadable,
            self._order,
            self._forced,
            self._correction,
            self._answer,
            self._declined,
            self._free_text,
            self._told_of_the_person,
            self._late,
            self.wishes.commands,
            self._told_on_the_way,
        )
        for room in rooms:
            found = tuple(room())
            if found:
                break
        else:
            found = (self._not_understood(),)
        if self.heard.emergency:
            return found
        return asked_about(found, self.talk, self.heard, self.dialogs, is_asked=self.question is not None)

    # --- danger comes before everything ------------------------------------------------------------------------

    def _danger(self) -> Iterator[Command]:
        kind, flow = self.heard.emergency, self.dialogs.emergency
        if not kind or not flow:
            return
        running = self.flow is not None and self.flow.id == flow
        asks_where = self.question is not None and not self.question.optional
        if running and asks_where and self.talk.slots.get("tipo_emergencia") == kind:
            return
        # What was in doubt before is not what is told now.
        past = {DOUBTED_WORDS: None} if DOUBTED_WORDS in self.dialogs.domain.slots else {}
        yield StartFlow(flow, {"tipo_emergencia": kind, **past}, explicit=True)

    # --- words that pass every errand ---------------------------------------------------------------------------

    def _urgent(self) -> Iterator[Command]:
        """Begin the flow of a word of ``x-urgent``, wherever it stands; a description that says it is kept as well."""
        question = self.question
        if self.heard.payload.startswith("/") or (question and question.force):
            return
        said = f" {plain(self.text)} "
        flow = next(
            (flow for flow, words in self.dialogs.domain.urgent.items() if any(f" {word} " in said for word in words)),
            "",
        )
        if flow not in self.dialogs.flows:
            return
        if question and question.free_text:
            yield self.told.fill(question.slot, self.text.strip())
        yield StartFlow(flow, explicit=True)

    # --- words that point at what was just said -------------------------------------------------------------------

    def _pointed(self) -> Iterator[Command]:
        """Begin the flow that «la última» means right after what was said (``x-after``), unless something is asked."""
        if self.heard.payload.startswith("/SetSlots") or not patterns.idle(self.talk, self.dialogs):
            return
        said = {plain(self.heard.text), plain(str(self.heard.extra.get("core") or ""))}
        for response, _values in self.talk.said:
            for flow, phrases in self.dialogs.domain.after.get(response, {}).items():
                if said & phrases:
                    yield StartFlow(flow, explicit=True)
                    return

    # --- buttons -----------------------------------------------------------------------------------------------

    def _button(self) -> Iterator[Command]:
        payload = read_payload(self.heard.payload)
        if payload is None:
            if self.heard.stale:
                yield CannotHandle("stale_option")
            return
        filled = () if self.heard.stale else self.told.pairs(payload)
        command = self._by_name(payload.name, payload.values or {})
        if command is not None and (isinstance(command, StartFlow) or not self.heard.stale):
            yield command
        else:
            yield from filled or (CannotHandle("stale_option"),)

    def _by_name(self, name: str, values: Mapping[str, Any]) -> Command | None:
        """Return the command of a ``/name`` payload: an intent, the id of a flow or a word of command."""
        for begun, _trigger in self.dialogs.triggered.get(name, ()):
            return replace(self.wishes.begin(begun, name, values), explicit=True)
        flow = self.dialogs.flows.get(name)
        if flow is not None and not (flow.guard is not None and flow.guard.text.lower() == "false"):
            # «if: false» is a part of other flows: only they begin it.
            return replace(self.wishes.begin(flow, name, values), explicit=True)
        return ORDERS.get(name)

    # --- what cannot be read -----------------------------------------------------------------------------------

    def _unreadable(self) -> Iterator[Command]:
        heard = self.heard
        said = bool(heard.text.strip() or heard.payload)
        if heard.answer is not None:
            return
        if heard.unsupported and not said:
            yield CannotHandle("unsupported")
        elif heard.media and not self.told.media and not said:
            yield CannotHandle("media_failed")
        elif not (said or heard.media or heard.point):
            yield CannotHandle("empty")

    # --- words of command: the whole message is one of a few phrases -------------------------------------------

    def _order(self) -> Iterator[Command]:
        words = plain(self.text)
        if not words or (self.question and self.question.force):
            return
        # As it was said first, then without greeting and thanks, then without any courtesy: «ay no sé, señorita».
        without = (plain(str(self.heard.extra.get(each) or "")) for each in ("bare", "core"))
        for said in dict.fromkeys((words, *without)):
            for order, phrases in self.dialogs.domain.words.items():
                # Without a question «no tengo la factura» leaves nothing out: it is a wish.
                pointless = order == "omitir" and (self.question is None or self._reads_doubt(self.question))
                if said in phrases and not pointless and not self._is_answer(order):
                    command = self._by_order(order)
                    if command is not None:
                        yield from self._making_room(command)
                        yield command
                        return

    def _reads_doubt(self, question: CollectStep) -> bool:
        """Return whether the flow itself reads the words of the answer (a mapping), «quién sabe» among them."""
        return question.free_text and not question.optional and bool(self.dialogs.domain.slots[question.slot].mappings)

    def _making_room(self, command: Command) -> Iterator[Command]:
        """Drop the errand that runs before one that cannot stand beside it (``x-priority: alone``)."""
        flow = self.dialogs.flows.get(command.flow) if isinstance(command, StartFlow) else None
        if flow is not None and flow.priority == "alone" and self.flow is not None and self.flow.id != flow.id:
            yield CancelFlow()

    def _is_answer(self, order: str) -> bool:
        """Return whether a word of command is rather the answer: an option of the question may be called like it."""
        return order != "cancelar" and self.heard.answer is not None and self.heard.answer.sure

    def _by_order(self, order: str) -> Command | None:
        if order == "menu" and "menu" in self.dialogs.flows:
            return StartFlow("menu", explicit=True)
        if order == "asesor":
            for flow, _trigger in self.dialogs.triggered.get("hablar_con_asesor", ()):
                return StartFlow(flow.id, explicit=True)
        if order in self.dialogs.flows and order not in ORDERS:
            return StartFlow(order, explicit=True)
        return ORDERS.get(order)

    # --- the question that takes everything --------------------------------------------------------------------

    def _forced(self) -> Iterator[Command]:
        if self.question and self.question.force:
            answer = self.heard.answer
            yield self.told.fill(self.question.slot, answer.value if answer else self._pin() or self.text.strip())

    def _pin(self) -> str:
        """Return a place that came without words as «latitude, longitude»: what a question in words takes of it."""
        point = self.heard.point
        return f"{point[0]:.6f}, {point[1]:.6f}" if point and not self.text.strip() else ""

    # --- a no to what need not be told ---------------------------------------------------------------------------

    def _declined(self) -> Iterator[Command]:
        """A plain no to a question that may be skipped means that the person would rather not say."""
        question = self.question
        if question and question.optional and not question.free_text and self.heard.extra.get("said_no"):
            yield SkipQuestion()

    # --- "no, perdón, es 45" -----------------------------------------------------------------------------------

    def _correction(self) -> Iterator[Command]:
        if not self.heard.correction or self.flow is None:
            return
        slots = self.talk.slots
        corrected = {
            slot: value
            for slot, value in self._values().items()
            if slots.get(slot) is not None and slots[slot] != value and slot != self.talk.asked
        }
        if not corrected and not (self.heard.answer and self.heard.answer.sure):
            corrected = self._last_answer_again()
        for slot, value in corrected.items():
            yield CorrectSlot(slot, value, self.heard.text)
        if corrected:
            yield from self._others(corrected)

    def _last_answer_again(self) -> dict[str, Any]:
        """Read the message as a new answer to the newest answered question it fits (``extra["answers"]``)."""
        readings: Mapping[str, Any] = self.heard.extra.get("answers") or {}
        for slot in reversed([slot for frame in self.talk.stack for slot in frame.filled]):
            value = fitted(self.dialogs.domain.slots.get(slot), readings[slot].value) if slot in readings else None
            if value is not None and value != self.talk.slots.get(slot):
                return {slot: value}
        return {}

    # --- the answer to the open question -----------------------------------------------------------------------

    def _answer(self) -> Iterator[Command]:
        """A sure answer wins over any errand; what else the message says is taken too."""
        question, answer = self.question, self.heard.answer
        if question is None:
            return
        value = answer.value if answer is not None and answer.sure else None
        if value is None and not question.free_text:
            value = self._values().get(question.slot)
        if value is not None:
            yield self.told.fill(question.slot, value)
            yield from self._others((question.slot,))
            yield from self.wishes.second()

    def _free_text(self) -> Iterator[Command]:
        """At a description almost everything is the description; only a clear and short wish interrupts it."""
        question, answer = self.question, self.heard.answer
        if question is None:
            return
        if not question.free_text:
            if answer is not None and not self.wishes.lead_elsewhere(free_text=False):
                yield self.told.fill(question.slot, answer.value)
                yield from self._others((question.slot,))
            return
        said = answer.value if answer is not None else self._pin() or self.text.strip()
        short = len(self.text.split()) <= self.short
        if said and not (short and self.wishes.lead_elsewhere(free_text=True)):
            yield self.told.fill(question.slot, said)
            yield from self._others((question.slot,), only=("media", "location"))

    # --- other things the message says -------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        if self.flow is None:
            return {}
        return self.told.values(self.flow, self.wishes.best.name if self.wishes.best else "")

    def _others(self, without: Mapping[str, Any] | tuple[str, ...], only: tuple[str, ...] = ()) -> Iterator[Command]:
        """Fill what the message also answers: empty slots of the running errand, perhaps of some types ``only``."""
        for slot, value in self._values().items():
            if slot in without or self.talk.slots.get(slot) is not None:
                continue
            if not only or self.dialogs.domain.slots[slot].type in only:
                yield self.told.fill(slot, value)

    def _told_of_the_person(self) -> Iterator[Command]:
        """At a question, take an account, a document or a name for the errand that runs, whatever wish it sounds like."""
        slots, known = self.dialogs.domain.slots, self.talk.slots
        if self.question and any(slots[slot].personal and known.get(slot) is None for slot in self._values()):
            yield from self._others(())
        elif self.flow and self.told.withholds(self.flow, self.wishes.best.name if self.wishes.best else ""):
            yield CannotHandle("consent")

    def _late(self) -> Iterator[Command]:
        """See the answer to a question that silence closed (``extra["late"]``), unless it begins something by name."""
        if self.heard.extra.get("late") and self.question is None and not self.heard.payload:
            yield CannotHandle("late")

    def _told_on_the_way(self) -> Iterator[Command]:
        told = tuple(self._others(()))
        yield from told
        if not self.told.media or self.heard.text.strip():
            return
        if any(each.get("kind") == "audio" for each in self.told.media):
            yield CannotHandle("voice_kept" if told else "voice")
        elif not self._values():
            yield CannotHandle("media")

    def _asks_date(self) -> bool:
        slot = self.dialogs.domain.slots.get(self.question.slot) if self.question else None
        return slot is not None and (
            slot.type in ("date", "datetime") or any(m.entity == "cuando" for m in slot.mappings)
        )

    def _not_understood(self) -> Command:
        if self.heard.extra.get("too_long"):
            return CannotHandle("too_long")
        if self.heard.extra.get("no_such_date") and self._asks_date():
            return CannotHandle("no_such_date")
        beyond = not self.question and self.heard.out_of_scope >= self.limit
        return CannotHandle("out_of_scope" if beyond else "not_understood")


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
