"""Wakes the jobs: late but once, one run at a time, every run that did something recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from bot.kernel.clock import Clock
    from storage.db import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of due work: its ``name``, how often to look (seconds) and what looks.

    ``run`` returns a short account of what it did, or an empty text when nothing was due. A job that ``is_shared`` runs
    once per period among all processes of the installation; the others look after this process alone.
    """

    name: str
    every_s: float
    run: Callable[[], Awaitable[str]]
    is_shared: bool = False


class Clockwork:
    """Runs jobs for as long as the service lives."""

    def __init__(self, jobs: Sequence[Job], *, database: Database, clock: Clock) -> None:
        """Take the jobs, where shared runs are recorded, and the time."""
        self._jobs = jobs
        self._database = database
        self._clock = clock
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Begin to wake the jobs; shared ones at once too, since a machine restarted nightly sees no day pass."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # only a serving process needs it

        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for job in self._jobs:
            scheduler.add_job(self.fire, "interval", args=[job], seconds=job.every_s, id=job.name)
            if job.is_shared:
                scheduler.add_job(self.fire, args=[job], id=f"{job.name} at the start")
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Wake no more jobs; what runs comes to its end by itself."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def fire_all(self) -> None:
        """Run every job once, in their order: for those who move a clock of their own."""
        for job in self._jobs:
            await self.fire(job)

    async def fire(self, job: Job) -> str:
        """Run ``job`` now, once per period if it is shared; its trouble is logged and never stops the others."""
        now = self._clock.now()
        due_at = _period(now, job.every_s)
        try:
            if job.is_shared and not await self._database.write(lambda uow: uow.jobs.begin(job.name, due_at, now)):
                return ""
            done = await job.run()
        except Exception as error:
            log.exception("job_failed", job=job.name)
            if job.is_shared:
                await self._finish(job, due_at, "", type(error).__name__)
            return ""
        if job.is_shared:
            await self._finish(job, due_at, done, None)
        if done:
            log.info("job_done", job=job.name, done=done)
        return done

    async def _finish(self, job: Job, due_at: datetime, result: str, error: str | None) -> None:
        now = self._clock.now()
        await self._database.write(
            lambda uow: uow.jobs.finish(job.name, due_at, now, result={"done": result} if result else None, error=error)
        )


def _period(now: datetime, every_s: float) -> datetime:
    """Return the start of the period of ``every_s`` seconds that holds ``now``: the same in every process."""
    seconds = now.timestamp()
    return datetime.fromtimestamp(seconds - seconds % every_s, UTC)
