"""Make ``danger_scores.json`` from the language data: ``python -m bot.nlu.danger_fit [DIR]``, with scikit-learn.

The same data give the same table. Run it when examples of ``emergencia`` are added; a test says when it is due.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.danger_reading import read
from bot.nlu.danger_scores import SIGNATURE, TABLE, features_of, scale
from bot.nlu.data import Example, read_data
from bot.nlu.noise import noisy

_DANGER = "emergencia"
_SEED = 20_260_318
_STRENGTH = 15.0
_COPIES = 1
_KEPT = 14_000
_FEWEST = 2
_FOLDS = 4
#: Weights are whole numbers of this step.
_STEP = 0.05
#: Share of calm sentences that the table alone may take for danger, and that it may leave in doubt.
_FALSE_ALARMS = 0.003
_DOUBTED = 0.015


@dataclass(frozen=True, slots=True)
class Fitted:
    """Features with their weights, the start value, and what it is worth on lives that it has not read."""

    weights: dict[str, int]
    bias: float
    sure: float
    maybe: float
    figures: dict[str, float]


def data_key(examples: Sequence[Example]) -> str:
    """Return what tells whether a table was made from the emergencies of ``examples``."""
    told = sorted(example.text for example in examples if example.intent == _DANGER)
    return hashlib.sha256("\n".join([SIGNATURE, *told]).encode()).hexdigest()[:16]


def fit(examples: Sequence[Example], kept: int = _KEPT) -> Fitted:
    """Return the table learnt from ``examples``; its two scores are chosen on lives held out."""
    texts = [example.text for example in examples]
    is_danger = np.array([example.intent == _DANGER for example in examples])
    folds = np.array([zlib.crc32((one.author or one.text).encode()) % _FOLDS for one in examples])
    held_out = np.zeros(len(texts))
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not outside.size or is_danger[inside].all() or not is_danger[inside].any():
            continue
        names, learner = _learn([texts[place] for place in inside], is_danger[inside], kept)
        held_out[outside] = learner.decision_function(_matrix(_features([texts[place] for place in outside]), names))
    sure = float(np.quantile(held_out[~is_danger], 1 - _FALSE_ALARMS))
    maybe = float(np.quantile(held_out[~is_danger], 1 - _DOUBTED))
    names, learner = _learn(texts, is_danger, kept)
    weights = {name: round(float(learner.coef_[0][place]) / _STEP) for name, place in names.items()}
    return Fitted(
        {name: weight for name, weight in weights.items() if weight},
        round(float(learner.intercept_[0]), 4),
        round(sure, 4),
        round(maybe, 4),
        {
            "examples": len(texts),
            "emergencies": int(is_danger.sum()),
            "recall_held_out": round(float((held_out[is_danger] > sure).mean()), 4),
            "false_alarms_held_out": round(float((held_out[~is_danger] > sure).mean()), 4),
            "recall_maybe_held_out": round(float((held_out[is_danger] > maybe).mean()), 4),
            "false_maybe_held_out": round(float((held_out[~is_danger] > maybe).mean()), 4),
        },
    )


def _features(texts: Sequence[str]) -> list[set[str]]:
    return [features_of(read(text)) for text in texts]


def _matrix(features: Sequence[set[str]], names: dict[str, int]) -> Any:
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for one in features:
        known = sorted(names[name] for name in one if name in names)
        columns.extend(known)
        values.extend([scale(len(one))] * len(known))
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(features), len(names)))


def _learn(texts: Sequence[str], is_danger: npt.NDArray[np.bool_], kept: int) -> tuple[dict[str, int], Any]:
    """Return the features worth keeping and a regression over them; dangers are learnt with slips of the finger too."""
    from sklearn.linear_model import LogisticRegression

    chance = random.Random(_SEED)  # noqa: S311 - noise, not secrets
    dangers = [text for text, yes in zip(texts, is_danger, strict=True) if yes and text.split()]
    copies = [noisy(text, chance) for text in dangers for _ in range(_COPIES)]
    features = _features([*texts, *copies])
    targets = np.append(is_danger, np.ones(len(copies), dtype=bool))
    seen = Counter(name for one in features for name in one)
    names = {name: place for place, name in enumerate(sorted(name for name, count in seen.items() if count >= _FEWEST))}
    learner = LogisticRegression(C=_STRENGTH, class_weight={True: 5, False: 1}, solver="liblinear", random_state=_SEED)
    learner.fit(_matrix(features, names), targets)
    worth = {name: abs(float(learner.coef_[0][place])) * seen[name] ** 0.5 for name, place in names.items()}
    best = sorted(sorted(names), key=lambda name: -worth[name])[:kept]
    names = {name: place for place, name in enumerate(sorted(best))}
    return names, learner.fit(_matrix(features, names), targets)


def as_json(fitted: Fitted, key: str) -> str:
    """Return the table as it is stored: the names of each weight in a line."""
    by_weight: dict[int, list[str]] = {}
    for name in sorted(fitted.weights):
        by_weight.setdefault(fitted.weights[name], []).append(name)
    head = {
        "signature": SIGNATURE,
        "data": key,
        "figures": fitted.figures,
        "bias": fitted.bias,
        "sure": fitted.sure,
        "maybe": fitted.maybe,
        "step": _STEP,
    }
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    rows = [f'    "{weight}": {json.dumps(by_weight[weight])}' for weight in sorted(by_weight)]
    return "{\n" + ",\n".join(lines) + ',\n  "weights": {\n' + ",\n".join(rows) + "\n  }\n}\n"


def main(folder: Path) -> None:
    """Write the table of ``folder`` and show its figures."""
    examples = read_data(folder).examples
    fitted = fit(examples)
    TABLE.write_text(as_json(fitted, data_key(examples)), encoding="utf-8")
    shown = {**fitted.figures, "sure": fitted.sure, "maybe": fitted.maybe, "bytes": TABLE.stat().st_size}
    sys.stdout.write(json.dumps(shown, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "nlu_data"))
