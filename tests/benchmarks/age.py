"""What a turn costs in an old conversation against a young one: nothing may grow with age."""

from __future__ import annotations

import time
from statistics import median

from bot.bootstrap import Services
from tests.benchmarks.figure import Figure
from tests.benchmarks.house import house, message

WINDOW, OLD = 20, 1000


async def run() -> list[Figure]:
    """Compare the CPU time of turns around the 10th and the 1,000th of one conversation."""
    async with house() as services:
        young = await _turns(services, 0, WINDOW)
        await _turns(services, WINDOW, OLD - 2 * WINDOW)
        old = await _turns(services, OLD - WINDOW, WINDOW)
        ratio = median(old) / median(young)
        return [
            Figure(
                "turn 1,000 of one conversation",
                f"{median(old) * 1000:.2f} ms CPU",
                f"turn 10: {median(young) * 1000:.2f} ms CPU",
                f"{ratio:.2f}",
                "≤ 1.2",
                is_met=ratio <= 1.2,
            )
        ]


async def _turns(services: Services, start: int, count: int) -> list[float]:
    times = []
    for number in range(start, start + count):
        began = time.process_time()
        ((inbox_id, _),) = await services.inbox.accept([message(services, 1, number, "muchas gracias")])
        await services.lanes.settled(inbox_id, 60)
        times.append(time.process_time() - began)
    return times
