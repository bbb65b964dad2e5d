"""fire_timers: reminds a person of an open question and closes what stayed open too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.turn.plan import Trigger
from dialogs.engine.commands import Timeout

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.turn.runner import Runner
    from storage.db import Database
    from storage.repos.conversations import ConversationRecord

_BATCH = 200


async def run(database: Database, clock: Clock, runner: Runner) -> str:
    """Run the turn of every timer that is due; returns how many fired."""
    now = clock.now()
    due = await database.read(lambda uow: uow.timers.due(now, _BATCH))
    for timer in due:
        record = await _load(database, timer.conversation_id)
        if record is None:
            continue
        trigger = Trigger(
            conversation_id=timer.conversation_id,
            channel=record.address["channel"],
            account=record.address["account"],
            address=record.address,
            received_at=now,
            timer_id=timer.id,
        )
        await runner.time_out(
            trigger, Timeout("expire" if timer.kind == "expire" else "remind", timer.turn, timer.slot)
        )
    return f"{len(due)} timers" if due else ""


async def _load(database: Database, conversation_id: str) -> ConversationRecord | None:
    return await database.read(lambda uow: uow.conversations.load(conversation_id))
