"""What runs beside people is begun again when it breaks, and /health says so meanwhile."""

from __future__ import annotations

import asyncio

from bot.kernel.background import Background
from bot.service import _ready
from tests.turn.house import Talker


class Fragile:
    """Breaks ``times`` times and then runs until it is told to stop."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.begun = asyncio.Event()

    async def __call__(self, stop: asyncio.Event) -> None:
        if self.times:
            self.times -= 1
            raise OSError
        self.begun.set()
        await stop.wait()


async def until(background: Background, *, well: bool) -> None:
    async with asyncio.timeout(5):
        while background.is_well() is not well:  # noqa: ASYNC110 - a state that is asked for, as /health does
            await asyncio.sleep(0.001)


async def test_what_breaks_is_begun_again_until_it_runs() -> None:
    background, work = Background(first_pause_s=0.005), Fragile(3)
    background.run(work, "sender")
    await until(background, well=False)
    await asyncio.wait_for(work.begun.wait(), 5)
    await until(background, well=True)
    await background.close()
    assert work.times == 0


async def test_a_broken_task_does_not_hold_up_the_end() -> None:
    background = Background(first_pause_s=30)
    background.run(Fragile(100), "sender")
    await until(background, well=False)
    await asyncio.wait_for(background.close(), 1)


async def test_what_comes_to_its_end_by_itself_is_well_and_not_begun_again() -> None:
    background, runs = Background(first_pause_s=0.001), []

    async def once(_stop: asyncio.Event) -> None:
        runs.append(1)

    background.run(once, "warm-up")
    await asyncio.sleep(0.01)
    assert background.is_well()
    assert runs == [1]
    await background.close()


async def test_health_says_no_while_a_needed_task_is_down(talker: Talker) -> None:
    services = talker.services
    services.background = Background(first_pause_s=30)
    assert (await _ready(services)).is_ready
    luxury = Fragile(1)
    services.run(luxury, "warm-up", is_needed=False)
    await asyncio.sleep(0.01)
    assert luxury.times == 0
    assert (await _ready(services)).is_ready
    services.run(Fragile(1), "sender")
    await until(services.background, well=False)
    readiness = await _ready(services)
    assert not readiness.is_ready
    assert readiness.checks["database"]
    assert not readiness.checks["background"]
