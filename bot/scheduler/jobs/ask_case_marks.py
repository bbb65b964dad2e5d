"""ask_case_marks: asks, once for each case that was answered, how the person was attended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.uow import UnitOfWork

FLOW = "calificar_caso"
_BATCH = 200
#: The answer is read first; nobody is asked about what was answered long ago.
_AFTER, _NO_LATER = timedelta(hours=24), timedelta(days=15)
_WAITS = timedelta(days=5)


async def run(database: Database, clock: Clock, settings: Settings) -> str:
    """Write an errand down for each case that was answered a day ago; returns how many are new.

    The errand's key is the case's, so that nobody is asked twice, whatever became of the first time.
    """
    if not settings.atencion.opinion_de_casos:
        return ""
    now = clock.now()
    asked = await database.write(lambda uow: _ask(uow, now))
    return f"{asked} cases" if asked else ""


def _ask(uow: UnitOfWork, now: datetime) -> int:
    asked = 0
    for case_id, radicado, conversation_id in uow.ratings.cases_to_mark(now - _NO_LATER, now - _AFTER, _BATCH):
        asked += uow.errands.add(
            key=f"marca:{case_id}",
            conversation_id=conversation_id,
            flow=FLOW,
            slots={"caso_calificado": case_id, "radicado_calificado": radicado},
            clase="SERVICIO",
            due_at=now,
            expires_at=now + _WAITS,
            now=now,
        )
    return asked
