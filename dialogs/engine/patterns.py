"""The manners every errand has for free: what the engine itself does around the repair patterns.

The patterns are flows (``dialogs/flows/patrones``) that staff may override; they speak. What must happen whoever words
it (asking for a person, going back to a question, offering what was queued) happens here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dialogs import wording
from dialogs.engine import effects as did
from dialogs.engine.commands import Command, StartFlow
from dialogs.engine.conversation import Conversation
from dialogs.engine.flow import CallStep, CollectStep, Dialogs, Flow, SlotDef
from dialogs.engine.turn import REPLAYING, RESTARTED, LiveFrame, Turn

SESSION_START = "pattern_session_start"
CORRECTION = "pattern_correction"
CANCEL = "pattern_cancel_flow"
CONTINUE = "pattern_continue_interrupted"
CLARIFICATION = "pattern_clarification"
CANNOT_HANDLE = "pattern_cannot_handle"
CHITCHAT = "pattern_chitchat"
SKIP = "pattern_skip_question"
HANDOFF = "pattern_human_handoff"
COMPLETED = "pattern_completed"
SATISFACTION = "pattern_customer_satisfaction"
INTERNAL_ERROR = "pattern_internal_error"
CODE_CHANGE = "pattern_code_change"
REPEAT = "pattern_repeat_bot_messages"
RESTART = "pattern_restart"
SILENCE = "pattern_user_silence"
MENU = "pattern_menu"
ERRAND_NOTED = "pattern_errand_noted"
ANSWER_NOTED = "pattern_answer_noted"
ERRAND_OFFERED = "pattern_errand_offered"
RESUME_OFFERED = "pattern_resume_offered"

#: Where a clarification keeps the words that were not clear.
FIRST_WORDS = "dicho"

#: What each pattern is started with: the names its conditions and texts may read.
CONTEXT: dict[str, frozenset[str]] = {
    SESSION_START: frozenset({"alone"}),
    CORRECTION: frozenset({"corrected", "answers", "choices"}),
    CANCEL: frozenset({"canceled_name"}),
    CONTINUE: frozenset({"interrupted_name"}),
    CLARIFICATION: frozenset({"names", "choices", FIRST_WORDS}),
    CANNOT_HANDLE: frozenset({"reason", "missed", "question"}),
    CHITCHAT: frozenset({"intent", "question"}),
    SKIP: frozenset({"question"}),
    HANDOFF: frozenset({"reason", "waiting"}),
    COMPLETED: frozenset({"previous_flow_name"}),
    SATISFACTION: frozenset(),
    INTERNAL_ERROR: frozenset({"action", "waiting"}),
    CODE_CHANGE: frozenset({"gone", "changed_name"}),
    REPEAT: frozenset(),
    RESTART: frozenset(),
    SILENCE: frozenset({"kind", "closed_name", "closed_flow"}),
    MENU: frozenset({"choices"}),
    ERRAND_NOTED: frozenset({"noted_name", "noted_names"}),
    ANSWER_NOTED: frozenset({"noted"}),
    ERRAND_OFFERED: frozenset({"offered_name"}),
    RESUME_OFFERED: frozenset({"parked_name", "late"}),
}

#: Patterns after which the bot listens, without asking the open question again.
_LISTEN_AFTER = frozenset({HANDOFF, REPEAT})

#: The slot that ``pattern_correction`` fills with the name of the answer to change.
ANSWER_TO_CHANGE = "respuesta_a_corregir"

#: The slot that the engine keeps, where the domain has it: the errand that ended last.
LAST_ERRAND = "tramite_anterior"

#: Most options a list of a channel can show.
MOST_CHOICES = 10

_LONGEST_SHOWN = 60
#: How often a parked errand is offered before it waits to be asked for.
_MOST_OFFERS = 2


def idle(conversation: Conversation, dialogs: Dialogs) -> bool:
    """Return whether no errand runs: at most a pattern waits, such as the question whether anything else is needed."""
    return all(frame.flow in dialogs.flows and dialogs.flows[frame.flow].pattern for frame in conversation.stack)


def words_of(conversation: Conversation, commands: Sequence[Command], said: str) -> str:
    """Return the words that began what ``commands`` begin: those before a clarification, else ``said`` as it is."""
    top = conversation.top
    chosen = next((command.flow for command in commands if isinstance(command, StartFlow)), "")
    if top is None or top.flow != CLARIFICATION or not chosen:
        return said
    offered = [str(payload) for _, payload in top.context.get("choices", ())]
    is_offered = any(re.match(rf"/{re.escape(chosen)}(?:\{{|\Z)", payload) for payload in offered)
    return str(top.context.get(FIRST_WORDS) or said) if is_offered else said


def enter(turn: Turn, frame: LiveFrame) -> None:
    """Put a flow on top; entering some patterns is a deed in itself."""
    if frame.flow == HANDOFF:
        reason = str(frame.context.setdefault("reason", "asked"))
        base = turn.errand()
        turn.effects.append(did.HandoffAsked(reason, turn.stack[base].flow if base >= 0 else ""))
    elif frame.flow == CORRECTION and "corrected" not in frame.context:
        frame.context.update(_answers(turn))
    turn.push(frame)


def after_pattern(turn: Turn, pattern: str) -> None:
    """Decide what follows a pattern that has ended: some of them leave the word to the person."""
    if pattern in _LISTEN_AFTER and not any(frame in turn.stack for frame in turn.notices):
        turn.stopped = True
        turn.asked = turn.waiting_for()


def resume(turn: Turn) -> None:
    """Let the errand below go on, saying so if its question is going to be asked again."""
    base = turn.errand()
    turn.effects.append(did.FlowResumed(turn.stack[base].flow))
    if turn.waiting_for() and not turn.menu_open:
        flow = turn.dialogs.flows.get(CONTINUE)
        if flow is not None:
            turn.push(turn.frame_for(flow, {"interrupted_name": turn.errand_name()}))


def after_everything(turn: Turn) -> bool:
    """Begin what comes when no errand is left: the one that was queued, or pattern_completed. False if nothing does."""
    turn.queued = [flow for flow in turn.queued if flow in turn.dialogs.flows]
    if turn.completed and LAST_ERRAND in turn.dialogs.domain.slots:
        turn.slots[LAST_ERRAND] = turn.completed
    offered, completed = turn.dialogs.flows.get(ERRAND_OFFERED), turn.dialogs.flows.get(COMPLETED)
    if turn.menu_open:
        return False
    if turn.queued and offered is not None:
        turn.push(turn.frame_for(offered, {"offered_name": turn.dialogs.flows[turn.queued[0]].name}))
    elif turn.completed and (parked := parked_offer(turn)) is not None:
        turn.push(parked)
    elif turn.completed and completed is not None:
        turn.push(turn.frame_for(completed, {"previous_flow_name": turn.dialogs.flows[turn.completed].name}))
    else:
        return False
    turn.completed = ""
    return True


def parked_offer(turn: Turn, *, late: bool = False) -> LiveFrame | None:
    """Return the question whether the errand that silence closed should go on; None when it was asked often enough.

    ``late``: what was written answers a question that is no longer open.
    """
    offered, parked = turn.dialogs.flows.get(RESUME_OFFERED), turn.parked
    flow = turn.dialogs.flows.get(parked.stack[0].flow) if parked else None
    if offered is None or parked is None or flow is None or parked.offers >= _MOST_OFFERS:
        return None
    turn.parked = replace(parked, offers=parked.offers + 1)
    return turn.frame_for(offered, {"parked_name": flow.name, "late": late})


def give_up(turn: Turn, limit: str, frame: LiveFrame) -> None:
    """End what reached a counted limit and bring a person in; the second time in one run say so and stop."""
    turn.effects.append(did.LimitReached(limit, frame.flow, frame.step))
    turn.drop_patterns()
    if turn.overran:
        turn.stack.clear()
        turn.asked = ""
        turn.effects.append(did.HandoffAsked("limit", frame.flow))
        turn.say("patrones.limite")
        turn.stopped = True
        return
    turn.overran = True
    turn.steps = 0
    base = turn.errand()
    if limit == "steps":
        while turn.stack:
            turn.cancel(turn.errand(), keep_slots=True)
    elif base >= 0 and frame in turn.stack:
        turn.cancel(base, keep_slots=True)
    flow = turn.dialogs.flows.get(HANDOFF)
    if flow is not None:
        enter(turn, turn.frame_for(flow, {"reason": "limit"}))


def rewind(turn: Turn, slot: str) -> None:
    """Take the errand on top back to the question of ``slot``, which it has passed.

    What was answered after it is kept and passed again in silence. Answers of yes or no whose question speaks of
    ``slot`` no longer mean anything and are asked again.
    """
    group = turn.group(turn.errand())
    place = next((at for at in range(len(group) - 1, -1, -1) if slot in group[at].filled), -1)
    if place < 0:
        return
    frame, waiting = group[place], turn.flow(group[-1]).steps[group[-1].step]
    for dropped in group[place + 1 :]:
        frame.filled += [each for each in dropped.filled if each not in frame.filled]
        turn.stack.remove(dropped)
    stale = set(turn.dialogs.confirmations.get(slot, ()))
    for each in stale & set(frame.filled):
        turn.fill(each, None)
    if isinstance(waiting, CollectStep) and waiting.slot in frame.filled:
        frame.filled.remove(waiting.slot)
    if frame.replay != REPLAYING or not _comes_before(turn, frame, slot):
        frame.step = turn.dialogs.asking_step(frame.flow, slot) or turn.flow(frame).first
    frame.replay = REPLAYING
    frame.tries = 0
    frame.was_asking = False
    turn.asked = ""


def _comes_before(turn: Turn, frame: LiveFrame, slot: str) -> bool:
    """Return whether the step where ``frame`` stands asks for something that was answered before ``slot``."""
    for each in frame.filled:
        if each == slot:
            return False
        if turn.dialogs.asking_step(frame.flow, each) == frame.step:
            return True
    return False


def keep_to_loaded(turn: Turn) -> None:
    """Fit the stack to the flows that are loaded now: a frame goes on if its step still exists.

    Otherwise its flow begins again, past every question that is already answered, and pattern_code_change says so. A
    flow that is gone is cancelled. Slots are always kept.
    """
    kept: list[LiveFrame] = []
    gone = again = ""
    dropping = False
    for frame in turn.stack:
        if dropping and frame.called:
            continue
        flow = turn.dialogs.flows.get(frame.flow)
        dropping = flow is None or (frame.called and not _still_calls(turn, kept, flow.id))
        if dropping:
            if frame.called and kept:
                again = _restart(turn, kept[-1])
            elif flow is None:
                turn.effects.append(did.FlowCancelled(frame.flow, frame.step))
                gone = frame.flow
            continue
        kept.append(frame)
        if flow is not None and frame.step not in flow.steps:
            again, dropping = _restart(turn, frame), True
        elif flow is not None:
            frame.version = flow.version
    if gone or again:
        turn.stack = kept
        turn.changed = True
        turn.asked = turn.waiting_for()
        turn.notice(CODE_CHANGE, gone=not again, changed_name=again or None)


def _still_calls(turn: Turn, kept: list[LiveFrame], flow_id: str) -> bool:
    step = turn.flow(kept[-1]).steps[kept[-1].step] if kept else None
    return isinstance(step, CallStep) and step.flow == flow_id


def _restart(turn: Turn, frame: LiveFrame) -> str:
    flow = turn.flow(frame)
    frame.step, frame.version, frame.tries = flow.first, flow.version, 0
    frame.replay = RESTARTED
    return flow.name


def shown_answer(turn: Turn, slot: SlotDef, value: Any) -> dict[str, str]:
    """Return the name and the value of an answer as people know them, long texts cut."""
    text = wording.label(slot.name, value, dialogs=turn.dialogs)
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return {"nombre": slot.label or slot.name.replace("_", " ").capitalize(), "valor": cut}


def _answers(turn: Turn) -> dict[str, Any]:
    """Return what ``pattern_correction`` shows when nobody said what to correct: the answers given so far."""
    base = turn.errand()
    answers, choices = [], []
    for slot in [slot for frame in turn.group(base) for slot in frame.filled] if base >= 0 else ():
        definition = turn.dialogs.domain.slots[slot]
        value = turn.slots.get(slot)
        if value is None or definition.type == "bool":
            continue
        answers.append(shown_answer(turn, definition, value))
        choices.append([answers[-1]["nombre"], f"/SetSlots({ANSWER_TO_CHANGE}={slot})"])
    return {"answers": answers[:MOST_CHOICES], "choices": choices[:MOST_CHOICES]}


# --- what patterns may do besides speaking: a deed returns the frame to begin after its step, if any -----------------


def _reopen_answer(turn: Turn, _frame: LiveFrame) -> None:
    slot = str(turn.slots.get(ANSWER_TO_CHANGE) or "")
    if turn.errand() >= 0 and turn.passed(slot):
        rewind(turn, slot)
        turn.fill(slot, None)


def _offer_menu(turn: Turn, frame: LiveFrame) -> LiveFrame | None:
    menu = turn.dialogs.flows.get("menu")
    if menu is not None:
        return turn.frame_for(menu)
    flows = [flow for flow in turn.dialogs.flows.values() if flow.startable][:MOST_CHOICES]
    frame.context["choices"] = [[flow.name, f"/{flow.id}"] for flow in flows]
    turn.say("patrones.menu", frame)
    return None


def _repeat(turn: Turn, _frame: LiveFrame) -> None:
    turn.say_again(turn.before.said)


def _start_queued(turn: Turn, _frame: LiveFrame) -> LiveFrame | None:
    name = turn.queued.pop(0) if turn.queued else ""
    flow: Flow | None = turn.dialogs.flows.get(name)
    if flow is None:
        return None
    begun = turn.frame_for(flow)
    for slot, value in turn.told.pop(name, {}).items():
        turn.fill(slot, value, name)
    return begun


def _drop_queued(turn: Turn, _frame: LiveFrame) -> None:
    del turn.queued[:1]


def _take_up_parked(turn: Turn, _frame: LiveFrame) -> None:
    turn.taking_up = True


def _drop_parked(turn: Turn, _frame: LiveFrame) -> None:
    turn.parked = None


ACTIONS: dict[str, Callable[[Turn, LiveFrame], LiveFrame | None]] = {
    "action_reopen_answer": _reopen_answer,
    "action_offer_menu": _offer_menu,
    "action_repeat_bot_messages": _repeat,
    "action_start_queued": _start_queued,
    "action_drop_queued": _drop_queued,
    "action_take_up_parked": _take_up_parked,
    "action_drop_parked": _drop_parked,
}
