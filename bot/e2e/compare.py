"""Compares what a script expects of a turn with what was seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.e2e.model import Assertion, Expected, ReplySeen, SlotExpected, Turn, TurnSeen, Uttered
from dialogs.engine.effects import (
    ActionRan,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    Reply,
    SlotCorrected,
    SlotFilled,
    StepVisited,
)

_CLARIFICATION = "pattern_clarification"
_LONG = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that did not hold: its line, what was expected, and what was seen instead."""

    line: int
    expected: str
    seen: tuple[str, ...]


def differences(turn: Turn, seen: TurnSeen) -> list[Difference]:
    """Return every expectation of ``turn`` that ``seen`` does not meet; replies must come in the written order."""
    found: list[Difference] = []
    next_reply = 0
    for expected in turn.expected:
        if expected.kind in {"utter", "bot"}:
            place = _find_reply(expected, seen.replies, next_reply)
            if place is None:
                found.append(Difference(expected.line, _say_expected(expected), tuple(map(say_reply, seen.replies))))
            else:
                next_reply = place + 1
        else:
            found += _slot_differences(expected.kind, expected.line, expected.slots, seen)
    return [*found, *_assertion_differences(turn, seen)]


def say_reply(reply: ReplySeen) -> str:
    """Write one reply on one line: its response, its text, its buttons."""
    text = " ".join(reply.text.split())
    text = text if len(text) <= _LONG else f"{text[:_LONG]}…"
    buttons = f" [{' | '.join(title for title, _ in reply.buttons)}]" if reply.buttons else ""
    return f"utter: {reply.response or '(literal)'} - «{text}»{buttons}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _find_reply(expected: Expected, replies: tuple[ReplySeen, ...], start: int) -> int | None:
    for place in range(start, len(replies)):
        reply = replies[place]
        if expected.kind == "utter" and reply.response == expected.text:
            return place
        if expected.kind == "bot" and _plain(reply.text) == _plain(expected.text):
            return place
    return None


def _say_expected(expected: Expected) -> str:
    return f"{expected.kind}: {expected.text}"


def _sets(seen: TurnSeen) -> Iterator[tuple[int, str, Any]]:
    for place, effect in enumerate(seen.effects):
        if isinstance(effect, SlotFilled | SlotCorrected):
            yield place, effect.slot, effect.value


def _same(expected: object, seen: object) -> bool:
    if isinstance(expected, bool) or isinstance(seen, bool):
        return expected is seen
    return expected == seen or (isinstance(expected, str) and seen is not None and expected == str(seen))


def _slot_place(slot: SlotExpected, seen: TurnSeen) -> int | None:
    """Return where ``slot`` took the expected value in this turn; a value it still has at the end counts too."""
    for place, name, value in _sets(seen):
        if name == slot.name and (not slot.has_value or _same(slot.value, value)):
            return place
    if slot.name in seen.slots:
        value = seen.slots[slot.name]
        if (slot.has_value and _same(slot.value, value)) or (not slot.has_value and value is not None):
            return len(seen.effects)
    elif slot.has_value and slot.value is None:
        return len(seen.effects)
    return None


def _was_set_now(slot: SlotExpected, seen: TurnSeen) -> bool:
    return any(
        name == slot.name and value is not None and (not slot.has_value or _same(slot.value, value))
        for _, name, value in _sets(seen)
    )


def _slot_differences(kind: str, line: int, slots: tuple[SlotExpected, ...], seen: TurnSeen) -> Iterator[Difference]:
    for slot in slots:
        wrong = _slot_place(slot, seen) is None if kind == "slot_was_set" else _was_set_now(slot, seen)
        if wrong:
            value = f"{slot.name}: {slot.value!r}" if slot.has_value else slot.name
            yield Difference(line, f"{kind}: {value}", _slots_seen(slot.name, seen))


def _slots_seen(name: str, seen: TurnSeen) -> tuple[str, ...]:
    lines = [f"{slot}: {value!r} (set in this turn)" for _, slot, value in _sets(seen)]
    lines.append(f"{name}: {seen.slots.get(name)!r} (at the end)")
    return tuple(dict.fromkeys(lines))


