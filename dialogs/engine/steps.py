"""Running steps: one small function for each kind, and the loop that goes on until somebody has to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialogs.engine import effects as did
from dialogs.engine import parking, patterns
from dialogs.engine.conversation import Pending
from dialogs.engine.flow import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    NoopStep,
    SetSlotsStep,
    Step,
)
from dialogs.engine.turn import HELD, REPLAYING, RESTARTED, LiveFrame, Turn


def run(turn: Turn) -> None:
    """Run steps from the top of the stack until a question waits, an action is pending or nothing is left to do."""
    while not turn.stopped and turn.pending is None:
        if not turn.stack:
            if not patterns.after_everything(turn):
                return
            continue
        frame = turn.stack[-1]
        flow = turn.dialogs.flows[frame.flow]
        step = flow.steps[frame.step]
        turn.steps += 1
        if turn.steps > turn.limits.steps:
            patterns.give_up(turn, "steps", frame)
            continue
        turn.effects.append(did.StepVisited(flow.id, step.id))
        _KINDS[type(step)](turn, flow, frame, step)


def move(turn: Turn, flow: Flow, frame: LiveFrame, step: Step) -> None:
    """Go from ``step`` to the step its first true branch names, or end the flow."""
    frame.tries = 0
    frame.was_asking = False
    target = END
    for branch in step.next:
        if branch.condition is None or branch.condition.holds(turn.slots, frame.context):
            target = branch.target
            break
    if target == END:
        finish(turn, flow, frame, step.id)
    else:
        frame.step = target


def finish(turn: Turn, flow: Flow, frame: LiveFrame, last: str) -> None:
    """End the flow on top: go on in its caller, or empty its slots and let the errand below speak again."""
    if frame.replay == RESTARTED and HELD in frame.context:
        turn.say(frame.context[HELD], frame)
    turn.stack.pop()
    turn.effects.append(did.FlowCompleted(flow.id, last))
    if frame.called and turn.stack:
        caller = turn.stack[-1]
        caller.filled += [slot for slot in frame.filled if slot not in caller.filled]
        caller_flow = turn.flow(caller)
        move(turn, caller_flow, caller, caller_flow.steps[caller.step])
        return
    turn.empty(flow.id)
    if flow.pattern:
        patterns.after_pattern(turn, flow.id)
    elif turn.stack:
        patterns.resume(turn)
    elif flow.run_pattern_completed and not turn.menu_open:
        turn.completed = flow.id


def _collect(turn: Turn, flow: Flow, frame: LiveFrame, step: Any) -> None:
    """Ask unless there is an answer; refuse answers that the slot or the step rejects."""
    slot = step.slot
    value = turn.slots.get(slot)
    fresh = slot in turn.fresh
    if value is None:
        answered = step.optional and not step.ask_before_filling and turn.passed(slot)
    else:
        replaying = frame.replay == REPLAYING and turn.passed(slot)
        answered = fresh or replaying or not step.ask_before_filling
    if not answered:
        ask(turn, flow, frame, step)
        return
    turn.fresh.discard(slot)
    if value is not None:
        for rejection in (*turn.dialogs.domain.slots[slot].rejections, *step.rejections):
            if rejection.condition.holds(turn.slots, frame.context):
                reject(turn, flow, frame, step, rejection.utter, counted=fresh)
                return
    validator = f"validate_{slot}"
    if fresh and validator in turn.dialogs.domain.actions:
        call_action(turn, frame, step, validator)
        return
    answer(turn, flow, frame, step)


def answer(turn: Turn, flow: Flow, frame: LiveFrame, step: CollectStep) -> None:
    """Go past a question that has its answer, or was skipped."""
    if step.slot not in frame.filled:
        frame.filled.append(step.slot)
    if turn.asked == step.slot:
        turn.asked = ""
    move(turn, flow, frame, step)


def ask(turn: Turn, flow: Flow, frame: LiveFrame, step: CollectStep) -> None:
    """Ask the question of ``step`` and wait; say nothing if this turn already ends in a menu."""
    frame.replay = ""
    turn.asked = step.slot
    if turn.menu_open and frame.was_asking:
        turn.stopped = True
        return
    if step.ask_action:
        call_action(turn, frame, step, step.ask_action)
        return
    refill = turn.dialogs.domain.slots[step.slot].refill_utter if frame.tries else ""
    turn.say(refill or step.ask, frame, asks=step.slot)
    wait(turn, flow, frame, step)


def wait(turn: Turn, flow: Flow, frame: LiveFrame, step: CollectStep) -> None:
    """Stop here until the person answers, with the timers of the question, its flow or the errand."""
    turn.stopped = True
    frame.was_asking = True
    turn.asked = step.slot
    if not turn.timers:
        return
    base = turn.errand()
    errand = turn.flow(turn.stack[base]) if base >= 0 else flow
    usual = turn.limits if base >= 0 and errand.priority != "emergency" else None
    remind = step.remind_after or flow.remind_after or errand.remind_after or (usual.remind if usual else 0)
    expire = step.expire_after or flow.expire_after or errand.expire_after or (usual.expire if usual else 0)
    if remind:
        turn.effects.append(did.TimerSet("remind", remind, step.slot))
    if expire:
        turn.effects.append(did.TimerSet("expire", expire, step.slot))


def reject(turn: Turn, flow: Flow, frame: LiveFrame, step: CollectStep, response: str, *, counted: bool) -> None:
    """Say why an answer cannot be, forget it and ask again; after too many tries a person takes over."""
    turn.effects.append(did.SlotRejected(step.slot, response))
    if response:
        turn.say(response, frame)
    turn.fill(step.slot, None)
    if counted and too_many_tries(turn, flow, frame, step):
        return
    ask(turn, flow, frame, step)


def too_many_tries(turn: Turn, flow: Flow, frame: LiveFrame, step: CollectStep) -> bool:
    """Count a failed answer; at the limit give up and return True."""
    frame.tries += 1
    limit = step.max_attempts or flow.max_attempts or turn.limits.tries
    if frame.tries < limit:
        return False
    patterns.give_up(turn, "tries", frame)
    return True


def _action(turn: Turn, flow: Flow, frame: LiveFrame, step: Any) -> None:
    if step.says:
        if frame.replay == RESTARTED:
            frame.context[HELD] = step.action
        else:
            turn.say(step.action, frame)
        move(turn, flow, frame, step)
        return
    own = patterns.ACTIONS.get(step.action)
    if own is None:
        call_action(turn, frame, step, step.action)
        return
    begun = own(turn, frame)
    move(turn, flow, frame, step)
    if begun is not None:
        turn.push(begun)
    if turn.taking_up:
        turn.taking_up = False
        parking.take_up(turn)


def call_action(turn: Turn, frame: LiveFrame, step: Step, action: str) -> None:
    """Ask the host to run ``action``; it comes back as ActionDone or ActionFailed."""
    turn.calls += 1
    if turn.calls > turn.limits.actions:
        patterns.give_up(turn, "steps", frame)
        return
    call_id = f"{turn.before.id}:{turn.turn}:{turn.calls}"
    turn.pending = Pending(call_id, action, frame.flow, step.id, turn.timers)


def _set_slots(turn: Turn, flow: Flow, frame: LiveFrame, step: Any) -> None:
    for slot, value in step.values:
        turn.fill(slot, value)
    move(turn, flow, frame, step)


def _link(turn: Turn, flow: Flow, frame: LiveFrame, step: Any) -> None:
    """End this flow, and those that called it, and begin another in their place."""
    context = frame.context if flow.pattern else {}
    base = len(turn.stack) - 1
    while turn.stack[base].called and base > 0:
        base -= 1
    ended = turn.stack[base:]
    del turn.stack[base:]
    for each in reversed(ended):
        turn.effects.append(did.FlowCompleted(each.flow, each.step))
    turn.empty(ended[0].flow)
    patterns.enter(turn, turn.frame_for(turn.dialogs.flows[step.flow], context))


def _call(turn: Turn, _flow: Flow, frame: LiveFrame, step: Any) -> None:
    if len(turn.stack) >= turn.limits.depth:
        patterns.give_up(turn, "depth", frame)
        return
    child = turn.frame_for(turn.dialogs.flows[step.flow], called=True)
    child.replay = frame.replay if frame.replay == REPLAYING else ""
    turn.push(child)


_KINDS: dict[type[Step], Callable[[Turn, Flow, LiveFrame, Any], None]] = {
    CollectStep: _collect,
    ActionStep: _action,
    SetSlotsStep: _set_slots,
    LinkStep: _link,
    CallStep: _call,
    NoopStep: move,
}
