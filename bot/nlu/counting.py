"""From examples to a matrix of numbers: their features counted once for all, the vocabulary, the weight of each feature."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.features import pieces_of, word_features
from bot.nlu.noise import noisy

#: What was seen once, and is no word of an example, says nothing.
_FEWEST = 2
_UNKNOWN = -1

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """How often each feature stands in each example: counted once, however many times something is learnt from it.

    ``names`` are the features, ``is_piece`` tells the pieces of words from the rest. The entries from ``starts[i]`` to
    ``starts[i + 1]`` are those of example i: the place of a feature in ``names``, and how often it stands there; in the
    same manner ``words`` holds the places of its words, one after another.
    """

    names: tuple[str, ...]
    is_piece: npt.NDArray[np.bool_]
    features: npt.NDArray[np.int32]
    often: npt.NDArray[np.int32]
    starts: Places
    words: npt.NDArray[np.int32]
    word_starts: Places

    @property
    def lengths(self) -> Places:
        """How many words each example has."""
        return np.diff(self.word_starts)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that count: ``chosen`` are their places in the table, ``places`` leads back; ``idf`` weighs each.

    The first ``words`` of them are words and pairs, the rest pieces.
    """

    chosen: Places
    places: Places
    words: int
    idf: Floats

    def names_in(self, table: Table) -> tuple[str, ...]:
        """Return the features by their names."""
        return tuple(table.names[place] for place in self.chosen)


class _Places(dict[str, int]):
    """The place of each name; one that was never asked for gets the next."""

    def __missing__(self, name: str) -> int:
        place = self[name] = len(self)
        return place


def table_of(said: Iterable[Sequence[str]]) -> Table:
    """Return the table of examples, each given by its words (``words_of``)."""
    place_of = _Places()
    pieces: dict[str, tuple[int, ...]] = {}
    # Millions of numbers: as objects of Python they would fill the memory.
    features, often, words = array("i"), array("i"), array("i")
    starts, word_starts = array("q", [0]), array("q", [0])

    place = place_of.__getitem__
    for each in said:
        for word in each:
            if word not in pieces:
                pieces[word] = tuple(map(place, pieces_of(word)))
        counts = Counter(map(place, word_features(list(each))))
        counts.update(chain.from_iterable(map(pieces.__getitem__, each)))
        features.extend(counts.keys())
        often.extend(counts.values())
        words.extend(map(place, each))
        starts.append(len(features))
        word_starts.append(len(words))
    return Table(
        names=tuple(place_of),
        is_piece=np.array([name.startswith("~") for name in place_of], dtype=np.bool_),
        features=np.frombuffer(features, dtype=np.int32),
        often=np.frombuffer(often, dtype=np.int32),
        starts=np.array(starts),
        words=np.frombuffer(words, dtype=np.int32),
        word_starts=np.array(word_starts),
    )


def misspelt(texts: Sequence[str], *, copies: int, seed: int) -> list[tuple[int, str]]:
    """Return each text misspelt ``copies`` times, with its place in ``texts``; the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - noise, not secrets
    return [(place, noisy(text, chance)) for place, text in enumerate(texts) if text.split() for _ in range(copies)]


def vocabulary_of(
    table: Table, rows: Places, *, plain: Places | None = None, keep: npt.NDArray[np.bool_] | None = None
) -> Vocabulary:
    """Return the features of the examples ``rows``: words, and the pairs and pieces that were seen more than once.

    Args:
        table: the examples.
        rows: those that are learnt from.
        plain: those of them whose words count though they were seen once, if not all: what is misspelt is no word.
        keep: the features that may be used, if not all.
    """
    seen = np.bincount(table.features[_entries(table.starts, rows)], minlength=len(table.names))
    is_used = seen >= _FEWEST
    is_used[table.words[_entries(table.word_starts, rows if plain is None else plain)]] = True
    if keep is not None:
        is_used &= keep
    chosen = np.concatenate((np.flatnonzero(is_used & ~table.is_piece), np.flatnonzero(is_used & table.is_piece)))
    places = np.full(len(table.names), _UNKNOWN, dtype=np.int64)
    places[chosen] = np.arange(len(chosen))
    idf = np.log((1 + len(rows)) / (1 + seen[chosen])) + 1
    return Vocabulary(chosen, places, int((is_used & ~table.is_piece).sum()), idf.astype(np.float32))


def matrix_of(table: Table, vocabulary: Vocabulary, rows: Places) -> Any:
    """Return a sparse matrix (``rows`` x features): TF-IDF, each half of a row scaled to length one."""
    from scipy.sparse import csr_matrix

    entries = _entries(table.starts, rows)
    row_of = np.repeat(np.arange(len(rows)), np.diff(table.starts)[rows])
    features = table.features[entries]
    columns = vocabulary.places[features]
    is_known = columns != _UNKNOWN
    columns, row_of = columns[is_known], row_of[is_known]
    half_of = 2 * row_of + table.is_piece[features[is_known]]
    weights = (1.0 + np.log(table.often[entries][is_known])) * vocabulary.idf[columns]
    lengths = np.sqrt(np.bincount(half_of, weights * weights, minlength=2 * len(rows)))
    starts = np.concatenate(([0], np.cumsum(np.bincount(row_of, minlength=len(rows)))))
    return csr_matrix((weights / lengths[half_of], columns, starts), shape=(len(rows), len(vocabulary.chosen)))


def known_share(table: Table, vocabulary: Vocabulary, rows: Places) -> npt.NDArray[np.float64]:
    """Return, for each of the examples ``rows``, the share of its words that the vocabulary holds."""
    is_known = vocabulary.places[table.words[_entries(table.word_starts, rows)]] != _UNKNOWN
    lengths = table.lengths[rows]
    row_of = np.repeat(np.arange(len(rows)), lengths)
    return np.bincount(row_of, is_known, minlength=len(rows)) / np.maximum(lengths, 1)


def _entries(starts: Places, rows: Places) -> Places:
    """Return the places of all the entries of ``rows``, row after row."""
    lengths = np.diff(starts)[rows]
    ends = np.cumsum(lengths)
    count = int(ends[-1]) if len(ends) else 0
    found: Places = np.arange(count) + np.repeat(starts[rows] - ends + lengths, lengths)
    return found