def _assertion_differences(turn: Turn, seen: TurnSeen) -> Iterator[Difference]:
    reached = -1
    for assertion in turn.assertions:
        if assertion.kind in {"slot_was_set", "slot_was_not_set"}:
            wrong = list(_slot_differences(assertion.kind, assertion.line, assertion.slots, seen))
            yield from wrong
            place = -1 if wrong or assertion.kind == "slot_was_not_set" else _slot_place(assertion.slots[0], seen)
        elif assertion.kind == "bot_did_not_utter":
            place = -1
            if _uttered_place(assertion, seen) is not None:
                yield Difference(assertion.line, _say_assertion(assertion), tuple(map(say_reply, seen.replies)))
        else:
            place = _PLACES[assertion.kind](assertion, seen)
            if place is None:
                yield Difference(assertion.line, _say_assertion(assertion), _facts(assertion.kind, seen))
        if turn.ordered and place is not None and place >= 0:
            if place < reached:
                text = f"{_say_assertion(assertion)} (after the assertions above it)"
                yield Difference(assertion.line, text, ("it happened before them",))
            reached = max(reached, place)


def _say_assertion(assertion: Assertion) -> str:
    if assertion.uttered is not None:
        parts = [assertion.uttered.response, assertion.uttered.text and f"/{assertion.uttered.text}/"]
        parts += [f"[{title or payload}]" for title, payload in assertion.uttered.buttons]
        return f"{assertion.kind}: {' '.join(part for part in parts if part)}"
    names = (" or " if assertion.any_of else ", ").join(assertion.names)
    return f"{assertion.kind}: {names}{f' at {assertion.step}' if assertion.step else ''}"


def _started_place(assertion: Assertion, seen: TurnSeen) -> int | None:
    places = [
        next((at for at, fact in enumerate(seen.effects) if isinstance(fact, FlowStarted) and fact.flow == name), None)
        for name in assertion.names
    ]
    happened = [place for place in places if place is not None]
    enough = bool(happened) if assertion.any_of else len(happened) == len(places)
    return max(happened) if happened and enough else None


def _ended_place(assertion: Assertion, seen: TurnSeen) -> int | None:
    kind = FlowCompleted if assertion.kind == "flow_completed" else FlowCancelled
    for place, fact in enumerate(seen.effects):
        if not isinstance(fact, kind) or fact.flow != assertion.names[0]:
            continue
        if not assertion.step or fact.step == assertion.step or StepVisited(fact.flow, assertion.step) in seen.effects:
            return place
    return None


def _action_place(assertion: Assertion, seen: TurnSeen) -> int | None:
    name = assertion.names[0]
    for place, fact in enumerate(seen.effects):
        if (isinstance(fact, ActionRan) and fact.action == name) or (isinstance(fact, Reply) and fact.response == name):
            return place
    return None


def _clarified_place(assertion: Assertion, seen: TurnSeen) -> int | None:
    if not any(isinstance(fact, FlowStarted) and fact.flow == _CLARIFICATION for fact in seen.effects):
        return None
    offered = [part for reply in seen.replies for button in reply.buttons for part in button]
    offered += [reply.text for reply in seen.replies]
    everywhere = "\n".join(offered)
    return 0 if all(name in everywhere for name in assertion.names) else None


def _uttered_place(assertion: Assertion, seen: TurnSeen) -> int | None:
    wanted = assertion.uttered or Uttered()
    for number, reply in enumerate(seen.replies):
        named = not wanted.response or reply.response == wanted.response
        matched = not wanted.text or re.search(wanted.text, reply.text) is not None
        pressed = all(
            any((not title or title == seen_title) and (not payload or payload == seen_payload)
                for seen_title, seen_payload in reply.buttons)
            for title, payload in wanted.buttons
        )  # fmt: skip
        if named and matched and pressed:
            facts = [place for place, fact in enumerate(seen.effects) if isinstance(fact, Reply)]
            return facts[number] if number < len(facts) else len(seen.effects)
    return None


_PLACES: dict[str, Callable[[Assertion, TurnSeen], int | None]] = {
    "flow_started": _started_place,
    "flow_completed": _ended_place,
    "flow_cancelled": _ended_place,
    "pattern_clarification_contains": _clarified_place,
    "action_executed": _action_place,
    "bot_uttered": _uttered_place,
}


def _facts(kind: str, seen: TurnSeen) -> tuple[str, ...]:
    if kind in {"bot_uttered", "pattern_clarification_contains"}:
        return tuple(map(say_reply, seen.replies))
    told: list[str] = []
    for fact in seen.effects:
        if isinstance(fact, FlowStarted):
            told.append(f"flow_started: {fact.flow}")
        elif isinstance(fact, FlowCompleted | FlowCancelled):
            told.append(f"{'flow_completed' if isinstance(fact, FlowCompleted) else 'flow_cancelled'}: {fact.flow}")
        elif isinstance(fact, ActionRan):
            told.append(f"action_executed: {fact.action}")
    return tuple(told)
