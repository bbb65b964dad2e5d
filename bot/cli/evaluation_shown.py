"""An evaluation in the terminal: figures, the worst first, then the mistakes by kind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.text import Text

from bot.channels.clean import terminal_text
from bot.cli.tables import Column, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.nlu.evaluation import Report
    from bot.nlu.evaluation.figures import Row

_SENTENCES = 3
_MEGA = 1_000_000
#: Every figure: its name for people, and how it is written.
_FIGURES = {
    "accuracy": ("right intent, in scope", "%"),
    "macro_f1": ("macro-F1 of the intents", "%"),
    "top3": ("right intent among the best 3", "%"),
    "right_first": ("right first, everything counted", "%"),
    "calibration_error": ("calibration error", "%"),
    "out_of_scope_auroc": ("out of scope, AUROC", "1"),
    "refused_at_5_percent_false_refusals": ("refused at 5 % false refusals", "%"),
    "answered_at_5_percent_false_accepts": ("answered rightly at 5 % false accepts", "%"),
    "entity_precision": ("entities, precision", "%"),
    "entity_recall": ("entities, recall", "%"),
    "entity_f1": ("entities, F1", "%"),
    "entity_values": ("written values read", "%"),
    "emergency_recall": ("emergencies heard by the detector", "%"),
    "emergency_false_alarms": ("false alarms of the detector", "%"),
    "p50_ms": ("hear one message, p50", "ms"),
    "p99_ms": ("hear one message, p99", "ms"),
    "model_bytes": ("model", "MB"),
    "memory_bytes": ("memory added", "MB"),
}


def show(report: Report, console: Console, *, mistakes: int) -> None:
    """Print ``report``; ``mistakes`` is how many kinds of them are shown."""
    console.print(
        f"{report.sentences} sentences, model of {report.card.trained_at} (data {report.card.data_sha256[:12]})",
        markup=False,
    )
    if report.is_on_training_data:
        console.print("The model was trained on these very sentences: the figures prove nothing.", style="bold red")
    shown = [(name, shape, report.numbers[key]) for key, (name, shape) in _FIGURES.items()]
    rows = [((name, written(value, shape)), "") for name, shape, value in shown if value is not None]
    console.print(fitted(console, (Column("figure"), Column("value")), rows))
    if report.per_author:
        console.print()
        columns = (Column("author", folds=True), Column("right"), Column("sentences"))
        authors = [
            ((one.author or "(not said)", f"{one.accuracy:.1%}", str(one.sentences)), "") for one in report.per_author
        ]
        console.print(fitted(console, columns, authors))
    _rows(console, "intent", report.per_intent)
    if report.entities is not None:
        _rows(console, "entity", report.entities.rows)
    if report.unread:
        names = ", ".join(f"{name} ({count})" for name, count in report.unread)
        console.print(f"\nNot measured, because no reader here finds them: {names}", markup=False)
    if mistakes:
        _mistakes(report, console, mistakes)


def written(value: float, shape: str) -> str:
    """Return a figure for people: a share in per cent, milliseconds, megabytes, or a plain number."""
    match shape:
        case "%":
            return f"{value:.1%}"
        case "ms":
            return f"{value:.2f} ms"
        case "MB":
            return f"{value / _MEGA:.1f} MB"
    return f"{value:.3f}"


def _rows(console: Console, title: str, rows: Sequence[Row]) -> None:
    columns = (Column(title, folds=True), Column("precision"), Column("recall"), Column("F1"), Column("cases"))
    cells = [
        ((row.name, f"{row.precision:.1%}", f"{row.recall:.1%}", f"{row.f1:.1%}", str(row.support)), "") for row in rows
    ]
    console.print()
    console.print(fitted(console, columns, cells))


def _mistakes(report: Report, console: Console, most: int) -> None:
    kinds: list[tuple[str, Sequence[str]]] = [
        (f"{one.intent} → {one.heard_as}", one.sentences) for one in report.mistakes
    ]
    if report.entities is not None:
        by_kind: dict[str, list[str]] = defaultdict(list)
        for error in report.entities.errors:
            wanted = f"{error.words!r}" + (
                f" is {error.wanted}, not {error.found}" if error.kind == "wrong value" else ""
            )
            by_kind[f"{error.entity}: {error.kind}"].append(f"{wanted} in: {error.sentence}")
        kinds += sorted(by_kind.items(), key=lambda item: -len(item[1]))[:most]
    kinds += [("emergency not heard", report.alarms.missed), ("false alarm", report.alarms.invented)]
    intents, others = kinds[: len(report.mistakes)], kinds[len(report.mistakes) :]
    for name, sentences in [*intents[:most], *others]:
        if sentences:
            console.print()
            console.print(Text(f"{len(sentences)} × {name}", style="bold"))
            for sentence in sentences[:_SENTENCES]:
                console.print(Text("  " + terminal_text(sentence)), soft_wrap=False)
