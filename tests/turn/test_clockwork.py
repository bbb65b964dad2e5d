"""Due work is found however short the machine's days are."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.kernel.clock import FrozenClock
from bot.scheduler.clockwork import Clockwork, Job
from storage.db import Database

_DAY_S = 86_400.0


class Nightly:
    """A job that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0
        self.ran = asyncio.Event()

    async def __call__(self) -> str:
        self.runs += 1
        self.ran.set()
        return "1 row"


async def live(database: Database, clock: FrozenClock, work: Nightly, *, is_shared: bool = True) -> bool:
    """Start, live for a moment, stop; return whether the job ran."""
    work.ran.clear()
    clockwork = Clockwork([Job("forget_old", _DAY_S, work, is_shared=is_shared)], database=database, clock=clock)
    clockwork.start()
    try:
        async with asyncio.timeout(0.4):
            await work.ran.wait()
    except TimeoutError:
        return False
    else:
        return True
    finally:
        clockwork.stop()
        await asyncio.sleep(0.01)


async def test_a_daily_job_runs_once_a_day_on_a_machine_that_is_restarted_each_night(
    database: Database, clock: FrozenClock
) -> None:
    work = Nightly()
    lives = []
    for _ in range(2):
        lives += [await live(database, clock, work), await live(database, clock, work)]
        clock.move(timedelta(days=1))
    assert lives == [True, False, True, False]
    assert work.runs == 2


async def test_what_looks_after_one_process_keeps_its_pace(database: Database, clock: FrozenClock) -> None:
    assert not await live(database, clock, Nightly(), is_shared=False)
