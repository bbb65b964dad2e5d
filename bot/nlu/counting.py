"""From examples to a matrix of numbers: their words and noisy copies, the vocabulary, the weight of each feature."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.features import piece_features, word_features, words_of
from bot.nlu.noise import noisy

#: What was seen once, and is no word of an example, says nothing.
_FEWEST = 2
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Said:
    """An example ready to be counted: how often each word feature and each piece stands in it, and its label."""

    counts: tuple[Counter[str], Counter[str]]
    words: tuple[str, ...]
    label: int
    is_noise: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that count: the first ``words`` are words and pairs, the rest pieces; ``idf`` weighs each."""

    names: tuple[str, ...]
    words: int
    idf: npt.NDArray[np.float32]


def say(text: str, label: int, *, is_noise: bool = False) -> Said:
    """Return ``text`` ready to be counted."""
    words = words_of(text)
    return Said((Counter(word_features(words)), Counter(piece_features(words))), tuple(words), label, is_noise)


def with_noise(texts: Sequence[str], targets: npt.NDArray[np.int64], *, copies: int, seed: int) -> list[Said]:
    """Return the texts misspelt ``copies`` times each, ready to be counted; the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - noise, not secrets
    return [
        say(noisy(text, chance), int(target), is_noise=True)
        for text, target in zip(texts, targets, strict=True)
        for _ in range(copies)
        if text.split()
    ]


def vocabulary_of(said: Sequence[Said]) -> Vocabulary:
    """Return the features of ``said``: words, and the pairs and pieces that were seen more than once."""
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for one in said:
        for counter, counts in zip(seen, one.counts, strict=True):
            counter.update(counts.keys())
    single = {word for one in said for word in one.words if not one.is_noise}
    words = sorted(name for name, count in seen[0].items() if count >= _FEWEST or name in single)
    pieces = sorted(name for name, count in seen[1].items() if count >= _FEWEST)
    often = np.array([seen[0][name] for name in words] + [seen[1][name] for name in pieces], dtype=np.float64)
    idf = np.log((1 + len(said)) / (1 + often)) + 1
    return Vocabulary((*words, *pieces), len(words), idf.astype(np.float32))


def matrix_of(vocabulary: Vocabulary, said: Iterable[Said]) -> Any:
    """Return a sparse matrix (examples x features): TF-IDF, each half of a row scaled to length one."""
    from scipy.sparse import csr_matrix

    # Millions of counts: whatever is done to each of them is done by numpy, and only the look-up by Python.
    places = {name: place for place, name in enumerate(vocabulary.names)}
    halves = [counts for one in said for counts in one.counts]
    columns = np.fromiter(map(places.get, chain.from_iterable(halves), repeat(_UNKNOWN)), dtype=np.int64)
    often = np.fromiter(chain.from_iterable(counts.values() for counts in halves), dtype=np.int64)
    half_of = np.repeat(np.arange(len(halves)), [len(counts) for counts in halves])
    is_known = columns != _UNKNOWN
    columns, often, half_of = columns[is_known], often[is_known], half_of[is_known]
    logs = np.array([0.0, *(math.log(count) for count in range(1, int(often.max(initial=0)) + 1))])
    weights = (1.0 + logs[often]) * vocabulary.idf[columns].astype(np.float64)
    lengths = np.sqrt(np.bincount(half_of, weights * weights, minlength=len(halves)))
    starts = np.concatenate(([0], np.cumsum(np.bincount(half_of // 2, minlength=len(halves) // 2))))
    shape = (len(halves) // 2, len(vocabulary.names))
    return csr_matrix((weights / lengths[half_of], columns, starts), shape=shape)


def known_share(vocabulary: Vocabulary, said: Iterable[Said]) -> npt.NDArray[np.float64]:
    """Return, for each example, the share of its words that the vocabulary holds."""
    known = frozenset(vocabulary.names[: vocabulary.words])
    return np.array([sum(word in known for word in one.words) / len(one.words) if one.words else 0.0 for one in said])
