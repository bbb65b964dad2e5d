"""Figures of intents: how often right, how honest the confidence, how well doubt tells what is not our business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.evaluation.sentences import Observed
from bot.nlu.model import OUT_OF_SCOPE

_BEST = 3
_BINS = 10
_ALLOWED = 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """Precision, recall and F1 of one intent or entity over ``support`` cases."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class AuthorRow:
    """How often one author's sentences in scope were heard rightly."""

    author: str
    accuracy: float
    sentences: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The sentences with a confidence about ``confidence``: how many, and how often it was right."""

    confidence: float
    accuracy: float
    sentences: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """``counts[i][j]``: sentences of intent i whose first intent was j; "not our business" is the last one."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def accuracy(ours: Sequence[Observed]) -> float:
    """Return the share of sentences in scope whose best intent in scope is right."""
    return float(np.mean([one.is_right for one in ours]))


def top3(ours: Sequence[Observed]) -> float:
    """Return the share of sentences in scope with the right intent among the three best."""
    return float(np.mean([one.example.intent in {intent.name for intent in one.inside[:_BEST]} for one in ours]))


def per_intent(ours: Sequence[Observed]) -> tuple[Row, ...]:
    """Return a row for each intent that the sentences in scope have, worst F1 first."""
    from sklearn.metrics import precision_recall_fscore_support

    names = sorted({one.example.intent for one in ours})
    truth, heard = [one.example.intent for one in ours], [one.inside[0].name for one in ours]
    columns = precision_recall_fscore_support(truth, heard, labels=names, zero_division=0)
    rows = [
        Row(name, float(precision), float(recall), float(f1), int(support))
        for name, precision, recall, f1, support in zip(names, *columns, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (row.f1, row.name)))


def per_author(ours: Sequence[Observed]) -> tuple[AuthorRow, ...]:
    """Return a row for each author, worst first; nothing when no sentence says who wrote it."""
    by_author: dict[str, list[bool]] = defaultdict(list)
    for one in ours:
        by_author[one.example.author].append(one.is_right)
    if set(by_author) <= {""}:
        return ()
    rows = [AuthorRow(author, float(np.mean(right)), len(right)) for author, right in by_author.items()]
    return tuple(sorted(rows, key=lambda row: (row.accuracy, row.author)))


def confusion(observed: Sequence[Observed]) -> Confusion:
    """Return which intent was taken for which."""
    from sklearn.metrics import confusion_matrix

    names = {one.example.intent for one in observed} | {one.first for one in observed}
    labels = sorted(names, key=lambda name: (name == OUT_OF_SCOPE, name))
    counts = confusion_matrix([o.example.intent for o in observed], [o.first for o in observed], labels=labels)
    return Confusion(tuple(labels), tuple(tuple(int(count) for count in row) for row in counts))


def reliability(ours: Sequence[Observed]) -> tuple[tuple[Bin, ...], float]:
    """Return (bins that hold sentences, expected calibration error).

    The confidence is the one that the best intent has if the sentence is in scope.
    """
    sums = [sum(intent.confidence for intent in one.inside) or 1.0 for one in ours]
    sure = np.array([one.inside[0].confidence / total for one, total in zip(ours, sums, strict=True)])
    right = np.array([one.is_right for one in ours])
    places = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    bins = tuple(
        Bin(
            float(sure[places == place].mean()),
            float(right[places == place].mean()),
            int(np.count_nonzero(places == place)),
        )
        for place in sorted(set(places.tolist()))
    )
    error = sum(abs(one.confidence - one.accuracy) * one.sentences for one in bins) / len(ours)
    return bins, float(error)


@dataclass(frozen=True, slots=True)
class Scope:
    """How well what is not our business is told apart.

    ``auroc`` of the probability of being out of scope; ``refused``: strangers refused when one in twenty of ours is;
    ``answered``: ours accepted and heard rightly when one in twenty strangers is accepted.
    """

    auroc: float
    refused: float
    answered: float


def scope(observed: Sequence[Observed]) -> Scope | None:
    """Return how well doubt works, or None without sentences of both kinds."""
    ours = [one for one in observed if one.is_ours]
    doubt = np.array([one.out_of_scope for one in ours])
    strange = np.array([one.out_of_scope for one in observed if not one.is_ours])
    if not len(doubt) or not len(strange):
        return None
    from sklearn.metrics import roc_auc_score

    is_strange = np.concatenate([np.zeros(len(doubt)), np.ones(len(strange))])
    most = np.quantile(doubt, 1 - _ALLOWED, method="higher")
    least = np.quantile(strange, _ALLOWED, method="lower")
    right = np.array([one.is_right for one in ours])
    return Scope(
        float(roc_auc_score(is_strange, np.concatenate([doubt, strange]))),
        float((strange > most).mean()),
        float((right & (doubt < least)).mean()),
    )
