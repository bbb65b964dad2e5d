"""Make a model from language data, with scikit-learn; the service itself never loads it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kernel.errors import ModelError
from bot.nlu.calibrate import UNMEASURED, calibrate
from bot.nlu.counting import (
    Floats,
    Places,
    Table,
    Vocabulary,
    known_share,
    matrix_of,
    misspelt,
    table_of,
    vocabulary_of,
)
from bot.nlu.data import NluData
from bot.nlu.features import words_of
from bot.nlu.margins import margins
from bot.nlu.model import Arrays, Card, Model
from bot.nlu.validate import read_valid

#: Chance is fixed: the same data give the same model.
SEED = 20_260_318

#: How strongly an example pulls against keeping the weights small; chosen in docs/nlu.md.
STRENGTH = 0.5
#: Misspelt copies of each example; chosen in docs/nlu.md.
NOISY_COPIES = 1
_FEWEST_FOR_FOLDS = 3


def train(data_folder: Path, out: Path, *, now: datetime) -> Card:
    """Train on every language file below ``data_folder`` and write the model to ``out``.

    Args:
        data_folder: folder (or file) of Rasa NLU YAML; folders called ``tests`` are not read.
        out: the ``.npz`` to write; its card goes beside it as ``.json``.
        now: the date of the card (aware).

    Raises:
        DialogsError: the data are wrong, with file and line.
        ModelError: there are too few intents or examples to learn anything.
    """
    model = fit(read_valid(data_folder), now=now)
    model.save(out)
    return replace(model.card, figures={**model.card.figures, "bytes": float(out.stat().st_size)})


def fit(data: NluData, *, now: datetime) -> Model:
    """Return a model trained on ``data``; see ``train``."""
    started = time.perf_counter()
    labels = data.intents
    if len(labels) < 2:  # noqa: PLR2004 - one intent leaves nothing to choose
        message = "at least two intents with examples are needed to train"
        raise ModelError(message)
    texts = [example.text for example in data.examples]
    place_of = {label: place for place, label in enumerate(labels)}
    targets = np.array([place_of[example.intent] for example in data.examples])
    spoilt = misspelt(texts, copies=NOISY_COPIES, seed=SEED)
    table = table_of(words_of(text) for text in chain(texts, (text for _, text in spoilt)))
    plain = np.arange(len(texts))

    def score(kept: Places, held_out: Places) -> tuple[Floats, npt.NDArray[np.float64]]:
        vocabulary = vocabulary_of(table, kept)
        weights, bias = learn(table, vocabulary, kept, targets[kept], len(labels))
        scores: Floats = (matrix_of(table, vocabulary, held_out).astype(np.float32) @ weights + bias).astype(np.float32)
        return scores, known_share(table, vocabulary, held_out)

    calibration = UNMEASURED
    if len(texts) >= _FEWEST_FOR_FOLDS * len(labels):
        authors = [example.author for example in data.examples]
        calibration = calibrate(targets, authors, table.lengths[plain], labels, score, seed=SEED)
    everything = np.concatenate((plain, len(texts) + np.arange(len(spoilt))))
    wanted = np.concatenate((targets, targets[[place for place, _ in spoilt]]))
    vocabulary = vocabulary_of(table, everything, plain=plain)
    weights, bias = learn(table, vocabulary, everything, wanted, len(labels))
    names = vocabulary.names_in(table)
    arrays = Arrays(
        names=names,
        words=vocabulary.words,
        idf=vocabulary.idf,
        weights=weights.astype(np.float16),
        bias=bias,
        temperature=calibration.temperature,
        beyond=calibration.beyond,
        sure=calibration.sure,
    )
    card = Card(
        labels=labels,
        data_sha256=data.sha256,
        trained_at=now.isoformat(timespec="seconds"),
        examples=len(texts),
        features=len(arrays.names),
        figures={**calibration.figures, "seconds": round(time.perf_counter() - started, 2)},
        per_intent=dict(sorted(Counter(example.intent for example in data.examples).items())),
        synonyms=data.synonym_of,
        lookups=data.lookups,
    )
    return Model(arrays, card)


def learn(
    table: Table, vocabulary: Vocabulary, rows: Places, targets: Places, labels: int, *, strength: float = STRENGTH
) -> tuple[Floats, Floats]:
    """Return (weights, bias) from the examples ``rows``, whose labels are ``targets``."""
    return margins(matrix_of(table, vocabulary, rows), targets, labels, strength=strength, seed=SEED)
