"""send_waves: writes approved texts to their people, a bounded piece a transaction, once per person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.notices import waves
from storage.repos.waves import Audience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.kernel.clock import Clock
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.repos.waves import Wave
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

#: People in one transaction: replies wait for no longer than it takes.
BATCH = 100
_MOST_BATCHES = 500


async def run(database: Database, clock: Clock, notices: Notices) -> str:
    """Send what is approved; returns how many people were settled. After a kill it goes on where it was.

    A wave that breaks is logged and left for the next time; it holds up none of those behind it.
    """
    settled = 0
    for wave in await database.read(lambda uow: uow.waves.running()):
        try:
            async for done in _send(database, clock, notices, wave):
                settled += done
        except Exception:
            log.exception("wave_failed", wave=wave.id)
    return f"{settled} people" if settled else ""


async def _send(database: Database, clock: Clock, notices: Notices, wave: Wave) -> AsyncIterator[int]:
    if not wave.is_chosen:
        await database.write(lambda uow: _choose(uow, notices, wave, clock))
    for _ in range(_MOST_BATCHES):
        now = clock.now()
        done = await database.write(lambda uow, now=now: waves.send_some(uow, notices, wave, now, BATCH))  # type: ignore[misc]
        if not done:
            break
        yield done


def _choose(uow: UnitOfWork, notices: Notices, wave: Wave, clock: Clock) -> int:
    people: Audience = waves.audience_of(notices.catalog, wave.topic, wave.sectors or ())
    return uow.waves.choose(wave.id, people, wave, clock.now())
