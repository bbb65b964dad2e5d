"""How long understanding one message takes, against ranking its intents alone."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.kernel.clock import SystemClock
from bot.nlu.emergencies import explain
from bot.nlu.understand import LONGEST_KEPT, Understanding
from bot.service import settle
from tests.benchmarks.figure import Figure, percentile
from tests.nlu.bait import BAIT
from tests.support.settings import make_settings, with_model

SENTENCES = (
    "buenas veci se fue la luz dsd anoche en la esperanza",
    "me llego muy caro el recibo del agua de este mes y no estoy de acuerdo",
    "quiero poner una queja por la atencion",
    "en que va mi radicado 20260010004572",
    "uele agas",
    "gracias",
    "necesito que me hagan un acuerdo de pago a 6 cuotas de 50 mil",
)


def run() -> list[Figure]:
    """Measure p50 and p99 of hearing a message, warm."""
    with TemporaryDirectory() as folder:
        understanding = Understanding.open(with_model(make_settings(Path(folder))))
    now = SystemClock().now()
    model = understanding.model
    assert model is not None
    for text in SENTENCES * 20:
        understanding.hear(text, now=now)
    times, floor, danger = [], [], []
    for text in SENTENCES * 200:
        began = time.perf_counter()
        understanding.hear(text, now=now)
        times.append(time.perf_counter() - began)
        began = time.perf_counter()
        model.rank(text)
        floor.append(time.perf_counter() - began)
        # A number more, so that nothing is remembered of the sentence.
        fresh = f"{text} {len(times)}"
        began = time.perf_counter()
        explain(fresh)
        danger.append(time.perf_counter() - began)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    settle()
    hostile = []
    for number in range(5):
        for text in BAIT.values():
            began = time.thread_time()
            understanding.hear(f"{text[: LONGEST_KEPT - 1]}{number}", now=now)
            hostile.append(time.thread_time() - began)
    worst = percentile(hostile, 0.99)
    base, alarm = percentile(floor, 0.5), percentile(danger, 0.5)
    return [
        Figure(
            "hear one message, p50",
            f"{p50 * 1000:.2f} ms",
            f"ranking its intents alone: {base * 1000:.2f} ms",
            f"{p50 / base:.1f}",
            "< 2 ms",
            is_met=p50 < 0.002,
        ),
        Figure(
            "hear one message, p99",
            f"{p99 * 1000:.2f} ms",
            f"its own p50: {p50 * 1000:.2f} ms",
            f"{p99 / p50:.1f}",
            "< 5 ms",
            is_met=p99 < 0.005,
        ),
        Figure(
            "look for danger in one message, p50",
            f"{alarm * 1000:.2f} ms",
            f"hearing it all: {p50 * 1000:.2f} ms",
            f"{alarm / p50:.2f}",
            "< 0.3 ms",
            is_met=alarm < 0.0003,
        ),
        Figure(
            "hear hostile text of any length, p99",
            f"{worst * 1000:.2f} ms",
            f"its own p50: {percentile(hostile, 0.5) * 1000:.2f} ms",
            f"{worst / percentile(hostile, 0.5):.1f}",
            "< 20 ms",
            is_met=worst < 0.02,
        ),
    ]
