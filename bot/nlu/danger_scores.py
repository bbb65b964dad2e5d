"""A small learnt table beside the words of danger: what people write when life is at risk and no rule foresaw it.

The table (``danger_scores.json``, written by ``python -m bot.nlu.danger_fit``) gives a weight to words, pairs of words
and pieces of words by their sound, and to the concepts of ``danger_words`` that stand together. It needs no model file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from bot.nlu.danger_reading import Reading
from bot.nlu.features import pieces_of
from bot.nlu.phonetic import sound

TABLE = Path(__file__).with_name("danger_scores.json")

#: Changes when the features change, so that a table made with others is refused.
SIGNATURE = "words12-pieces45-concepts12-v2"

#: Words that are read at a time: danger at the end of a long story is not thinned out by it.
_WINDOW, _STEP = 40, 25
_PIECE = (5, 6)
_LONGEST_WORD = 24
_TOGETHER = 9
#: Features of a short message; fewer do not shout either.
_FEWEST = 40


@dataclass(frozen=True, slots=True)
class Table:
    """Weights of features, the start value, and the two scores that matter (log odds).

    From ``sure`` on it is danger; from ``maybe`` on it is, if the model of intents thinks so too, else it is asked about.
    """

    weights: Mapping[str, float]
    bias: float
    sure: float
    maybe: float
    data: str

    def score(self, reading: Reading) -> float:
        """Return the log odds that ``reading`` speaks of danger: the highest of its windows."""
        ends = range(0, max(1, len(reading.words) - _WINDOW + _STEP), _STEP)
        return max(self._part(reading, start, start + _WINDOW) for start in ends)

    def _part(self, reading: Reading, start: int, end: int) -> float:
        features = features_of(reading, start, end)
        return self.bias + sum(filter(None, map(self.weights.get, features))) * scale(len(features))


@lru_cache(maxsize=16384)
def _pieces(word: str) -> frozenset[str]:
    return frozenset(piece for piece in pieces_of(word) if len(piece) in _PIECE)


def scale(count: int) -> float:
    """Return by what each of ``count`` features is divided, so that long messages do not shout."""
    return float(max(count, _FEWEST) ** -0.5)


def features_of(reading: Reading, start: int = 0, end: int | None = None) -> set[str]:
    """Return the features of the words from ``start`` to ``end``."""
    heard = [sound(word[:_LONGEST_WORD]) for word in reading.words[start:end]]
    found = set(heard)
    found.update(f"{left} {right}" for left, right in pairwise(heard))
    for word in heard:
        found |= _pieces(word)
    named = reading.concepts[start:end]
    for place, here in enumerate(named):
        if here:
            found |= _marked(here)
            for beside in named[place + 1 : place + 1 + _TOGETHER]:
                if beside:
                    found |= _joined(here, beside)
    return found


@lru_cache(maxsize=4096)
def _marked(concepts: frozenset[str]) -> frozenset[str]:
    return frozenset("=" + concept for concept in concepts)


@lru_cache(maxsize=16384)
def _joined(here: frozenset[str], beside: frozenset[str]) -> frozenset[str]:
    """Return each two concepts of two words that stand near each other, in alphabetical order."""
    return frozenset(f"={min(one, other)}={max(one, other)}" for one in here for other in beside)


@lru_cache(maxsize=1)
def shipped() -> Table:
    """Return the table of the repository.

    Raises:
        ValueError: the table was made for other features.
    """
    stored = json.loads(TABLE.read_text(encoding="utf-8"))
    if stored["signature"] != SIGNATURE:
        message = f"{TABLE.name} was made for other features; make it anew: python -m bot.nlu.danger_fit"
        raise ValueError(message)
    step = float(stored["step"])
    weights = {name: step * float(weight) for weight, names in stored["weights"].items() for name in names}
    return Table(
        weights,
        float(stored["bias"]),
        float(stored["sure"]),
        float(stored["maybe"]),
        str(stored["data"]),
    )
