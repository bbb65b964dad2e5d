"""One message through the engine: commands in, facts out, the conversation copied and never changed.

Read it top to bottom. ``advance`` opens a workbench (``turn.py``), obeys the commands one by one (the functions below),
lets the repair patterns they called speak, and runs steps (``steps.py``) until somebody has to answer: the person, or
the host with the result of an action. No disk, no network, no clock, no chance: the same input gives the same output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dialogs.engine import commands as do
from dialogs.engine import effects as did
from dialogs.engine import outcomes, parking, patterns, steps
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import CollectStep, Dialogs, Flow, SlotDef
from dialogs.engine.slots import fitted
from dialogs.engine.told import named
from dialogs.engine.turn import Advance, Limits, Turn

LIMITS = Limits()

#: Most wishes that are remembered beside the errand that runs.
_MOST_QUEUED = 3

_NOT_FROM_A_PERSON = frozenset({do.ActionDone, do.ActionFailed, do.Timeout})

#: Misunderstandings that are nobody's fault and do not count.
_UNCOUNTED = frozenset(
    {
        "arrived_late",
        "edited",
        "late",
        "nothing_parked",
        "stale_option",
        "unsupported",
        "media",
        "media_failed",
        "media_too_big",
    }
)


#: What an answer to a question that is no longer open looks like.
_LATE = frozenset({"late", "not_understood", "out_of_scope", "stale_option"})


def advance(
    conversation: Conversation, commands: Sequence[do.Command], dialogs: Dialogs, *, limits: Limits = LIMITS
) -> Advance:
    """Return the conversation after ``commands``, what happened, and the action to run next if there is one.

    The host runs the pending action and calls again with ``[ActionDone(…)]`` or ``[ActionFailed(…)]``; everything
    until ``pending`` is None is one turn. A turn of the person always ends in at least one ``Reply``.
    """
    turn = Turn(conversation, dialogs, limits)
    from_person = not commands or any(type(command) not in _NOT_FROM_A_PERSON for command in commands)
    if from_person:
        turn.begin()
    turn.alone = len(commands) == 1
    patterns.keep_to_loaded(turn)
    if all(isinstance(command, do.Timeout) and command.kind == "forget" for command in commands) and commands:
        parking.forget(turn)
        return turn.end()
    for command in commands or (do.CannotHandle("empty"),):
        _OBEY[type(command)](turn, command)
    if not from_person and not turn.effects and not turn.notices:
        # A timer of an older question, or the result of an action that nobody waits for any more.
        return Advance(conversation, (), conversation.pending)
    _note_answers(turn, commands)
    for frame in reversed(turn.notices):
        patterns.enter(turn, frame)
    steps.run(turn)
    if turn.pending is None and not turn.said:
        turn.say("patrones.listo")
    return turn.end()


def _note_answers(turn: Turn, commands: Sequence[do.Command]) -> None:
    """Say what was taken when none of it answers the open question: asked again in silence, nobody would know why."""
    if not turn.asked or turn.asked != turn.before.asked or turn.fresh or turn.notices:
        return
    slots = turn.dialogs.domain.slots
    given = [each.slot for each in commands if isinstance(each, do.SetSlot | do.CorrectSlot)]
    noted = [patterns.shown_answer(turn, slots[slot], turn.slots[slot]) for slot in given if slot in turn.slots]
    if noted:
        turn.notice(patterns.ANSWER_NOTED, noted=noted)


def _start_flow(turn: Turn, command: do.StartFlow) -> None:
    """Begin an errand on top, wake it if it is already there, or queue it if this message already moved another."""
    flow = turn.dialogs.flows.get(command.flow)
    if flow is None:
        _cannot_handle(turn, do.CannotHandle())
        return
    if flow.pattern:
        known = {"question": turn.asked or None} if flow.id == patterns.CHITCHAT else {}
        turn.notice(flow.id, **known, **command.slots)
        return
    urgent = flow.priority in ("emergency", "first")
    if turn.moved and not urgent:
        if flow.id not in turn.queued and all(frame.flow != flow.id for frame in turn.stack):
            _queue(turn, flow, command)
        return
    if flow.guard is not None and not command.explicit and not flow.guard.holds(turn.slots, {}):
        _cannot_handle(turn, do.CannotHandle())
        return
    turn.drop_patterns()
    turn.moved = True
    turn.missed = 0
    if flow.priority == "alone":
        turn.parked = None
    place = next((at for at, frame in enumerate(turn.stack) if frame.flow == flow.id and not frame.called), -1)
    if place < 0:
        if len(turn.stack) >= turn.limits.depth and not urgent:
            turn.effects.append(did.LimitReached("depth", flow.id))
            turn.notice(patterns.HANDOFF, reason="limit", waiting=turn.errand() >= 0)
            return
        if turn.stack:
            turn.effects.append(did.FlowInterrupted(turn.stack[turn.errand()].flow))
        turn.push(turn.frame_for(flow))
    else:
        _wake(turn, place, again=urgent)
    for slot, value in command.slots.items():
        _put(turn, slot, value)


def _queue(turn: Turn, flow: Flow, command: do.StartFlow) -> None:
    """Remember another wish of the message with what it already told, and say so; more than a few are too many."""
    if len(turn.queued) >= _MOST_QUEUED:
        return
    turn.queued.append(flow.id)
    if command.slots:
        turn.told[flow.id] = dict(command.slots)
    names = [turn.dialogs.flows[each].name for each in turn.queued if each in turn.dialogs.flows]
    turn.notice(patterns.ERRAND_NOTED, noted_name=flow.name, noted_names=names)


def _wake(turn: Turn, place: int, *, again: bool) -> None:
    """Bring an errand that is already on the stack to the top; a danger told once more begins again."""
    frames = turn.group(place)
    if turn.errand() != place:
        turn.effects.append(did.FlowInterrupted(turn.stack[turn.errand()].flow))
        del turn.stack[place : place + len(frames)]
        turn.stack += frames
        turn.effects.append(did.FlowResumed(frames[0].flow))
    turn.asked = turn.waiting_for()
    if again:
        del turn.stack[-len(frames) :]
        turn.push(turn.frame_for(turn.flow(frames[0])))


def _put(turn: Turn, slot: str, value: Any) -> bool:
    """Fill a slot if it is known and the value fits its type; return whether it was."""
    typed = fitted(turn.dialogs.domain.slots.get(slot), value)
    if slot not in turn.dialogs.domain.slots or (typed is None and value is not None):
        return False
    turn.take(slot, typed)
    turn.fill(slot, typed, turn.stack[-1].flow if turn.stack else "")
    return True


def _answer(turn: Turn, command: do.SetSlot | do.CorrectSlot) -> None:
    """Take an answer; a new value for a question that the errand on top has passed is a correction."""
    slot = command.slot
    definition = turn.dialogs.domain.slots.get(slot)
    value = fitted(definition, command.value)
    base = turn.errand()
    passed = base >= 0 and slot != turn.asked and any(slot in frame.filled for frame in turn.group(base))
    if definition is not None and passed and turn.slots.get(slot) != value:
        _correct(turn, definition, value)
    elif not _put(turn, slot, command.value):
        _cannot_handle(turn, do.CannotHandle())
        return
    elif slot == turn.asked:
        turn.fresh.add(slot)
    turn.moved = True
    turn.missed = 0


def _correct(turn: Turn, slot: SlotDef, value: Any) -> None:
    """Change an answer and go back to its question, saying so; without a value that fits it is asked again."""
    turn.drop_patterns()
    patterns.rewind(turn, slot.name)
    turn.take(slot.name, value)
    turn.slots.pop(slot.name, None)
    if value is None:
        return
    turn.slots[slot.name] = value
    turn.effects.append(did.SlotCorrected(slot.name, value))
    before: list[Any] = next((frame.context["corrected"] for frame in turn.notices if "corrected" in frame.context), [])
    turn.notice(patterns.CORRECTION, corrected=[*before, patterns.shown_answer(turn, slot, value)])


def _cancel_flow(turn: Turn, _command: do.CancelFlow) -> None:
    """Drop the errand on top; the one below goes on."""
    turn.drop_patterns()
    turn.missed = 0
    base = turn.errand()
    if base < 0:
        turn.notice(patterns.CANCEL, canceled_name=None)
        return
    name = turn.errand_name()
    turn.cancel(base)
    turn.notice(patterns.CANCEL, canceled_name=name)
    if turn.stack:
        turn.effects.append(did.FlowResumed(turn.stack[turn.errand()].flow))
        turn.notice(patterns.CONTINUE, interrupted_name=turn.errand_name())


def _clarify(turn: Turn, command: do.Clarify) -> None:
    """Ask which of a few errands was meant; with one left there is nothing to ask."""
    flows = [turn.dialogs.flows[flow] for flow in dict.fromkeys(command.flows) if flow in turn.dialogs.flows]
    if not flows:
        _cannot_handle(turn, do.CannotHandle())
    elif len(flows) == 1:
        _start_flow(turn, do.StartFlow(flows[0].id))
    else:
        turn.drop_patterns()
        choices = [[flow.name, named(flow.id, command.told.get(flow.id))] for flow in flows]
        known = {patterns.FIRST_WORDS: command.said} if command.said else {}
        turn.notice(patterns.CLARIFICATION, names=[flow.name for flow in flows], choices=choices, **known)


def _skip_question(turn: Turn, _command: do.SkipQuestion) -> None:
    """Go past the open question where its step allows it."""
    frame = turn.stack[-1] if turn.stack else None
    step = turn.flow(frame).steps[frame.step] if frame else None
    if frame is None or not isinstance(step, CollectStep) or not turn.asked:
        _cannot_handle(turn, do.CannotHandle())
    elif step.optional:
        turn.fill(step.slot, None)
        turn.moved = True
        steps.answer(turn, turn.flow(frame), frame, step)
    elif not steps.too_many_tries(turn, turn.flow(frame), frame, step):
        turn.notice(patterns.SKIP, question=step.slot)


def _human_handoff(turn: Turn, command: do.HumanHandoff) -> None:
    """Bring a person in; the errand stays where it is."""
    turn.drop_patterns()
    turn.missed = 0
    turn.notice(patterns.HANDOFF, reason=command.reason, waiting=turn.errand() >= 0)


def _repeat(turn: Turn, _command: do.Repeat) -> None:
    """Say the last replies again, or greet if there are none."""
    if turn.before.said:
        turn.notice(patterns.REPEAT)
    else:
        turn.notice(patterns.SESSION_START, alone=turn.alone)


def _forget_errands(turn: Turn) -> None:
    """Drop every errand, question and queue."""
    turn.drop_patterns()
    while turn.stack:
        turn.cancel(turn.errand(), keep_slots=True)
    turn.queued = []
    turn.asked = ""
    turn.missed = 0
    turn.fresh.clear()


def _restart(turn: Turn, _command: do.Restart) -> None:
    """Forget errands and answers, and greet again."""
    _forget_errands(turn)
    turn.parked = None
    turn.slots = dict(turn.dialogs.initial)
    turn.notice(patterns.RESTART)


def _session_start(turn: Turn, _command: do.SessionStart) -> None:
    """Greet; a new session keeps the answers only where session_config carries them over."""
    owned = {slot for frame in turn.stack for slot in turn.dialogs.emptied_by(frame.flow)}
    _forget_errands(turn)
    if not turn.dialogs.domain.session.carry_over:
        turn.slots = {}
    for slot in owned:
        turn.slots.pop(slot, None)
    turn.slots = {**turn.dialogs.initial, **turn.slots}
    parked = patterns.parked_offer(turn) if turn.alone else None
    turn.notice(patterns.SESSION_START, alone=turn.alone and parked is None)
    if parked is not None:
        turn.notices.append(parked)


def _cannot_handle(turn: Turn, command: do.CannotHandle) -> None:
    """Say kindly that the message was not understood: first an example, then the options, then a person."""
    if turn.changed:
        return
    turn.effects.append(did.NotUnderstood(command.reason))
    if command.reason in _LATE and not turn.asked and turn.errand() < 0:
        parked = patterns.parked_offer(turn, late=True)
        if parked is not None:
            turn.notices.append(parked)
            return
    if command.reason not in _UNCOUNTED:
        turn.missed += 1
        frame = turn.stack[-1] if turn.stack else None
        step = turn.flow(frame).steps[frame.step] if frame else None
        if frame is not None and isinstance(step, CollectStep) and turn.asked:
            if steps.too_many_tries(turn, turn.flow(frame), frame, step):
                turn.missed = 0
                return
        elif turn.missed >= turn.limits.missed:
            turn.missed = 0
            turn.effects.append(did.LimitReached("cannot_handle"))
            turn.notice(patterns.HANDOFF, reason="limit", waiting=turn.errand() >= 0)
            return
    turn.notice(patterns.CANNOT_HANDLE, reason=command.reason, missed=turn.missed, question=turn.asked or None)


def _take_up(turn: Turn, _command: do.TakeUp) -> None:
    """Go on with what silence closed; with nothing closed, with what is open."""
    if turn.errand() >= 0:
        turn.drop_patterns()
        turn.notice(patterns.CONTINUE, interrupted_name=turn.errand_name())
    elif turn.parked is not None and turn.parked.stack[0].flow in turn.dialogs.flows:
        turn.drop_patterns()
        turn.missed = 0
        parking.take_up(turn)
    else:
        _cannot_handle(turn, do.CannotHandle("nothing_parked"))


_OBEY: dict[type[Any], Callable[[Turn, Any], None]] = {
    do.StartFlow: _start_flow,
    do.SetSlot: _answer,
    do.CorrectSlot: _answer,
    do.CancelFlow: _cancel_flow,
    do.Clarify: _clarify,
    do.SkipQuestion: _skip_question,
    do.HumanHandoff: _human_handoff,
    do.Repeat: _repeat,
    do.Restart: _restart,
    do.SessionStart: _session_start,
    do.CannotHandle: _cannot_handle,
    do.TakeUp: _take_up,
    do.Timeout: outcomes.timeout,
    do.ActionDone: outcomes.action_done,
    do.ActionFailed: outcomes.action_failed,
}
