"""Pictures of an evaluation: who was taken for whom, and how honest the confidence is; SVG that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.nlu.evaluation.report import Report

_CELL = 16
_LETTER = 6.3
_LONGEST = 36
_RIGHT = 110
#: Colours of a full cell: right ones blue, mistakes red; white where there is nothing.
_GOOD, _BAD = (31, 95, 168), (190, 40, 30)
_FAINTEST = 0.12
_DARK = 0.55


def draw(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write ``confusion.svg`` and ``reliability.svg`` into ``folder``, which is made, and return their places."""
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, template, content in (
        ("confusion.svg", "matrix.svg.j2", _matrix(report)),
        ("reliability.svg", "reliability.svg.j2", _reliability(report)),
    ):
        path = folder / name
        path.write_text(templates.get_template(template).render(content), encoding="utf-8")
        drawn.append(path)
    return tuple(drawn)


def _matrix(report: Report) -> dict[str, Any]:
    names = [_short(label) for label in report.confusion.labels]
    room = max(len(name) for name in names) * _LETTER
    side = _CELL * len(names)
    left = round(max(room, 20 * _LETTER)) + 16
    # The last columns' names lean over the right edge.
    top = round(room * math.sin(math.radians(60))) + 24
    return {
        "cell": _CELL,
        "left": left,
        "top": top,
        "side": side,
        "width": left + side + max(_RIGHT, round(room / 2)),
        "height": top + side + 16,
        "labels": [
            {"text": name, "right": _share(row[place], sum(row))}
            for place, (name, row) in enumerate(zip(names, report.confusion.counts, strict=True))
        ],
        "cells": list(_cells(report)),
    }


def _cells(report: Report) -> Iterator[dict[str, Any]]:
    labels = report.confusion.labels
    for row, counts in enumerate(report.confusion.counts):
        for column, count in enumerate(counts):
            if count:
                share = count / sum(counts)
                yield {
                    "row": row,
                    "column": column,
                    "count": count,
                    "fill": _mixed(_GOOD if row == column else _BAD, max(share, _FAINTEST)),
                    "ink": "#ffffff" if share > _DARK else "#111111",
                    "title": f"{labels[row]} → {labels[column]}: {count} / {sum(counts)}",
                }


def _mixed(colour: tuple[int, int, int], share: float) -> str:
    """Return ``colour`` over white, as strong as ``share``."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in colour)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%} of {whole}" if whole else "none meant"


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


def _reliability(report: Report) -> dict[str, Any]:
    most = max(one.sentences for one in report.bins)
    return {
        "error": f"{report.numbers['calibration_error']:.3f}",
        "points": [
            {
                "x": round(60 + one.confidence * 380, 1),
                "y": round(400 - one.accuracy * 330, 1),
                "radius": round(3 + 9 * math.sqrt(one.sentences / most), 1),
                "sentences": one.sentences,
                "title": f"confidence {one.confidence:.2f}, right {one.accuracy:.2f}: {one.sentences} sentences",
            }
            for one in report.bins
        ],
    }
