"""How far to trust the scores, and when to say "not our business": learned on examples each time held out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.counting import Floats, Places
from bot.nlu.model import OUT_OF_SCOPE, doubts, softmax_rows

#: Share of first messages that are taken to be none of our business.
SHARE_BEYOND = 0.2

_FOLDS = 3
_TEMPERATURES = np.geomspace(0.05, 5.0, 80)
#: Without examples of what is out of scope, unknown words alone speak for it.
_BY_UNKNOWN_WORDS = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, -3.0])
#: Without examples to hold out, the shares are believed.
_ALWAYS_SURE = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 30.0])

#: (places to learn from, places to score) → (scores of each label, share of known words) of the scored.
Scorer = Callable[[Places, Places], tuple[Floats, npt.NDArray[np.float64]]]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The divisor of the scores, the weights of both detectors (see ``Arrays``), and what was measured."""

    temperature: float
    beyond: npt.NDArray[np.float64]
    sure: npt.NDArray[np.float64]
    figures: dict[str, float]


#: What is believed when there are too few examples to hold any out.
UNMEASURED = Calibration(1.0, _BY_UNKNOWN_WORDS, _ALWAYS_SURE, {})


def folds_of(targets: Places, authors: Sequence[str], seed: int, folds: int = _FOLDS) -> list[Places]:
    """Return the places of each fold: an author is in one fold only; examples of nobody are spread, intent by intent.

    People write like themselves: a model that has seen the author before is measured too kindly.
    """
    chance = np.random.default_rng(seed)
    fold_of = np.zeros(len(targets), dtype=np.int64)
    named = sorted(set(authors) - {""})
    turn = {author: number % folds for number, author in enumerate(chance.permutation(named))} if named else {}
    nobody = np.array([author == "" for author in authors])
    for label in np.unique(targets):
        places = np.flatnonzero((targets == label) & nobody)
        fold_of[chance.permutation(places)] = np.arange(len(places)) % folds
    for place, author in enumerate(authors):
        if author:
            fold_of[place] = turn[author]
    return [np.flatnonzero(fold_of == fold) for fold in range(folds) if (fold_of == fold).any()]


def calibrate(
    targets: Places,
    authors: Sequence[str],
    lengths: Sequence[int] | Places,
    labels: Sequence[str],
    score: Scorer,
    *,
    seed: int,
) -> Calibration:
    """Return the calibration by ``score`` on examples held out by author.

    Args:
        targets: the label of each example, as a place in ``labels``.
        authors: who wrote each example; empty when nobody says.
        lengths: how many words each example has.
        labels: the names of the intents.
        score: learns from some examples and scores others.
        seed: fixes chance.
    """
    scores = np.zeros((len(targets), len(labels)), dtype=np.float32)
    known = np.zeros(len(targets))
    for held_out in folds_of(targets, authors, seed):
        kept = np.setdiff1d(np.arange(len(targets)), held_out)
        scores[held_out], known[held_out] = score(kept, held_out)
    beyond_label = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else -1
    inside = np.array([place for place in range(len(labels)) if place != beyond_label])
    ours = targets != beyond_label
    temperature = _temperature(scores[np.ix_(ours, inside)], np.searchsorted(inside, targets[ours]))
    shares = softmax_rows(scores[:, inside] / temperature)
    said = scores[:, beyond_label] if beyond_label >= 0 else np.zeros(len(targets))
    signs = np.array(
        [
            doubts(float(said[place]), scores[place, inside], shares[place], float(known[place]), lengths[place])
            for place in range(len(targets))
        ]
    )
    beyond, figures = _beyond(signs, ~ours)
    right = inside[shares[ours].argmax(axis=1)] == targets[ours]
    sure = _ALWAYS_SURE if right.all() or not right.any() else _weigh(signs[ours], right)
    chance = 1.0 / (1.0 + np.exp(-(signs[ours] @ sure[:-1] + sure[-1])))
    believed = np.minimum(shares[ours].max(axis=1), chance).astype(np.float32)
    best3 = inside[np.argsort(-shares[ours], axis=1)[:, :3]]
    figures["known_words"] = round(float(known.mean()), 4)
    figures["accuracy"] = round(float(right.mean()), 4)
    figures["top3"] = round(float((best3 == targets[ours][:, None]).any(axis=1).mean()), 4)
    figures["calibration_error"] = calibration_error(believed, right)
    figures["temperature"] = round(temperature, 4)
    return Calibration(temperature, beyond, sure, figures)


def _temperature(scores: Floats, targets: Places) -> float:
    """Return the divisor of the scores under which the right intents are least surprising."""
    rows = np.arange(len(targets))

    def surprise(temperature: float) -> float:
        shares = softmax_rows(scores / temperature)
        return float(-np.log(shares[rows, targets] + 1e-9).mean())

    return float(min(_TEMPERATURES, key=surprise))


def _beyond(
    signs: npt.NDArray[np.float64], is_beyond: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], dict[str, float]]:
    """Learn the out-of-scope detector over the signs of doubt; without examples, unknown words decide alone."""
    if not is_beyond.any() or is_beyond.all():
        return _BY_UNKNOWN_WORDS, {}
    from sklearn.metrics import roc_auc_score

    beyond = _weigh(signs, is_beyond)
    odds = signs @ beyond[:-1] + beyond[-1]
    # The share of examples says nothing of the street: strangers write more that is none of our business.
    share = float(is_beyond.mean())
    shift = math.log(SHARE_BEYOND / (1 - SHARE_BEYOND)) - math.log(share / (1 - share))
    threshold = float(np.quantile(odds[~is_beyond], 0.95))
    beyond[-1] += shift
    return beyond, {
        "out_of_scope_auroc": round(float(roc_auc_score(is_beyond, odds)), 4),
        "out_of_scope_found_at_5_percent": round(float((odds[is_beyond] > threshold).mean()), 4),
    }


def _weigh(signs: npt.NDArray[np.float64], is_so: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the weights of ``signs`` and a bias, the last, that best tell where ``is_so`` holds (logistic)."""
    from sklearn.linear_model import LogisticRegression

    middle, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    learner = LogisticRegression(C=1.0, max_iter=500)
    learner.fit((signs - middle) / spread, is_so)
    weights = learner.coef_[0] / spread
    return np.append(weights, float(learner.intercept_[0]) - float(weights @ middle))


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the mean distance between confidence and truth over ten bins (expected calibration error)."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        abs(float(confidence[bins == one].mean()) - float(right[bins == one].mean())) * float((bins == one).mean())
        for one in np.unique(bins)
    )
    return round(error, 4)
