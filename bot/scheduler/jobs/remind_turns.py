"""remind_turns: reminds of a time of the consultorio comunal, once, with the way to change it or give it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.community import agenda

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.uow import UnitOfWork


async def run(database: Database, clock: Clock, settings: Settings, notices: Notices) -> str:
    """Remind of what is near; returns how many."""
    now, hours = clock.now(), settings.comunidad.recordar_turno_h
    reminded = await database.write(lambda uow: _remind(uow, notices, now, hours))
    return f"{reminded} reminded" if reminded else ""


def _remind(uow: UnitOfWork, notices: Notices, now: datetime, hours: int) -> int:
    due = agenda.due_reminders(uow, now, hours=hours)
    for one in due:
        notices.push(
            uow,
            conversation_id=one.conversation_id,
            response="aviso_turno.recuerda",
            values={"turno_visto": {"oficina": one.slot.oficina, "desde_at": one.slot.starts_at.isoformat()}},
            clase="SERVICIO",
            key=f"turno:{one.id}",
            now=now,
            not_after=one.slot.starts_at,
        )
        uow.agenda.reminded(one.id, now)
    return len(due)
