"""What the staff do on the day, with the functions that the terminal's commands call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import time, timedelta
from typing import Any

from bot.notices import case_news
from bot.outages import desk, reports
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
            done = lifecycle.move(uow, done, "NOTIFICADO", at=now, actor=ACTOR, law=law, data={"modo": "electronica"})
            case_news.tell_move(uow, notices, done, now=now, law=law)

    await services.database.write(write)


async def repair(day: Day) -> None:
    """Restore the outage of La Esperanza, and every report of the morning, step by step as a crew does."""
    services, now = day.services, day.clock.now()

    def write(uow: Any) -> None:
        outage = uow.outages.get("corte_demo_1")
        desk.change(uow, outage, at=now, actor="oficina", rules=services.settings.cortes, estado="RESTABLECIDA")
        for report in uow.reports.open(400):
            for state in ("CONFIRMADA", "ASIGNADA", "EN_REPARACION", "RESTABLECIDA"):
                report = reports.move(uow, report, state, at=now, actor="cuadrilla")  # noqa: PLW2901  # as it now stands

    await services.database.write(write)


#: When the staff do what.
ROUND: Sequence[tuple[time, Callable[[Day], Awaitable[None]]]] = (
    (time(12, 0), answer_claims),
    (time(14, 0), repair),
)
