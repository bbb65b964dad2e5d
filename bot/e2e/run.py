"""Plays the scripts against a simulator and keeps the score."""

from __future__ import annotations

import asyncio
import mimetypes
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.e2e.compare import Difference, differences
from bot.e2e.model import Case, GivenMedia, ReplySeen, Simulator, Turn, TurnSeen
from bot.e2e.steps import point
from dialogs.engine.effects import StepVisited

_TURN_LIMIT_S = 30


@dataclass(frozen=True, slots=True)
class Failure:
    """A turn that was not as written: the person's message with its line, and the differences."""

    line: int
    said: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``took_s`` in seconds."""

    case: Case
    failure: Failure | None
    took_s: float

    @property
    def passed(self) -> bool:
        """Whether every turn was as written."""
        return self.failure is None


@dataclass(slots=True)
class Coverage:
    """Which steps of each flow some case visited."""

    steps: Mapping[str, Sequence[str]]
    visited: dict[str, set[str]] = field(default_factory=dict)

    def add(self, seen: TurnSeen) -> None:
        """Count the steps of one turn."""
        for fact in seen.effects:
            if isinstance(fact, StepVisited):
                self.visited.setdefault(fact.flow, set()).add(fact.step)

    def missing(self, flow: str) -> list[str]:
        """Return the steps of ``flow`` that no case visited, in the order of the flow."""
        return [step for step in self.steps[flow] if step not in self.visited.get(flow, set())]

    @property
    def total(self) -> tuple[int, int]:
        """Steps visited and steps there are, over all flows."""
        every = sum(len(steps) for steps in self.steps.values())
        return every - sum(len(self.missing(flow)) for flow in self.steps), every


@dataclass(frozen=True, slots=True)
class Report:
    """The score of a run."""

    outcomes: tuple[Outcome, ...]
    coverage: Coverage
    took_s: float

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that were not as written."""
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)


async def run(
    cases: Iterable[Case],
    simulator: Simulator,
    steps: Mapping[str, Sequence[str]],
    *,
    fail_fast: bool = False,
    watch: Callable[[Outcome], None] | None = None,
) -> Report:
    """Play ``cases`` one after another.

    Args:
        cases: the scripts.
        simulator: begins afresh for each case.
        steps: every flow with its step ids, for the coverage.
        fail_fast: stop after the first case that is not as written.
        watch: called with each outcome as it comes.
    """
    began = time.perf_counter()
    coverage = Coverage(steps)
    outcomes: list[Outcome] = []
    for case in cases:
        outcome = await _play(case, simulator, coverage)
        outcomes.append(outcome)
        if watch is not None:
            watch(outcome)
        if fail_fast and not outcome.passed:
            break
    return Report(tuple(outcomes), coverage, time.perf_counter() - began)


async def _play(case: Case, simulator: Simulator, coverage: Coverage) -> Outcome:
    began = time.perf_counter()
    failure: Failure | None = None
    replies: tuple[ReplySeen, ...] = ()
    at, said = case.line, "(start)"
    try:
        await simulator.start(case)
        for turn in case.turns:
            at, said = turn.line, turn.text
            async with asyncio.timeout(_TURN_LIMIT_S):
                seen = await _say(turn, replies, simulator)
            coverage.add(seen)
            replies = seen.replies or replies
            found = differences(turn, seen)
            if found:
                failure = Failure(at, said, tuple(found))
                break
    except _NoSuchButton as error:
        failure = Failure(at, said, (Difference(at, f"a button «{said}»", tuple(error.offered)),))
    except TimeoutError:
        failure = Failure(at, said, (Difference(at, f"a reply within {_TURN_LIMIT_S} s", ("nothing",)),))
    except Exception as error:  # noqa: BLE001 - a case that breaks must not hide the ones after it
        failure = Failure(at, said, (Difference(at, "a turn", (f"{type(error).__name__}: {error}",)),))
    return Outcome(case, failure, time.perf_counter() - began)


class _NoSuchButton(Exception):
    def __init__(self, offered: list[str]) -> None:
        self.offered = offered


async def _say(turn: Turn, before: tuple[ReplySeen, ...], simulator: Simulator) -> TurnSeen:
    metadata = turn.metadata or None
    if turn.kind == "wait":
        return await simulator.wait(turn.seconds)
    if turn.kind == "burst":
        return await simulator.burst(turn.texts)
    if turn.kind == "button":
        offered = [button for reply in before for button in reply.buttons]
        payload = next((payload for title, payload in offered if turn.text in {title, payload}), None)
        if payload is None:
            raise _NoSuchButton([f"[{title}]" for title, _ in offered] or ["no buttons"])
        return await simulator.say(payload=payload, metadata=metadata)
    if turn.kind == "location":
        return await simulator.say(point=point(turn.text), metadata=metadata)
    if turn.kind == "media":
        names = [name.strip() for name in turn.text.split(",")]
        media = tuple(GivenMedia(name, mimetypes.guess_type(name)[0] or "application/octet-stream") for name in names)
        return await simulator.say(media=media, metadata=metadata)
    return await simulator.say(turn.text, metadata=metadata)
