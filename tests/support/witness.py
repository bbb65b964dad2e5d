"""Watches scripts being played, to say of each whether it truly shows what it declares (``x-errand``, ``x-shows``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.e2e.model import Case, GivenMedia, Simulator, TurnSeen
from dialogs.engine.effects import (
    Effect,
    FlowCancelled,
    FlowCompleted,
    FlowResumed,
    FlowStarted,
    LimitReached,
    NotUnderstood,
    Reply,
    SlotCorrected,
    SlotFilled,
    SlotRejected,
    StepVisited,
)

#: How a reply is called that says that something was not to be found, was not right, or is asked again.
_WRONG = re.compile(
    r"(?:^|[._])(?:no_|ya_no|otr[oa]_|desconocid|fuera|mar$|archivo|vencid|mal$|malo|vaci[oa]|bloquead|corto)"
)
#: The words, and the values of an option, with which people say no to what is asked or offered.
_NO = re.compile(
    r"(?i)\bno\b|=false\b|\bnada\b|ningun|\bsin\b|prefiero|omitir|descart|pensar|\bno_|asesor|oficinas|dej[ea]"
)


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One turn: what the person said (nothing, in a ``silent`` one) and what it caused."""

    said: str
    seen: TurnSeen
    silent: bool = False


@dataclass(slots=True)
class Witness:
    """A simulator that keeps what each script caused, turn by turn."""

    talk: Simulator
    seen: dict[tuple[str, str], list[Heard]] = field(default_factory=dict)
    _now: list[Heard] = field(default_factory=list)

    async def start(self, case: Case) -> None:
        """Begin to watch ``case``."""
        self._now = self.seen.setdefault((case.file, case.name), [])
        await self.talk.start(case)

    async def say(
        self,
        text: str = "",
        *,
        payload: str = "",
        media: tuple[GivenMedia, ...] = (),
        point: tuple[float, float] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> TurnSeen:
        """Pass one message on."""
        seen = await self.talk.say(text, payload=payload, media=media, point=point, metadata=metadata)
        return self._keep(Heard(payload or text, seen))

    async def burst(self, texts: Sequence[str]) -> TurnSeen:
        """Pass several messages on."""
        return self._keep(Heard(" / ".join(texts), await self.talk.burst(texts)))

    async def wait(self, seconds: int) -> TurnSeen:
        """Let time pass."""
        return self._keep(Heard("", await self.talk.wait(seconds), silent=True))

    def _keep(self, heard: Heard) -> TurnSeen:
        self._now.append(heard)
        return heard.seen


def not_shown(case: Case, turns: Sequence[Heard]) -> tuple[str, ...]:
    """Return the kinds that ``case`` declares and that did not happen to its errand while it was played."""
    told = list(_since_it_began(case.errand, turns))
    effects = [effect for _, effect in told]
    happened = {
        "feliz": any(isinstance(one, FlowCompleted) and one.flow == case.errand for one in effects),
        "cancelacion": any(
            isinstance(one, FlowCancelled) and one.flow == case.errand and not turn.silent for turn, one in told
        ),
        "silencio": any(turn.silent and isinstance(one, StepVisited) and one.flow == _SILENCE for turn, one in told),
        "digresion": any(isinstance(one, FlowResumed) for one in effects),
        "correccion": _changed_an_answer(effects),
        # The first words begin the errand: a no is said after them.
        "rechazo": any(_NO.search(turn.said) is not None for turn in list(dict.fromkeys(turn for turn, _ in told))[1:]),
        "mala_entrada": any(map(_is_wrong, effects)) or _asked_twice(effects),
    }
    return tuple(kind for kind in case.shows if not happened[kind])


_SILENCE = "pattern_user_silence"


def _since_it_began(errand: str, turns: Sequence[Heard]) -> Iterator[tuple[Heard, Effect]]:
    began = False
    for turn in turns:
        for effect in turn.seen.effects:
            began = began or (isinstance(effect, FlowStarted) and effect.flow == errand)
            if began:
                yield turn, effect


def _changed_an_answer(effects: Sequence[Effect]) -> bool:
    values: dict[str, Any] = {}
    for effect in effects:
        if isinstance(effect, SlotCorrected):
            return True
        filled = isinstance(effect, SlotFilled) and effect.value is not None
        if filled and values.setdefault(effect.slot, effect.value) != effect.value:
            return True
    return False


def _is_wrong(effect: Effect) -> bool:
    if isinstance(effect, Reply):
        return _WRONG.search(effect.response) is not None
    return isinstance(effect, NotUnderstood | SlotRejected | LimitReached)


def _asked_twice(effects: Sequence[Effect]) -> bool:
    questions = [effect.asks for effect in effects if isinstance(effect, Reply) and effect.asks]
    return len(questions) != len(set(questions))
