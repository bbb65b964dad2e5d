"""Everything that was measured, together: for people, for programs, for pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.kernel.errors import ModelError
from bot.nlu.data import NluData
from bot.nlu.entities import ENTITIES
from bot.nlu.evaluation import figures
from bot.nlu.evaluation.figures import AuthorRow, Bin, Confusion, Row
from bot.nlu.evaluation.sentences import Observed, observe
from bot.nlu.evaluation.things import Alarms, Things, alarms, things
from bot.nlu.evaluation.weight import memory_added, milliseconds
from bot.nlu.model import Card, Model

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Mistake:
    """Sentences of one intent that were taken for another."""

    intent: str
    heard_as: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The evaluation of one model.

    ``numbers`` are figures by name (shares in [0, 1], milliseconds, bytes); one that these sentences cannot give is None.
    ``unread`` are the marked entities that have no reader here, each with how many marks.
    """

    card: Card
    data_sha256: str
    sentences: int
    numbers: dict[str, float | None]
    per_intent: tuple[Row, ...]
    per_author: tuple[AuthorRow, ...]
    bins: tuple[Bin, ...]
    confusion: Confusion
    mistakes: tuple[Mistake, ...]
    entities: Things | None
    alarms: Alarms
    unread: tuple[tuple[str, int], ...] = ()

    @property
    def is_on_training_data(self) -> bool:
        """Whether the sentences are the very ones that the model was trained on."""
        return self.data_sha256 == self.card.data_sha256

    def to_json(self) -> dict[str, Any]:
        """Return everything as a JSON object."""
        return {
            "model": {
                "data_sha256": self.card.data_sha256,
                "trained_at": self.card.trained_at,
                "intents": len(self.card.labels),
            },
            "data": {
                "sha256": self.data_sha256,
                "sentences": self.sentences,
                "is_training_data": self.is_on_training_data,
            },
            "figures": {
                name: None if number is None else round(number, _DIGITS) for name, number in self.numbers.items()
            },
            "per_intent": [_rounded(asdict(row)) for row in self.per_intent],
            "per_author": [_rounded(asdict(row)) for row in self.per_author],
            "per_entity": [_rounded(asdict(row)) for row in self.entities.rows] if self.entities else [],
            "entities_without_reader": dict(self.unread),
            "reliability": [_rounded(asdict(one)) for one in self.bins],
            "confusion": asdict(self.confusion),
            "mistakes": [{**asdict(one), "count": len(one.sentences)} for one in self.mistakes],
            "entity_errors": [asdict(error) for error in self.entities.errors] if self.entities else [],
            "emergencies": {"missed": list(self.alarms.missed), "false_alarms": list(self.alarms.invented)},
        }


def _rounded(document: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in document.items()}


def evaluate(path: Path, data: NluData) -> Report:
    """Measure the model at ``path`` on ``data``.

    Raises:
        ModelError: the model cannot be read, or does not fit the sentences.
    """
    model = Model.load(path)
    observed = observe(model, data)
    ours = [one for one in observed if one.is_ours]
    if not ours:
        raise ModelError("there is no sentence in scope to measure with")
    rows = figures.per_intent(ours)
    bins, calibration_error = figures.reliability(ours)
    scope = figures.scope(observed)
    entities, danger = things(observed), alarms(observed)
    p50, p99 = milliseconds(observed)
    memory = memory_added(path)
    numbers: dict[str, float | None] = {
        "accuracy": figures.accuracy(ours),
        "macro_f1": sum(row.f1 for row in rows) / len(rows),
        "top3": figures.top3(ours),
        "right_first": sum(one.first == one.example.intent for one in observed) / len(observed),
        "calibration_error": calibration_error,
        "out_of_scope_auroc": scope.auroc if scope else None,
        "refused_at_5_percent_false_refusals": scope.refused if scope else None,
        "answered_at_5_percent_false_accepts": scope.answered if scope else None,
        "entity_precision": entities.overall.precision if entities else None,
        "entity_recall": entities.overall.recall if entities else None,
        "entity_f1": entities.overall.f1 if entities else None,
        "entity_values": entities.values if entities else None,
        "emergency_recall": danger.recall,
        "emergency_false_alarms": danger.false_alarms,
        "p50_ms": p50,
        "p99_ms": p99,
        "model_bytes": float(path.stat().st_size),
        "memory_bytes": None if memory is None else float(memory),
    }
    return Report(
        model.card,
        data.sha256,
        len(observed),
        numbers,
        rows,
        figures.per_author(ours),
        bins,
        figures.confusion(observed),
        _mistakes(observed),
        entities,
        danger,
        _unread(observed),
    )


def _unread(observed: Sequence[Observed]) -> tuple[tuple[str, int], ...]:
    """Return the marked entities that nothing here reads, by name."""
    marks = Counter(mark.entity for one in observed for mark in one.example.annotations)
    return tuple(sorted((name, count) for name, count in marks.items() if name not in ENTITIES))


def _mistakes(observed: Sequence[Observed]) -> tuple[Mistake, ...]:
    """Return what was taken for what, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in observed:
        if one.first != one.example.intent:
            found[one.example.intent, one.first].append(one.example.text)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Mistake(intent, heard_as, tuple(sentences)) for (intent, heard_as), sentences in ordered)
