"""Make a model from language data, with scikit-learn; the service itself never loads it."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kernel.errors import ModelError
from bot.nlu.data import NluData
from bot.nlu.features import piece_features, word_features, words_of
from bot.nlu.model import DOUBTS, OUT_OF_SCOPE, Arrays, Card, Model, doubts, softmax_rows
from bot.nlu.noise import noisy
from bot.nlu.validate import read_valid

#: Chance is fixed: the same data give the same model.
SEED = 20_260_318

_FOLDS = 3
_STRENGTH = 20.0
_NOISY_COPIES = 1
_FEWEST_PIECES = 2
#: Share of first messages that are taken to be none of our business.
_SHARE_BEYOND = 0.3
_TEMPERATURES = np.geomspace(0.2, 5.0, 60)
_FEWEST_FOR_FOLDS = 3


@dataclass(frozen=True, slots=True)
class _Said:
    """An example ready to be counted: its words and its label."""

    words: list[str]
    label: int


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
    targets = np.array([labels.index(example.intent) for example in data.examples])
    calibration = _calibrate(texts, targets, labels)
    arrays = _fit(_said(texts, targets), labels)
    arrays = replace(arrays, temperature=calibration.temperature, beyond=calibration.beyond)
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


def _said(texts: Sequence[str], targets: npt.NDArray[np.int64], *, copies: int = _NOISY_COPIES) -> list[_Said]:
    """Return the examples and their noisy copies as words."""
    chance = random.Random(SEED)  # noqa: S311 - noise, not secrets
    said: list[_Said] = []
    for text, target in zip(texts, targets, strict=True):
        spellings = [text, *(noisy(text, chance) for _ in range(copies) if text.split())]
        said.extend(_Said(words_of(spelling), int(target)) for spelling in spellings)
    return said


def _vocabulary(said: Sequence[_Said]) -> tuple[tuple[str, ...], int, npt.NDArray[np.float32]]:
    """Return (names, how many are words, inverse document frequency)."""
    seen_words: Counter[str] = Counter()
    seen_pieces: Counter[str] = Counter()
    for one in said:
        seen_words.update(set(word_features(one.words)))
        seen_pieces.update(set(piece_features(one.words)))
    words = sorted(seen_words)
    pieces = sorted(piece for piece, count in seen_pieces.items() if count >= _FEWEST_PIECES)
    counts = np.array([seen_words[word] for word in words] + [seen_pieces[piece] for piece in pieces], dtype=np.float64)
    idf = np.log((1 + len(said)) / (1 + counts)) + 1
    return (*words, *pieces), len(words), idf.astype(np.float32)


def _fit(said: Sequence[_Said], labels: Sequence[str]) -> Arrays:
    """Fit one logistic regression for each label against the rest."""
    from sklearn.linear_model import LogisticRegression

    names, words, idf = _vocabulary(said)
    empty = Arrays(
        names=names,
        words=words,
        idf=idf,
        weights=np.zeros((len(names), len(labels)), dtype=np.float32),
        bias=np.zeros(len(labels), dtype=np.float32),
        temperature=1.0,
        beyond=np.zeros(DOUBTS + 1),
    )
    matrix = _matrix(empty, said)
    targets = np.array([one.label for one in said])
    weights, bias = empty.weights, empty.bias
    for label in range(len(labels)):
        is_it = (targets == label).astype(int)
        if not is_it.any():
            bias[label] = -10.0
            continue
        learner = LogisticRegression(C=_STRENGTH, solver="liblinear", dual=True, tol=1e-2, random_state=SEED)
        learner.fit(matrix, is_it)
        weights[:, label] = learner.coef_[0]
        bias[label] = learner.intercept_[0]
    return empty


def _matrix(arrays: Arrays, said: Iterable[_Said]) -> Any:
    from scipy.sparse import csr_matrix

    places = {name: place for place, name in enumerate(arrays.names)}
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for one in said:
        for features in (word_features, piece_features):
            counts = Counter(place for feature in features(one.words) if (place := places.get(feature)) is not None)
            weights = [(1.0 + math.log(count)) * float(arrays.idf[place]) for place, count in counts.items()]
            length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
            columns.extend(counts)
            values.extend(weight / length for weight in weights)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(starts) - 1, len(arrays.names)))


@dataclass(frozen=True, slots=True)
class _Calibration:
    temperature: float
    beyond: npt.NDArray[np.float64]
    figures: dict[str, float]


def _folds(targets: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Return the places of each fold, every label spread over all of them."""
    chance = np.random.default_rng(SEED)
    fold_of = np.zeros(len(targets), dtype=np.int64)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        fold_of[chance.permutation(places)] = np.arange(len(places)) % _FOLDS
    return [np.flatnonzero(fold_of == fold) for fold in range(_FOLDS)]


