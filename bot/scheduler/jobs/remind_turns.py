"""remind_turns: reminds of a time of the consultorio comunal, once, with the way to change it or give it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.community import agenda

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.repos.agenda import BookingRecord
    from storage.uow import UnitOfWork


log = structlog.get_logger(__name__)


async def run(database: Database, clock: Clock, settings: Settings, notices: Notices) -> str:
    """Remind of what is near, one transaction each; returns how many.

    One that breaks is logged and left for the next time; it holds up none of those behind it.
    """
    now, hours = clock.now(), settings.comunidad.recordar_turno_h
    due = await database.read(lambda uow: agenda.due_reminders(uow, now, hours=hours))
    reminded = 0
    for one in due:
        try:
            reminded += await database.write(partial(_remind, one=one, notices=notices, now=now))
        except Exception:
            log.exception("turn_not_reminded", booking=one.id)
    return f"{reminded} reminded" if reminded else ""


def _remind(uow: UnitOfWork, *, one: BookingRecord, notices: Notices, now: datetime) -> bool:
    """Remind of one time, unless it was given back or reminded of meanwhile."""
    if not uow.agenda.reminded(one.id, now):
        return False
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
    return True
