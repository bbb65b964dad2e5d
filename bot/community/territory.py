"""The figures of a sector that may be told: public works and cuts as they are, people only when they are many.

A count below the threshold could point at a house (k-anonymity), so it is not told at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.community.interventions import COMING

if TYPE_CHECKING:
    from datetime import datetime

    from storage.uow import UnitOfWork

_LOOKED_BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known of a sector; None where too few people stand behind a figure. ``dias_respuesta`` is a mean."""

    cortes: int
    obras: int
    reportes: int | None
    solicitudes: int | None
    dias_respuesta: float | None


def figures(uow: UnitOfWork, sector: str, now: datetime, *, least: int) -> Figures:
    """Return the figures of ``sector``; what fewer than ``least`` cases make up is left out."""
    answered, days = uow.territory.answer_days(sector, now - _LOOKED_BACK)
    works = [one for one in uow.interventions.of_sector(sector, now) if one.estado in COMING]
    return Figures(
        cortes=len(uow.outages.open_for_sector(sector)),
        obras=len(works),
        reportes=veiled(uow.territory.open_reports(sector), least),
        solicitudes=veiled(uow.territory.open_cases(sector), least),
        dias_respuesta=round(days, 1) if veiled(answered, least) is not None else None,
    )


def veiled(count: int, least: int) -> int | None:
    """Return ``count``, or None when it is so small that it could point at somebody."""
    return count if count >= least else None
