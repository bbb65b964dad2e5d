"""The held-out sentences, and what a model made of each."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.kernel.clock import BOGOTA
from bot.kernel.errors import ModelError, Unreadable
from bot.nlu.data import Example, NluData, files_of, read_data, sets_of
from bot.nlu.emergencies import detect
from bot.nlu.entities import Gazetteer
from bot.nlu.model import OUT_OF_SCOPE, Model
from bot.nlu.understand import Understanding
from dialogs.engine.heard import Entity, Intent

#: The moment to which "anoche" relates, that of the conversation scripts: Wednesday 18 March 2026, 10:30.
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=BOGOTA)

_WARM_UP = 50
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Observed:
    """What was heard in one sentence: by the whole understanding, and by the detector of danger alone (``danger``)."""

    example: Example
    ranking: tuple[Intent, ...]
    out_of_scope: float
    entities: tuple[Entity, ...]
    danger: str
    seconds: float

    @property
    def is_ours(self) -> bool:
        """Whether the sentence is in scope."""
        return self.example.intent != OUT_OF_SCOPE

    @property
    def inside(self) -> tuple[Intent, ...]:
        """The ranking without the intent that means "not our business"."""
        return tuple(intent for intent in self.ranking if intent.name != OUT_OF_SCOPE)

    @property
    def is_right(self) -> bool:
        """Whether the best intent in scope is the one that was meant."""
        return self.inside[0].name == self.example.intent

    @property
    def first(self) -> str:
        """The first of the ranking, which may be "not our business"."""
        return self.ranking[0].name


def held_out_sentences(source: Path, held_out: str = "") -> NluData:
    """Return the sentences to measure with.

    Args:
        source: a file, a folder of sentences, or a folder of language data with folders called ``tests`` in it.
        held_out: the name of one set of ``tests``; empty for all but the closing one.

    Raises:
        Unreadable: there is no such set.
        DialogsError: the files are wrong.
    """
    known = sets_of(source)
    if held_out:
        if held_out not in known:
            raise Unreadable(f"{source} has no set {held_out!r}; known: {', '.join(known) or 'none'}")
        return read_data(source, held_out=held_out)
    if files_of(source, tests=True):
        data = read_data(source, tests=True)
        if not data.examples:
            raise Unreadable(f"{source} holds no held-out sentences; give a file or a folder of them with --data")
        return data
    if known:
        raise Unreadable(f"{source}: name the set to measure with, for example --set {known[0]}")
    return read_data(source)


def understanding_of(model: Model, places: Iterable[str] = ()) -> Understanding:
    """Return the understanding that a service with ``model`` would have whose ground has ``places``, without a database."""
    return Understanding(model, Gazetteer.of((*model.card.lookups.get("sector", ()), *places)))


def observe(model: Model, data: NluData) -> list[Observed]:
    """Hear every sentence of ``data``.

    Raises:
        ModelError: the sentences name intents that the model does not know.
    """
    unknown = sorted(set(data.intents) - set(model.labels) - {OUT_OF_SCOPE})
    if unknown:
        names = ", ".join(unknown[:_NAMED]) + (f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else "")
        message = (
            f"the model does not know the intents of these sentences: {names}; "
            "choose the sentences of its own assistant with --data, or train it again: atiende train"
        )
        raise ModelError(message)
    # A service knows its sectors: the held-out sentences bring theirs as ``lookup: sector``.
    understanding = understanding_of(model, data.lookups.get("sector", ()))
    for example in data.examples[:_WARM_UP]:
        understanding.hear(example.text, now=NOW)
    # As the service does: what is loaded is not looked at again by the garbage collector.
    gc.collect()
    gc.freeze()
    try:
        return [_observed(understanding, example) for example in data.examples]
    finally:
        gc.unfreeze()


def _observed(understanding: Understanding, example: Example) -> Observed:
    # Hearing waits for nothing: the time of the processor is its time, whatever else the machine does.
    began = time.thread_time()
    heard = understanding.hear(example.text, now=NOW)
    seconds = time.thread_time() - began
    return Observed(example, heard.ranking, heard.out_of_scope, heard.entities, detect(example.text), seconds)
