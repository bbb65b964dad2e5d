"""Errands that silence closed: what was answered is kept for some days, and the errand can be taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.engine import effects as did
from dialogs.engine import patterns
from dialogs.engine.conversation import Parked
from dialogs.engine.turn import LiveFrame

if TYPE_CHECKING:
    from dialogs.engine.turn import Turn


def park(turn: Turn) -> str:
    """Set aside the errand on top, if something was answered in it, and return its name; else an empty text.

    What is set aside replaces what was; a danger is never taken up again as if nothing had been, nor
    a question of ours.
    """
    base = turn.errand()
    frames = turn.group(base) if base >= 0 else []
    if not turn.limits.resume or not any(frame.filled for frame in frames):
        return ""
    flow = turn.flow(frames[0])
    if flow.priority in ("emergency", "ours"):
        return ""
    mine = turn.dialogs.emptied_by(flow.id)
    slots = {slot: turn.slots[slot] for slot in mine if slot in turn.slots}
    turn.parked = Parked(tuple(frame.freeze() for frame in frames), slots)
    turn.effects.append(did.TimerSet("forget", turn.limits.resume, ""))
    return flow.name


def forget(turn: Turn) -> None:
    """Drop what was set aside, with its answers."""
    if turn.parked is not None:
        turn.effects.append(did.FlowCancelled(turn.parked.stack[0].flow, turn.parked.stack[-1].step))
        turn.parked = None


def take_up(turn: Turn) -> None:
    """Put the parked errand back on the stack with its answers; its open question is asked again."""
    if turn.parked is None:
        return
    parked, turn.parked = turn.parked, None
    turn.slots.update(parked.slots)
    turn.stack += [LiveFrame(frame, was_asking=False) for frame in parked.stack]
    turn.effects.append(did.FlowResumed(parked.stack[0].flow))
    patterns.keep_to_loaded(turn)
    turn.asked = ""
    flow = turn.dialogs.flows.get(patterns.CONTINUE)
    if flow is not None and turn.errand() >= 0:
        turn.push(turn.frame_for(flow, {"interrupted_name": turn.errand_name()}))
