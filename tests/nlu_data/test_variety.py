"""No example is said twice, none leaks into the held-out sentences, and none is a mechanical copy of another."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from rapidfuzz import fuzz, process

from tests.nlu_data import corpus

#: Likeness (0 to 100) from which two sentences count as the same one. Short ones differ by a letter and mean different
#: things ("si", "no"), so they are compared only for equality.
TRAINING_LIMIT, LEAK_LIMIT = 94.0, 90.0
SHORTEST = 16
#: How many sentences of nearly one length are compared at a time.
BLOCK = 500

#: Nobody dictates a long voice note to say yes; the share of long messages is asked of the errands.
SMALL_TALK = frozenset(
    "saludar despedirse agradecer afirmar negar ayuda cancelar frustracion calificar fuera_de_alcance".split()
)


def _long(*, tests: bool = False) -> list[corpus.Example]:
    return [example for example in corpus.examples(tests=tests) if len(example.key) >= SHORTEST]


def _alike(left: list[corpus.Example], right: list[corpus.Example], limit: float) -> list[tuple[int, int]]:
    """Return the places of each pair that is alike; sentences that differ too much in length cannot be, and are not compared."""
    keys = [example.key for example in right]
    by_length = sorted(range(len(left)), key=lambda place: len(left[place].key))
    # The likeness is 200 × what is common ÷ both lengths, and no more is common than the shorter one has.
    most = 200 / limit - 1
    found: list[tuple[int, int]] = []
    for start in range(0, len(by_length), BLOCK):
        rows = by_length[start : start + BLOCK]
        block = [left[place].key for place in rows]
        shortest, longest = len(block[0]) / most - 1, len(block[-1]) * most + 1
        columns = [place for place, key in enumerate(keys) if shortest <= len(key) <= longest]
        near = [keys[place] for place in columns]
        scores = process.cdist(block, near, scorer=fuzz.ratio, score_cutoff=limit, dtype=np.uint8)
        found += [(rows[row], columns[column]) for row, column in np.argwhere(scores)]
    return found


def test_no_sentence_stands_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for example in corpus.examples():
        places[example.key].append(f"{example.where}: {example.raw}")

    assert {key: where for key, where in places.items() if len(where) > 1} == {}


def test_no_held_out_sentence_stands_twice_in_its_set() -> None:
    """Two people in two sets may both say «no gracias»; within a set that would count one sentence for two."""
    sets = {path.name: path.parent.name for path in corpus.files(tests=True) if path.stem != "sectores"}
    said = Counter((sets[example.where.split(":")[0]], example.key) for example in corpus.examples(tests=True))

    assert [place for place, times in said.items() if times > 1] == []


def test_no_held_out_sentence_is_among_the_examples() -> None:
    trained = {example.key for example in corpus.examples()}
    leaks = [example.raw for example in corpus.examples(tests=True) if example.key in trained]

    assert leaks == []


def test_no_held_out_sentence_is_almost_an_example() -> None:
    held, trained = _long(tests=True), _long()
    leaks = [f"{held[i].raw} ≈ {trained[j].raw}" for i, j in _alike(held, trained, LEAK_LIMIT)]

    assert leaks == []


def test_no_example_is_almost_another() -> None:
    trained = _long()
    copies = [f"{trained[i].raw} ≈ {trained[j].raw}" for i, j in _alike(trained, trained, TRAINING_LIMIT) if i < j]

    assert copies == []


def test_the_examples_are_written_as_people_write() -> None:
    """A corpus of tidy sentences teaches nothing: some have no accents, some are two words, some are long."""
    texts = [example.plain for example in corpus.examples()]
    accented = sum(any(letter in "áéíóúñ" for letter in text.lower()) for text in texts)
    short = sum(len(text.split()) <= 2 for text in texts)
    errands = [example.plain for example in corpus.examples() if example.intent not in SMALL_TALK]
    long = sum(len(text.split()) >= 15 for text in errands)

    assert 0.15 < accented / len(texts) < 0.7
    assert short / len(texts) > 0.08
    assert long / len(errands) > 0.04
