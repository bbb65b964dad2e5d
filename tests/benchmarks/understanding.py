"""What each choice of the understanding is worth: people never met, each choice taken away, more and more people.

Not among the benchmarks that run by themselves, for it takes minutes: ``python -m tests.benchmarks understanding``.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.counting import matrix_of, misspelt, table_of, vocabulary_of
from bot.nlu.data import Example, read_data
from bot.nlu.features import words_of
from bot.nlu.model import OUT_OF_SCOPE
from bot.nlu.noise import noisy
from bot.nlu.train import SEED, STRENGTH, learn
from tests.benchmarks.figure import Figure

_DATA = Path(__file__).resolve().parents[2] / "nlu_data"
_FOLDS = 4
_STRENGTHS = (0.25, 0.5, 1.0)
_FEWEST_LIVES = 4

Keep = Callable[[str], bool]
Placed = npt.NDArray[np.int64]


def run() -> list[Figure]:
    """Measure; the floor of every figure is the whole pipeline in this run."""
    examples = list(read_data(_DATA).examples)
    held_out = list(read_data(_DATA, tests=True, held_out="desarrollo").examples)
    labels = sorted({example.intent for example in examples})
    bench = _Bench(examples, held_out, labels)
    return [bench.nested(), *bench.without(), *bench.curve(), *bench.slips()]


@dataclass(frozen=True)
class _Heard:
    """What is listened to: the words of each sentence, and the place of the intent that is wanted."""

    said: list[list[str]]
    wanted: Placed


class _Bench:
    """The examples said once, for all the runs."""

    def __init__(self, examples: list[Example], held_out: list[Example], labels: list[str]) -> None:
        self._labels = labels
        self._outside = labels.index(OUT_OF_SCOPE)
        self._texts = [example.text for example in examples]
        self._targets = np.array([labels.index(example.intent) for example in examples])
        self._authors = [example.author for example in examples]
        self._words = [words_of(text) for text in self._texts]
        self._held_texts = [example.text for example in held_out]
        self._held = _Heard(
            [words_of(text) for text in self._held_texts],
            np.array([labels.index(example.intent) for example in held_out]),
        )
        lives = sorted(set(self._authors) - {""})
        self._lives = [str(life) for life in np.random.default_rng(SEED).permutation(lives)]
        self._whole = 0.0

    def _places(self, lives: Sequence[str], *, among: bool) -> Placed:
        chosen = frozenset(lives)
        return np.array([place for place, author in enumerate(self._authors) if (author in chosen) == among])

    def _of(self, places: Placed) -> _Heard:
        return _Heard([self._words[place] for place in places], self._targets[places])

    def _share(self, kept: Placed, heard: _Heard, *, strength: float = STRENGTH, copies: int = 0,
               keep: Keep | None = None) -> float:  # fmt: skip
        """Return the share of ``heard`` in scope whose intent is found by who learnt from the examples ``kept``."""
        spoilt = misspelt([self._texts[place] for place in kept], copies=copies, seed=SEED)
        taught = [*(self._words[place] for place in kept), *(words_of(text) for _, text in spoilt)]
        targets = np.concatenate((self._targets[kept], self._targets[kept[[place for place, _ in spoilt]]]))
        table = table_of([*taught, *heard.said])
        rows = np.arange(len(taught))
        kinds = None if keep is None else np.array([keep(name) for name in table.names])
        vocabulary = vocabulary_of(table, rows, plain=rows[: len(kept)], keep=kinds)
        weights, bias = learn(table, vocabulary, rows, targets, len(self._labels), strength=strength)
        scores = np.asarray(matrix_of(table, vocabulary, len(taught) + np.arange(len(heard.said))) @ weights + bias)
        scores[:, self._outside] = -np.inf
        ours = heard.wanted != self._outside
        return float((scores[ours].argmax(axis=1) == heard.wanted[ours]).mean())

    def _across(self, **choices: object) -> float:
        """Return the mean share over people held out by groups of lives."""
        shares = []
        for fold in range(_FOLDS):
            lives = self._lives[fold::_FOLDS]
            heard = self._of(self._places(lives, among=True))
            shares.append(self._share(self._places(lives, among=False), heard, **choices))  # type: ignore[arg-type]
        return float(np.mean(shares))

    def nested(self) -> Figure:
        """Choose the strength inside, on other people, and measure outside, on people who had no part in it."""
        shares, chosen = [], Counter[float]()
        for fold in range(_FOLDS):
            lives = self._lives[fold::_FOLDS]
            others = [life for life in self._lives if life not in lives]
            kept = self._places(lives, among=False)
            inner = others[::2]
            judged = self._of(self._places(inner, among=True))
            taught = np.intersect1d(kept, self._places(inner, among=False))
            best = max(_STRENGTHS, key=lambda strength: self._share(taught, judged, strength=strength))
            chosen[best] += 1
            heard = self._of(self._places(lives, among=True))
            shares.append(self._share(kept, heard, strength=best))
        self._whole = self._across()
        picked = ", ".join(f"{strength:g} x {count}" for strength, count in sorted(chosen.items()))
        return _figure(
            "people never met, nested", float(np.mean(shares)), f"strength chosen inside: {picked}", self._whole
        )

    def without(self) -> list[Figure]:
        """Take away one kind of feature, or the noise, at a time."""
        kinds: dict[str, Keep] = {
            "pairs of neighbours": lambda name: name.startswith("~") or " " not in name,
            "pairs around a word": lambda name: name.startswith("~") or "_" not in name,
            "edges and length": lambda name: (
                name.startswith("~") or not (name.startswith(("^", "#")) or name.endswith("$"))
            ),
            "letters in words": lambda name: not name.startswith("~"),
            "words and pairs": lambda name: name.startswith("~"),
        }
        found = [
            _figure(f"without {kind}", self._across(keep=keep), "the whole pipeline", self._whole)
            for kind, keep in kinds.items()
        ]
        return [
            *found,
            _figure("with a misspelt copy of each", self._across(copies=1), "the whole pipeline", self._whole),
        ]

    def curve(self) -> list[Figure]:
        """Learn from more and more lives and measure on the development set."""
        everybody = self._share(np.arange(len(self._words)), self._held)
        counts = range(0, len(self._lives), _FEWEST_LIVES)
        return [
            _figure(
                f"development set, {count} lives",
                self._share(self._places(self._lives[count:], among=False), self._held),
                f"all {len(self._lives)} lives",
                everybody,
            )
            for count in counts
        ] + [_figure(f"development set, {len(self._lives)} lives", everybody, "the whole pipeline", everybody)]

    def slips(self) -> list[Figure]:
        """Measure the development set with one slip of the finger in five words, learnt with and without noise."""
        chance = random.Random(SEED)
        slipped = _Heard([words_of(noisy(text, chance)) for text in self._held_texts], self._held.wanted)
        everything = np.arange(len(self._words))
        clean = self._share(everything, self._held)
        found = []
        for copies in (0, 1):
            started = time.process_time()
            share = self._share(everything, slipped, copies=copies)
            spent = time.process_time() - started
            found.append(
                _figure(f"misspelt, {copies} copies learnt ({spent:.0f} s)", share, "as it was written", clean)
            )
        return found


def _figure(what: str, share: float, against: str, floor: float) -> Figure:
    return Figure(what, f"{share:.1%}", f"{against}: {floor:.1%}", f"{share / floor:.3f}", "", is_met=True)
