"""What training spares changes nothing: the margins are those that all the examples together make."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import random as random_matrix

from bot.nlu import margins as subject
from bot.nlu.counting import known_share, matrix_of, misspelt, table_of, vocabulary_of
from bot.nlu.features import words_of
from bot.nlu.margins import margins

ROWS, FEATURES, LABELS = 6_000, 200, 4


@pytest.fixture(scope="module")
def examples():
    """Examples of four labels, some of them on the wrong side; the last label has three, none where a guess looks."""
    chance = np.random.default_rng(1)
    matrix = random_matrix(ROWS, FEATURES, density=0.05, format="csr", random_state=2)
    pulls = chance.normal(size=(FEATURES, LABELS - 1))
    targets = (matrix @ pulls + chance.normal(scale=0.1, size=(ROWS, LABELS - 1))).argmax(axis=1)
    targets[[1, 2, 4_001]] = LABELS - 1
    return matrix, targets


def test_few_examples_make_the_margins_of_all(examples, monkeypatch):
    matrix, targets = examples
    weights, bias = margins(matrix, targets, LABELS, strength=0.5, seed=7)
    monkeypatch.setattr(subject, "_WORTH_GUESSING", ROWS + 1)
    slowly, slow_bias = margins(matrix, targets, LABELS, strength=0.5, seed=7)
    scores, expected = matrix @ weights + bias, matrix @ slowly + slow_bias
    assert np.abs(scores - expected).mean() < 0.01 * expected.std()
    assert (scores.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.995
    assert (expected.argmax(axis=1) == targets).mean() > 0.8


def test_most_examples_are_not_looked_at_more_than_once(examples, monkeypatch):
    matrix, targets = examples
    seen = []
    learn = subject._learn
    monkeypatch.setattr(
        subject, "_learn", lambda matrix, rows, *rest: (seen.append(len(rows)), learn(matrix, rows, *rest))
    )
    margins(matrix, targets, LABELS, strength=0.5, seed=7)
    assert sum(seen) < 0.9 * 2 * ROWS * LABELS


def test_an_intent_without_examples_is_never_heard(examples):
    matrix, _ = examples
    weights, bias = margins(matrix[:50], np.zeros(50, dtype=np.int64), 2, strength=0.5, seed=7)
    assert not weights.any()
    assert bias.tolist() == [-10.0, -10.0]


def test_words_count_from_the_first_time_and_what_is_misspelt_from_the_second():
    table = table_of([words_of(text) for text in ("no hay agua", "no hay luz", "no hay aguas")])
    rows = np.arange(3)
    names = vocabulary_of(table, rows, plain=rows[:2]).names_in(table)
    assert {"no", "lus", "agua", "no ai", "~<a"} <= set(names)
    assert not {"aguas", "ai lus", "~uas"} & set(names)


def test_each_half_of_a_row_has_length_one_and_unknown_features_no_place():
    table = table_of([words_of(text) for text in ("no hay agua en mi casa", "no hay luz", "huele a gas")])
    kept, heard = np.array([0, 1]), np.array([1, 2])
    vocabulary = vocabulary_of(table, kept)
    matrix = matrix_of(table, vocabulary, heard).toarray()
    halves = matrix[0, : vocabulary.words], matrix[0, vocabulary.words :]
    assert [round(float((half**2).sum()), 6) for half in halves] == [1, 1]
    assert known_share(table, vocabulary, heard).tolist() == [1, 0]
    assert matrix.shape == (2, len(vocabulary.chosen))


def test_the_same_chance_misspells_alike_and_tells_what_it_misspelt():
    texts = ["quiero hacer un reclamo por la factura", "", "no hay agua en el barrio"]
    spoilt = misspelt(texts, copies=2, seed=3)
    assert spoilt == misspelt(texts, copies=2, seed=3)
    assert [place for place, _ in spoilt] == [0, 0, 2, 2]
    assert all(text != texts[place] for place, text in spoilt)
