"""Open reports that may be the same fault: within a radius of a pin, at the same address, or in the same sector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.kernel.ground import Point, metres
from bot.outages.geometry import cells_around

if TYPE_CHECKING:
    from bot.kernel.config_outages import Cortes
    from storage.repos.reports import ReportRecord
    from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Near:
    """What is near: the report to join, how far it is (m; None when only the street or sector is known), how many."""

    report: ReportRecord
    metres: int | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What is to be reported, as far as matching needs it."""

    servicio: str
    tipo: str
    sector: str = ""
    municipio: str | None = None
    direccion: str = ""
    point: Point | None = None


def find(uow: UnitOfWork, here: Here, *, now: datetime, rules: Cortes, own: str = "") -> Near | None:
    """Return the report that is most likely the same, or None; ``own`` is the conversation that asks.

    With a pin the distance decides. Without one, the same address; and for a whole service that is gone, the sector.
    """
    since = now - timedelta(hours=rules.vigencia_h)
    measured: dict[str, int] = {}
    found: list[ReportRecord] = []
    if here.point is not None:
        cells = cells_around(here.point, rules.radio_m)
        for report in _same(uow.reports.open_in_cells(here.servicio, cells, since), here):
            point = report.place.get("point")
            distance = metres(here.point, (point[0], point[1])) if point else None
            if distance is not None and distance <= rules.radio_m:
                measured[report.id] = round(distance)
                found.append(report)
        found.sort(key=lambda report: (measured[report.id], report.created_at))
    elif here.direccion:
        found = _same(uow.reports.open_at_address(here.servicio, here.direccion, here.municipio, since), here)
    if not found and here.sector and here.tipo == "sin_servicio":
        found = _same(uow.reports.open_in_sector(here.servicio, here.sector, since), here)
    # What somebody reported or joined before is theirs already: offering it again would ask them to join themselves.
    mine = {report.id for report in uow.reports.of_conversation(own, 20)} if own else set()
    others = [report for report in found if report.id not in mine]
    if not others:
        return None
    joined = uow.reports.joined([report.id for report in others])
    return Near(others[0], measured.get(others[0].id), len(others) + sum(joined.values()))


def _same(reports: Iterable[ReportRecord], here: Here) -> list[ReportRecord]:
    return [report for report in reports if report.tipo == here.tipo]
