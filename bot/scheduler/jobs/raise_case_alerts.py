"""Warns staff of the answers that are due soon or late, as rows, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kernel.clock import local_date
from bot.pqr.alerts import find_alerts, keep
from bot.pqr.law import Law

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database

NAME = "raise_case_alerts"


async def run(database: Database, clock: Clock, settings: Settings) -> str:
    """Write the alarms due now; return how many are new, or an empty text when none is.

    Raises:
        HolidaysMissing: the holidays of the horizon are not known, so no date can be trusted.
    """
    now = clock.now()
    law = Law.from_settings(settings, today=local_date(now))
    due = await database.read(lambda uow: find_alerts(uow, now=now, law=law))
    raised = await database.write(lambda uow: keep(uow, due, now=now)) if due else 0
    return f"{raised} new alerts" if raised else ""
