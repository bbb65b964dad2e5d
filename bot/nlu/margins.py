"""The widest margin between each intent and all others, found without looking at every example again and again.

An example that is far on its own side of a margin says nothing about where the margin lies. Which ones are far is
guessed from a model of a few examples; whoever was guessed wrongly is then seen by its score, and taken in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.counting import Floats, Places

#: Examples below which guessing costs more than it spares.
_WORTH_GUESSING = 4_000
#: Of how many examples one is learnt from to guess; the guess need not be exact.
_ONE_OF = 4
_ROUGH, _EXACT = 0.1, 0.01
#: The score of an example on the other side's margin, and how far inside the margin one is taken in after all.
_MARGIN = -1.0
_INSIDE = 0.05
_MOST_ROUNDS = 4
#: An intent without examples is never heard.
_NEVER = -10.0

Matrix = Any


def margins(matrix: Matrix, targets: Places, labels: int, *, strength: float, seed: int) -> tuple[Floats, Floats]:
    """Return (weights, bias): for each label, the widest margin between its examples and all others.

    Args:
        matrix: examples x features, sparse.
        targets: the label of each example.
        labels: how many labels there are; ``weights`` has a column for each.
        strength: how strongly an example pulls against keeping the weights small.
        seed: fixes chance.
    """
    weights = np.zeros((matrix.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, _NEVER, dtype=np.float32)
    is_its = targets[:, None] == np.arange(labels)
    learnt = np.flatnonzero(is_its.any(axis=0) & ~is_its.all(axis=0))
    light = matrix.astype(np.float32)
    is_looked_at = np.ones_like(is_its)
    if len(targets) >= _WORTH_GUESSING:
        some = np.arange(0, len(targets), _ONE_OF)
        for label in learnt.tolist():
            _learn(matrix, some, is_its[:, label], label, weights, bias, (strength, _ROUGH, seed))
        is_looked_at = is_its | (light @ weights + bias > _MARGIN + _INSIDE)
        # Of a label whose examples are not among those few, nothing was guessed.
        is_looked_at[:, bias == np.float32(_NEVER)] = True
    for _ in range(_MOST_ROUNDS):
        for label in learnt.tolist():
            _learn(matrix, np.flatnonzero(is_looked_at[:, label]), is_its[:, label], label, weights, bias,
                   (strength, _EXACT, seed))  # fmt: skip
        scores = light @ weights + bias
        learnt = np.flatnonzero((~is_looked_at & (scores > _MARGIN + _INSIDE)).any(axis=0))
        if not len(learnt):
            break
        is_looked_at |= scores > _MARGIN
    return weights, bias


def _learn(
    matrix: Matrix,
    rows: Places,
    is_its: npt.NDArray[np.bool_],
    label: int,
    weights: Floats,
    bias: Floats,
    choices: tuple[float, float, int],
) -> None:
    """Put into ``weights`` and ``bias`` what the examples ``rows`` teach about ``label``, if both kinds are among them."""
    from sklearn.svm import LinearSVC

    strength, exactness, seed = choices
    wanted = is_its[rows]
    if wanted.any() and not wanted.all():
        learner = LinearSVC(C=strength, tol=exactness, random_state=seed)
        learner.fit(matrix[rows], wanted)
        weights[:, label] = learner.coef_[0]
        bias[label] = learner.intercept_[0]
