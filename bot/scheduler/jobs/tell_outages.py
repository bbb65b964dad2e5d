"""tell_outages: tells people of every change of their reports and outages, and asks them when it is said to be over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bot.notices import waves
from bot.outages import news, reports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.config_outages import Cortes
    from bot.notices.push import Notices
    from bot.outages.news import Telling
    from storage.db import Database
    from storage.repos.outage_news import NewsRecord
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

#: People told in one transaction.
_BATCH = 100
_PAGE = 50
#: Who writes the drafts for whole sectors: never a person, so that any person may approve them.
AUTHOR: Final = "atiende"
_SERVICE: Final = "SERVICIO"


async def run(database: Database, clock: Clock, settings: Settings, notices: Notices) -> str:
    """Write what there is to tell; returns how many changes were told, or an empty text.

    Keys make it safe to be interrupted and to run in several processes: nobody is told the same twice.
    """
    now = clock.now()
    rules = settings.cortes
    told = after = 0
    while True:
        # Page by page: one that cannot be told is passed over, and holds up none of those behind it.
        untold = await database.read(lambda uow, after=after: uow.outage_news.untold(_PAGE, after=after))  # type: ignore[misc]
        for item in untold:
            try:
                told += await _tell(database, notices, item, now, timedelta(hours=rules.vigencia_h))
            except Exception:
                log.exception("outage_news_failed", news=item.id, subject=item.subject)
        if len(untold) < _PAGE:
            break
        after = untold[-1].id
    late = await database.read(lambda uow: news.overdue(uow, now))
    for outage in late:
        log.warning("outage_news_due", outage=outage.id, servicio=outage.servicio, promised=str(outage.next_update_at))
    await _close_restored(database, now, rules)
    return f"{told} changes" if told else ""


async def _close_restored(database: Database, now: datetime, rules: Cortes) -> None:
    """Close what was restored long ago, one transaction each: one that somebody moves meanwhile holds up no other."""
    old = await database.read(lambda uow: uow.reports.restored_before(now - timedelta(hours=rules.vigencia_h)))
    for report in old:
        try:
            await database.write(partial(reports.close_restored, report_id=report.id, now=now, rules=rules))
        except Exception:
            log.exception("report_not_closed", numero=report.numero)


async def _tell(database: Database, notices: Notices, item: NewsRecord, now: datetime, life: timedelta) -> bool:
    telling = await database.read(lambda uow: news.telling(uow, item, now))
    for start in range(0, len(telling.people), _BATCH):
        people = telling.people[start : start + _BATCH]
        await database.write(
            partial(_write, notices=notices, item=item, telling=telling, people=people, now=now, life=life)
        )
    return await database.write(lambda uow: _close(uow, notices, item, now, life))


def _close(uow: UnitOfWork, notices: Notices, item: NewsRecord, now: datetime, life: timedelta) -> bool:
    """Note that it was told, and write the draft for the whole sector, which a person approves."""
    if not uow.outage_news.told(item.id, now):
        return False
    wanted = news.for_the_sector(uow, item, now)
    if wanted is None:
        return True
    draft = waves.Draft(
        key=f"corte:{item.subject_id}:{item.version}",
        template=wanted.template,
        values=wanted.values,
        author=AUTHOR,
        sectors=tuple(wanted.sectors),
        not_after=now + life,
    )
    try:
        number = waves.draft(uow, notices, draft, now)
    except waves.WaveRefused as trouble:
        log.warning("outage_wave_refused", outage=item.subject_id, reason=str(trouble))
    else:
        log.info("outage_wave_drafted", wave=number, template=wanted.template)
    return True


def _write(
    uow: UnitOfWork,
    *,
    notices: Notices,
    item: NewsRecord,
    telling: Telling,
    people: Sequence[str],
    now: datetime,
    life: timedelta,
) -> None:
    for conversation_id in people:
        key = f"{item.subject}:{item.subject_id}:{item.version}:{conversation_id}"
        for response, values in ((telling.steps, {}), (telling.response, telling.values)):
            if response:
                notices.push(
                    uow,
                    conversation_id=conversation_id,
                    response=response,
                    values=values,
                    clase=_SERVICE,
                    key=f"{key}:{response}",
                    now=now,
                )
        if telling.asks is not None:
            uow.errands.add(
                key=key,
                conversation_id=conversation_id,
                flow=news.ASKS,
                slots=telling.asks,
                clase=_SERVICE,
                due_at=now,
                expires_at=now + life,
                now=now,
            )