def _calibrate(texts: Sequence[str], targets: npt.NDArray[np.int64], labels: Sequence[str]) -> _Calibration:
    """Learn, on examples each time held out, how much to trust the scores and when to say "not our business"."""
    if len(texts) < _FEWEST_FOR_FOLDS * len(labels):
        return _Calibration(1.0, np.array([0.0, 0.0, 0.0, 4.0, -3.0]), {})
    scores = np.zeros((len(texts), len(labels)), dtype=np.float32)
    known = np.zeros(len(texts))
    for held_out in _folds(targets):
        kept = np.setdiff1d(np.arange(len(texts)), held_out)
        arrays = _fit(_said([texts[place] for place in kept], targets[kept], copies=0), labels)
        model = Model(arrays, _bare_card(labels, len(arrays.names)))
        for place in held_out:
            scores[place], known[place] = model.raw_scores(texts[place])
    beyond_label = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else -1
    inside = [place for place in range(len(labels)) if place != beyond_label]
    ours = targets != beyond_label
    temperature = _temperature(scores[np.ix_(ours, inside)], np.searchsorted(inside, targets[ours]))
    shares = softmax_rows(scores[:, inside] / temperature)
    said = scores[:, beyond_label] if beyond_label >= 0 else np.zeros(len(texts))
    signs = np.array([doubts(float(said[place]), shares[place], float(known[place])) for place in range(len(texts))])
    beyond, figures = _beyond(signs, ~ours, known)
    right = np.array(inside)[shares[ours].argmax(axis=1)] == targets[ours]
    best3 = np.array(inside)[np.argsort(-shares[ours], axis=1)[:, :3]]
    figures["accuracy"] = round(float(right.mean()), 4)
    figures["top3"] = round(float((best3 == targets[ours][:, None]).any(axis=1).mean()), 4)
    figures["calibration_error"] = _calibration_error(shares[ours].max(axis=1), right)
    figures["temperature"] = round(temperature, 4)
    return _Calibration(temperature, beyond, figures)


def _bare_card(labels: Sequence[str], features: int) -> Card:
    return Card(tuple(labels), "", "", 0, features)


def _temperature(scores: npt.NDArray[np.float32], targets: npt.NDArray[np.int64]) -> float:
    """Return the divisor of the scores under which the right intents are least surprising."""
    rows = np.arange(len(targets))

    def surprise(temperature: float) -> float:
        shares = softmax_rows(scores / temperature)
        return float(-np.log(shares[rows, targets] + 1e-9).mean())

    return float(min(_TEMPERATURES, key=surprise))


def _beyond(
    signs: npt.NDArray[np.float64], is_beyond: npt.NDArray[np.bool_], known: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], dict[str, float]]:
    """Learn the out-of-scope detector over the signs of doubt; without examples, unknown words decide alone."""
    if not is_beyond.any() or is_beyond.all():
        return np.array([0.0, 0.0, 0.0, 4.0, -3.0]), {}
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    learner = LogisticRegression(C=1.0, max_iter=500)
    learner.fit(signs, is_beyond)
    odds = learner.decision_function(signs)
    # The share of examples says nothing of the street: strangers write more that is none of our business.
    share = float(is_beyond.mean())
    shift = math.log(_SHARE_BEYOND / (1 - _SHARE_BEYOND)) - math.log(share / (1 - share))
    beyond = np.append(learner.coef_[0], learner.intercept_[0] + shift)
    threshold = float(np.quantile(odds[~is_beyond], 0.95))
    return beyond, {
        "out_of_scope_auroc": round(float(roc_auc_score(is_beyond, odds)), 4),
        "out_of_scope_found_at_5_percent": round(float((odds[is_beyond] > threshold).mean()), 4),
        "known_words": round(float(known.mean()), 4),
    }


def _calibration_error(confidence: npt.NDArray[np.float32], right: npt.NDArray[np.bool_]) -> float:
    """Return the mean distance between confidence and truth over ten bins (expected calibration error)."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        abs(float(confidence[bins == one].mean()) - float(right[bins == one].mean())) * float((bins == one).mean())
        for one in np.unique(bins)
    )
    return round(error, 4)
