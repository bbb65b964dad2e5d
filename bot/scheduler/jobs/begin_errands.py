"""begin_errands: begins the flows of ours that are due, when the talk is quiet and the law lets us."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import structlog

from bot.notices import judge as why
from bot.notices.judge import Asked
from bot.turn.plan import Begun, Trigger
from dialogs.engine.commands import StartFlow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.catalog import Clase
    from bot.notices.judge import Judged
    from bot.notices.push import Notices
    from bot.turn.runner import Runner
    from storage.db import Database
    from storage.repos.errands import ErrandRecord
    from storage.repos.notices import Reach
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_BATCH = 200
_BUSY_AGAIN = timedelta(minutes=5)
_BROKEN_AGAIN = timedelta(minutes=15)
_MOST_BROKEN = 4

UNKNOWN_FLOW = "sin_flujo"
BROKEN = "fallo"


async def run(database: Database, clock: Clock, settings: Settings, runner: Runner, notices: Notices) -> str:
    """Begin what can be begun; returns how many.

    Several processes may look at once: the row is finished in the very transaction of its turn, and only one of them
    finds it waiting. One that breaks is tried again later and holds up none of those behind it.
    """
    now = clock.now()
    due = await database.read(lambda uow: uow.errands.due(now, _BATCH))
    quiet_since = now - timedelta(seconds=settings.avisos.quietud_s)
    begun = 0
    for errand in due:
        try:
            begun += await _begin(database, runner, notices, errand, now, quiet_since)
        except Exception:
            log.exception("errand_failed", errand=errand.id, conversation=errand.conversation_id)
            await _broke(database, errand, now)
    return f"{begun} errands" if begun else ""


async def _begin(
    database: Database, runner: Runner, notices: Notices, errand: ErrandRecord, now: datetime, quiet_since: datetime
) -> bool:
    if errand.expires_at <= now:
        return await _drop(database, errand, why.EXPIRED, now)
    if not notices.knows(errand.flow):
        return await _drop(database, errand, UNKNOWN_FLOW, now)
    asked = Asked(
        errand.conversation_id,
        cast("Clase", errand.clase),
        now,
        topic=errand.topic,
        urgent=errand.urgent,
        not_after=errand.expires_at,
        cuenta=str(errand.slots.get("cuenta") or ""),
    )
    reach, judged = await database.read(lambda uow: _judge(uow, notices, asked))
    if judged.reason or reach is None:
        return await _drop(database, errand, judged.reason or why.NO_CONVERSATION, now)
    if judged.not_before > now:
        return await _later(database, errand, judged.not_before)
    trigger = Trigger(
        conversation_id=errand.conversation_id,
        channel=reach.address["channel"],
        account=reach.address["account"],
        address=reach.address,
        received_at=now,
        errand=Begun(errand, asked, judged, reach),
    )
    command = StartFlow(errand.flow, errand.slots, explicit=True)
    if await runner.begin(trigger, command, quiet_since=quiet_since):
        return True
    return await _later(database, errand, min(now + _BUSY_AGAIN, errand.expires_at))


def _judge(uow: UnitOfWork, notices: Notices, asked: Asked) -> tuple[Reach | None, Judged]:
    reach = uow.notices.reach(asked.conversation_id, asked.now)
    return reach, notices.judge.judge(uow, asked, reach)


async def _later(database: Database, errand: ErrandRecord, due_at: datetime) -> bool:
    await database.write(lambda uow: uow.errands.postpone(errand.id, due_at))
    return False


async def _drop(database: Database, errand: ErrandRecord, reason: str, now: datetime) -> bool:
    await database.write(lambda uow: uow.errands.drop(errand.id, reason, now))
    log.info("errand_dropped", errand=errand.id, flow=errand.flow, reason=reason)
    return False


async def _broke(database: Database, errand: ErrandRecord, now: datetime) -> None:
    """Try a broken one again later, and give it up after a few times."""
    if errand.attempts + 1 >= _MOST_BROKEN:
        await _drop(database, errand, BROKEN, now)
    else:
        await database.write(lambda uow: uow.errands.postpone(errand.id, now + _BROKEN_AGAIN, broke=True))
