"""How many expressions of ``tests/nlu/expresiones`` are read rightly, by kind, against the public libraries alone."""

from __future__ import annotations

import statistics
import time

from bot.nlu.entities import Gazetteer, extract
from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.libraries import PEERS
from tests.nlu.expressions import Expression, is_right, ours, table
from tests.nlu.world import NOW

_ROUNDS = 20
_MOST_SECONDS = 0.0015


def run() -> list[Figure]:
    """Count what is read rightly by kind, and time reading one expression."""
    figures = [_kind(kind, rows) for kind, rows in table().items()]
    everything = tuple(row for rows in table().values() for row in rows)
    figures.append(_kind("all", everything))
    negatives = tuple(row for row in everything if not row.values)
    return [*figures, _kind("nothing to be found", negatives), _speed(everything)]


def _kind(kind: str, rows: tuple[Expression, ...]) -> Figure:
    right = sum(is_right(row, ours) for row in rows)
    with_peer = [row for row in rows if row.kind in PEERS]
    peers = sorted({PEERS[row.kind][0] for row in with_peer})
    theirs = sum(is_right(row, PEERS[row.kind][1]) for row in with_peer)
    name = peers[0] if len(peers) == 1 else "libraries"
    return Figure(
        kind,
        f"{right} of {len(rows)}, {right / len(rows):.2f}",
        f"{name}: {theirs} of {len(with_peer)}, {theirs / len(with_peer):.2f}" if with_peer else "no library",
        f"{right / len(rows) / (theirs / len(with_peer)):.1f}" if theirs else "—",
        "all",
        is_met=right == len(rows),
    )


def _speed(rows: tuple[Expression, ...]) -> Figure:
    gazetteer = Gazetteer.of({place for row in rows for place in row.places})
    spent = []
    for _ in range(_ROUNDS):
        for row in rows:
            began = time.thread_time()
            extract(row.said, now=NOW, gazetteer=gazetteer)
            spent.append(time.thread_time() - began)
    p99, middle = percentile(spent, 0.99), statistics.median(spent)
    return Figure(
        "read one expression, p99",
        f"{p99 * 1000:.2f} ms",
        f"its own p50: {middle * 1000:.2f} ms",
        f"{p99 / middle:.1f}",
        "< 1.5 ms",
        is_met=p99 < _MOST_SECONDS,
    )
