"""fire_timers: reminds a person of an open question, closes what stayed open too long, and at last forgets it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import structlog

from bot.turn.plan import Trigger
from dialogs.engine.commands import Timeout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.turn.runner import Runner
    from storage.db import Database
    from storage.repos.timers import TimerRecord
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_BATCH = 200
_KINDS: dict[str, Literal["remind", "expire", "forget"]] = {
    "remind": "remind",
    "expire": "expire",
    "forget": "forget",
}
_AGAIN = timedelta(minutes=15)


async def run(database: Database, clock: Clock, runner: Runner) -> str:
    """Run the turn of every timer that is due; returns how many fired.

    A timer whose turn fails is tried again a quarter of an hour later, so that it holds up none of those behind it.
    """
    now = clock.now()
    due = await database.read(lambda uow: uow.timers.due(now, _BATCH))
    for timer in due:
        try:
            await _fire(database, runner, timer, now)
        except Exception:
            log.exception("timer_failed", timer=timer.id, conversation=timer.conversation_id)
    left = await _left(database, due, now) if due else []
    if left:
        log.warning("timers_postponed", timers=left)
        await database.write(lambda uow: _postpone(uow, left, now + _AGAIN))
    fired = len(due) - len(left)
    return f"{fired} timers" if fired else ""


async def _fire(database: Database, runner: Runner, timer: TimerRecord, now: datetime) -> None:
    record = await database.read(lambda uow: uow.conversations.load(timer.conversation_id))
    if record is None:
        await database.write(lambda uow: uow.timers.done(timer.id))
        return
    trigger = Trigger(
        conversation_id=timer.conversation_id,
        channel=record.address["channel"],
        account=record.address["account"],
        address=record.address,
        received_at=now,
        timer_id=timer.id,
    )
    await runner.time_out(trigger, Timeout(_KINDS[timer.kind], timer.turn, timer.slot))


async def _left(database: Database, fired: Iterable[TimerRecord], now: datetime) -> list[int]:
    """Return which of the timers are there still: the turn that ends well takes its timer away."""
    ids = {timer.id for timer in fired}
    still = await database.read(lambda uow: uow.timers.due(now, _BATCH))
    return [timer.id for timer in still if timer.id in ids]


def _postpone(uow: UnitOfWork, timers: Iterable[int], due_at: datetime) -> None:
    for timer_id in timers:
        uow.timers.postpone(timer_id, due_at)
