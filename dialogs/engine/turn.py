"""The workbench of one turn: a changeable copy of the conversation, and the facts noted while it moves.

Everything that happens to a conversation happens through these few methods; ``end`` makes it immutable again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dialogs.engine import effects as did
from dialogs.engine.conversation import Conversation, Frame, Pending
from dialogs.engine.flow import CollectStep, Dialogs, Flow

#: Replies kept for Repeat.
MOST_SAID = 6

#: ``Frame.replay`` after a correction: what was answered is passed without being asked.
REPLAYING = "*"
#: ``Frame.replay`` of a flow that began again because its file changed: it says nothing until it asks. If it ends
#: without asking, its last words are said; they are held in its context under ``HELD``.
RESTARTED = "!"
HELD = "por_decir"

#: What the conditions and texts of any errand may read besides slots: the name of the errand that waits below it.
INTERRUPTED = "interrupted_name"

Said = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Counted limits: steps in one run, tries of a question, frames on the stack, actions in one turn.

    In seconds, 0 being never: silence until an errand's question is repeated (``remind``) and the errand closed
    (``expire``) where the flow says nothing else, and for how long what was closed is kept (``resume``).
    """

    steps: int = 250
    tries: int = 3
    depth: int = 8
    actions: int = 25
    missed: int = 3
    remind: int = 0
    expire: int = 0
    resume: int = 0


class Advance(NamedTuple):
    """What ``advance`` returns; ``pending`` is the action to run next, or None when the turn is over."""

    conversation: Conversation
    effects: tuple[did.Effect, ...]
    pending: Pending | None


class LiveFrame:
    """A frame that may change while its turn runs; see ``Frame`` for the meaning of each field.

    ``was_asking`` says that its question was already asked before this turn.
    """

    __slots__ = ("called", "context", "filled", "flow", "replay", "step", "tries", "version", "was_asking")

    def __init__(self, frame: Frame, *, was_asking: bool = True) -> None:
        """Take over the values of ``frame``."""
        self.flow = frame.flow
        self.version = frame.version
        self.step = frame.step
        self.tries = frame.tries
        self.called = frame.called
        self.filled = list(frame.filled)
        self.context = dict(frame.context)
        self.replay = frame.replay
        self.was_asking = was_asking

    def freeze(self) -> Frame:
        """Return the immutable frame."""
        return Frame(
            self.flow, self.version, self.step, self.tries, self.called, tuple(self.filled), self.context, self.replay
        )


