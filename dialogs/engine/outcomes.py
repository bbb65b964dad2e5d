"""What comes back to a talk without the person: results of actions, and timers that fired."""

from __future__ import annotations

from dialogs.engine import commands as do
from dialogs.engine import effects as did
from dialogs.engine import parking, patterns, steps
from dialogs.engine.flow import CollectStep
from dialogs.engine.turn import Turn


def timeout(turn: Turn, command: do.Timeout) -> None:
    """Remind, or close the errand, if the question of the timer is still the open one."""
    if command.kind == "forget":
        parking.forget(turn)
        return
    if command.turn != turn.turn or not turn.asked or command.slot not in ("", turn.asked):
        return
    turn.timers = False
    turn.said = []
    closed, flow = "", ""
    if command.kind == "expire":
        turn.drop_patterns()
        flow = turn.stack[turn.errand()].flow if turn.errand() >= 0 else ""
        closed = parking.park(turn)
        while turn.stack:
            turn.cancel(turn.errand())
    turn.notice(patterns.SILENCE, kind=command.kind, closed_name=closed or None, closed_flow=flow or None)


def action_done(turn: Turn, command: do.ActionDone) -> None:
    """Take over what the pending action decided, and go past its step."""
    pending = turn.pending
    if pending is None or pending.call_id != command.call_id or not turn.stack:
        return
    turn.pending = None
    turn.timers = pending.timers
    frame = turn.stack[-1]
    flow = turn.flow(frame)
    step = flow.steps[frame.step]
    turn.effects.append(did.ActionRan(pending.action))
    for slot, value in command.slots.items():
        turn.fill(slot, value)
    for each in command.replies:
        turn.speak(did.Reply(each.response, each.values, "", each.text, each.buttons, each.attachment))
    for kind, data in command.facts:
        turn.effects.append(did.Happened(kind, data))
    if not isinstance(step, CollectStep):
        steps.move(turn, flow, frame, step)
    elif pending.action == step.ask_action:
        if not command.replies:
            turn.say("patrones.siga", frame, asks=step.slot)
        steps.wait(turn, flow, frame, step)
    elif turn.slots.get(step.slot) is None:
        steps.reject(turn, flow, frame, step, "" if command.replies else "patrones.no_valido", counted=True)
    else:
        steps.answer(turn, flow, frame, step)


def action_failed(turn: Turn, command: do.ActionFailed) -> None:
    """Note the failure, drop the errand (its answers stay) and say so kindly; a person is told."""
    pending = turn.pending
    if pending is None or pending.call_id != command.call_id:
        return
    turn.pending = None
    turn.effects.append(did.ActionBroke(pending.action, command.reason))
    turn.effects.append(did.HandoffAsked("internal_error", pending.flow))
    if turn.stack and turn.is_pattern(turn.stack[-1]):
        # A pattern that breaks must not be answered by another one that may break too.
        turn.drop_patterns()
        turn.say("patrones.error_interno")
        return
    base = turn.errand()
    if base >= 0:
        turn.cancel(base, keep_slots=True)
    turn.notice(patterns.INTERNAL_ERROR, action=pending.action, waiting=turn.errand() >= 0)
