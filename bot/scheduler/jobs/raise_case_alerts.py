"""Warns staff of the answers that are due soon or late, as rows, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kernel.clock import local_date
from bot.pqr.alerts import find_alerts, keep

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.pqr.law import Law
    from storage.db import Database

NAME = "raise_case_alerts"


async def run(database: Database, clock: Clock, law: Law) -> str:
    """Write the alarms due now; return how many are new, or an empty text when none is.

    Raises:
        HolidaysMissing: the holidays of the horizon are not known, so no date can be trusted.
    """
    now = clock.now()
    law.calendar.check_horizon(local_date(now))
    due = await database.read(lambda uow: find_alerts(uow, now=now, law=law))
    raised = await database.write(lambda uow: keep(uow, due, now=now)) if due else 0
    return f"{raised} new alerts" if raised else ""
