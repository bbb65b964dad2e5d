"""Make a model from language data, with scikit-learn; the service itself never loads it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kernel.errors import ModelError
from bot.nlu.calibrate import UNMEASURED, Floats, Places, calibrate
from bot.nlu.counting import Said, Vocabulary, known_share, matrix_of, say, vocabulary_of, with_noise
from bot.nlu.data import NluData
from bot.nlu.model import Arrays, Card, Model
from bot.nlu.validate import read_valid

#: Chance is fixed: the same data give the same model.
SEED = 20_260_318

#: How strongly an example pulls against keeping the weights small; chosen in docs/nlu.md.
STRENGTH = 0.5
#: Misspelt copies of each example; chosen in docs/nlu.md.
NOISY_COPIES = 1
#: An intent without examples is never heard.
_NEVER = -10.0
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
    said = [say(text, int(target)) for text, target in zip(texts, targets, strict=True)]

    def score(kept: Places, held_out: Places) -> tuple[Floats, npt.NDArray[np.float64]]:
        vocabulary, weights, bias = learn([said[place] for place in kept], len(labels))
        heard = [said[place] for place in held_out]
        scores: Floats = (matrix_of(vocabulary, heard) @ weights + bias).astype(np.float32)
        return scores, known_share(vocabulary, heard)

    calibration = UNMEASURED
    if len(texts) >= _FEWEST_FOR_FOLDS * len(labels):
        authors = [example.author for example in data.examples]
        lengths = [len(one.words) for one in said]
        calibration = calibrate(targets, authors, lengths, labels, score, seed=SEED)
    said += with_noise(texts, targets, copies=NOISY_COPIES, seed=SEED)
    vocabulary, weights, bias = learn(said, len(labels))
    arrays = Arrays(
        names=vocabulary.names,
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


def learn(said: Sequence[Said], labels: int, *, strength: float = STRENGTH) -> tuple[Vocabulary, Floats, Floats]:
    """Return (vocabulary, weights, bias): for each label, the widest margin between its examples and all others."""
    from sklearn.svm import LinearSVC

    vocabulary = vocabulary_of(said)
    matrix = matrix_of(vocabulary, said)
    targets = np.array([one.label for one in said])
    weights = np.zeros((len(vocabulary.names), labels), dtype=np.float32)
    bias = np.full(labels, _NEVER, dtype=np.float32)
    for label in range(labels):
        is_it = (targets == label).astype(int)
        if is_it.any() and not is_it.all():
            learner = LinearSVC(C=strength, tol=1e-2, random_state=SEED)
            learner.fit(matrix, is_it)
            weights[:, label] = learner.coef_[0]
            bias[label] = learner.intercept_[0]
    return vocabulary, weights, bias
