"""What the staff do on the day, with the functions that the terminal's commands call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import time, timedelta
from typing import Any

from bot.notices import case_news
from bot.pqr import lifecycle
from tests.day.world import Day

ACTOR = lifecycle.Actor("personal", "oficina")


async def answer_claims(day: Day) -> None:
    """Answer and notify every claim of the morning; each person is told where the answer is."""
    services, now = day.services, day.clock.now()
    law, notices = services.law, services.notices

    def write(uow: Any) -> None:
        for case in uow.cases.search(tipo="reclamo", estado="RADICADO", since=now - timedelta(hours=8), limit=400):
            done = lifecycle.decide(uow, case, "Revisamos la lectura.", at=now, actor=ACTOR, law=law)
            case_news.tell_move(uow, notices, done, now=now, law=law)
            done = lifecycle.move(
                uow, done, "NOTIFICADO", at=now, actor=ACTOR, law=law, data={"modo": "electronica"}
            )
            case_news.tell_move(uow, notices, done, now=now, law=law)

    await services.database.write(write)


#: When the staff do what.
ROUND: Sequence[tuple[time, Callable[[Day], Awaitable[None]]]] = ((time(12, 0), answer_claims),)