class Turn:
    """One run of the engine over one conversation."""

    def __init__(self, conversation: Conversation, dialogs: Dialogs, limits: Limits) -> None:
        """Copy what may change of ``conversation``."""
        self.before = conversation
        self.dialogs = dialogs
        self.limits = limits
        self.slots: dict[str, Any] = dict(conversation.slots)
        self.stack: list[LiveFrame] = [LiveFrame(frame) for frame in conversation.stack]
        self.asked = conversation.asked
        self.pending = conversation.pending
        self.turn = conversation.turn
        self.missed = conversation.missed
        self.calls = conversation.calls
        self.said: list[Said] = list(conversation.said)
        self.queued: list[str] = list(conversation.queued)
        self.told: dict[str, Mapping[str, Any]] = dict(conversation.told)
        self.parked = conversation.parked
        self.effects: list[did.Effect] = []
        #: Slots answered in this turn whose question has not looked at the answer yet.
        self.fresh: set[str] = set()
        #: Repair patterns that speak in this turn, in order, before the errand goes on.
        self.notices: list[LiveFrame] = []
        #: A message moves one errand; what else it starts is queued.
        self.moved = False
        #: The last reply offers options of its own: it is the question of this turn.
        self.menu_open = False
        #: The turn is about a single command: nothing else follows a greeting.
        self.alone = True
        self.stopped = False
        #: The errand that has just ended well, if it wants pattern_completed.
        self.completed = ""
        self.steps = 0
        self.timers = True
        self.overran = False
        self.changed = False
        #: The parked errand goes on as soon as the pattern that asked for it has ended.
        self.taking_up = False

    def begin(self) -> None:
        """Begin a new turn of the person: count it and forget what was said in the one before."""
        self.turn += 1
        self.calls = 0
        self.pending = None
        self.said = []

    # --- the stack ---------------------------------------------------------------------------------------------

    def flow(self, frame: LiveFrame) -> Flow:
        """Return the flow that ``frame`` runs."""
        return self.dialogs.flows[frame.flow]

    def is_pattern(self, frame: LiveFrame) -> bool:
        """Return whether ``frame`` runs a repair pattern."""
        return self.dialogs.flows[frame.flow].pattern

    def errand(self) -> int:
        """Return the index of the frame that began the errand on top (under the flows it called), or -1."""
        index = len(self.stack) - 1
        while index >= 0 and self.is_pattern(self.stack[index]):
            index -= 1
        while index > 0 and self.stack[index].called:
            index -= 1
        return index

    def errand_name(self) -> str:
        """Return what people call the errand on top, or empty."""
        base = self.errand()
        return self.flow(self.stack[base]).name if base >= 0 else ""

    def group(self, base: int) -> list[LiveFrame]:
        """Return the frame at ``base`` with the flows it has called."""
        end = base + 1
        while end < len(self.stack) and self.stack[end].called:
            end += 1
        return self.stack[base:end]

    def frame_for(self, flow: Flow, context: Mapping[str, Any] | None = None, *, called: bool = False) -> LiveFrame:
        """Return a new frame at the first step of ``flow``; an errand on top of another knows what it interrupts."""
        below = "" if called or flow.pattern else self.errand_name()
        known = {**(context or {}), INTERRUPTED: below} if below else (context or {})
        return LiveFrame(Frame(flow.id, flow.version, flow.first, 0, called, (), known), was_asking=False)

    def push(self, frame: LiveFrame) -> None:
        """Put ``frame`` on top and note that its flow started."""
        self.stack.append(frame)
        self.asked = ""
        self.effects.append(did.FlowStarted(frame.flow))

    def notice(self, pattern: str, **context: Any) -> None:
        """Let ``pattern`` speak in this turn, if it is defined; a later notice of the same pattern replaces it."""
        flow = self.dialogs.flows.get(pattern)
        if flow is not None:
            self.notices = [each for each in self.notices if each.flow != pattern]
            self.notices.append(self.frame_for(flow, context))

    def drop_patterns(self) -> None:
        """Drop the patterns on top: their questions do not survive that the talk goes elsewhere."""
        while self.stack and self.is_pattern(self.stack[-1]):
            self.empty(self.stack.pop().flow)
            self.asked = ""

    def cancel(self, base: int, *, keep_slots: bool = False) -> None:
        """Drop the errand that began at ``base`` with the flows it called; empty its slots unless told to keep them."""
        frames = self.group(base)
        was_on_top = base + len(frames) == len(self.stack)
        del self.stack[base : base + len(frames)]
        for frame in reversed(frames):
            self.effects.append(did.FlowCancelled(frame.flow, frame.step))
        if not keep_slots:
            self.empty(frames[0].flow)
        if was_on_top:
            self.asked = ""

    # --- slots -------------------------------------------------------------------------------------------------

    def fill(self, slot: str, value: Any, flow: str = "") -> None:
        """Give ``slot`` a value, asked by ``flow`` if any; None empties it, and its question counts as not asked."""
        if value is not None:
            self.slots[slot] = value
            self.effects.append(did.SlotFilled(slot, value, flow))
            return
        self.slots.pop(slot, None)
        for frame in self.stack:
            if slot in frame.filled:
                frame.filled.remove(slot)

    def take(self, slot: str, value: Any) -> None:
        """Empty what hangs on ``slot`` (``x-empties``) when a person gives it another value than it had."""
        if self.slots.get(slot) != value:
            for other in self.dialogs.domain.slots[slot].empties:
                self.fill(other, None)

    def passed(self, slot: str) -> bool:
        """Return whether a running flow has asked for ``slot`` (or skipped it) and gone on."""
        return any(slot in frame.filled for frame in self.stack)

    def empty(self, flow_id: str) -> None:
        """Put the slots of a flow that is over back to their beginning, but those that a flow below owns too."""
        mine = self.dialogs.emptied_by(flow_id)
        if not mine:
            return
        for frame in self.stack:
            mine = mine - self.dialogs.emptied_by(frame.flow)
        for slot in mine:
            initial = self.dialogs.initial.get(slot)
            if initial is None:
                self.slots.pop(slot, None)
            else:
                self.slots[slot] = initial

    # --- speaking ----------------------------------------------------------------------------------------------

    def say(self, response: str, frame: LiveFrame | None = None, *, asks: str = "") -> None:
        """Reply with ``response`` and the values it reads: the frame's context first, then the slots.

        When the context of the frame brings ``choices`` (title, payload), a question shows them.
        """
        known = self.dialogs.response(response)
        values: dict[str, Any] = {}
        context = frame.context if frame else {}
        if known is not None:
            slots = self.slots
            for name in known.names:
                if name in context:
                    values[name] = context[name]
                elif name in slots:
                    values[name] = slots[name]
        buttons = tuple((str(title), str(payload)) for title, payload in context.get("choices", ())) if context else ()
        self.reply(did.Reply(response, values, asks, buttons=buttons))

    def speak(self, reply: did.Reply) -> None:
        """Reply with what an action wrote, adding the slots that its response reads."""
        known = self.dialogs.response(reply.response)
        if known is not None:
            slots = {name: self.slots[name] for name in known.names if name in self.slots}
            reply = did.Reply(
                reply.response, {**slots, **reply.values}, reply.asks, reply.text, reply.buttons, reply.attachment
            )
        self.reply(reply)

    def reply(self, reply: did.Reply) -> None:
        """Add ``reply`` to the effects and to what Repeat would say."""
        self.effects.append(reply)
        self.said.append((reply.response, _kept(reply)))
        known = self.dialogs.response(reply.response)
        self.menu_open = not reply.asks and (bool(reply.buttons) or (known is not None and known.offers))

    def say_again(self, said: Iterable[Said]) -> None:
        """Reply once more with what was said before."""
        for response, kept in said:
            self.reply(_reply_from(response, kept))

    # --- the end -----------------------------------------------------------------------------------------------

    def waiting_for(self) -> str:
        """Return the slot that the question on top waits for, or empty."""
        if not self.stack:
            return ""
        step = self.flow(self.stack[-1]).steps[self.stack[-1].step]
        return step.slot if isinstance(step, CollectStep) else ""

    def end(self) -> Advance:
        """Return the immutable result."""
        conversation = Conversation(
            id=self.before.id,
            slots=self.slots,
            stack=tuple([frame.freeze() for frame in self.stack]),
            asked="" if self.pending else self.asked,
            pending=self.pending,
            turn=self.turn,
            missed=self.missed,
            said=tuple(self.said[-MOST_SAID:]),
            queued=tuple(self.queued),
            told={flow: slots for flow, slots in self.told.items() if flow in self.queued},
            parked=self.parked,
            calls=self.calls,
        )
        return Advance(conversation, tuple(self.effects), self.pending)


def _kept(reply: did.Reply) -> Mapping[str, Any]:
    """Return the values of a reply with what else is needed to say it again, under names that start with ``_``."""
    if not (reply.text or reply.buttons or reply.asks or reply.attachment):
        return reply.values
    kept: dict[str, Any] = {**reply.values, "_asks": reply.asks, "_text": reply.text}
    kept["_buttons"] = [list(button) for button in reply.buttons]
    kept["_attachment"] = None if reply.attachment is None else dict(reply.attachment)
    return kept


def _reply_from(response: str, kept: Mapping[str, Any]) -> did.Reply:
    values = {key: value for key, value in kept.items() if not key.startswith("_")}
    buttons: Sequence[Sequence[Any]] = kept.get("_buttons") or ()
    pairs = tuple((str(title), str(payload)) for title, payload in buttons)
    return did.Reply(response, values, kept.get("_asks", ""), kept.get("_text", ""), pairs, kept.get("_attachment"))
