"""Many people with the same fault in a zone and a short time: perhaps an outage, put before operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.outages.geometry import cells_around

if TYPE_CHECKING:
    from bot.kernel.config_outages import Cortes
    from storage.repos.reports import ReportRecord
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


def suspect(uow: UnitOfWork, report: ReportRecord, *, now: datetime, rules: Cortes) -> bool:
    """Propose an outage when enough people told of it within the window; return whether it is a new proposal.

    People count once each: who reported, and who joined a report. The zone is the sector, or, outside every sector,
    the cells around the point. What belongs to a known outage proposes none.
    """
    if report.outage_id is not None:
        return False
    lately = now - timedelta(minutes=rules.umbral_min)
    since = now - timedelta(hours=rules.vigencia_h)
    point = report.place.get("point")
    if report.sector:
        zone, near = report.sector, uow.reports.open_in_sector(report.servicio, report.sector, since)
    elif report.cell and point:
        cells = cells_around((point[0], point[1]), rules.radio_m)
        zone, near = report.cell, uow.reports.open_in_cells(report.servicio, cells, since)
        known = [one.zona for one in uow.outage_news.proposals() if one.servicio == report.servicio]
        zone = next((place for place in known if place in cells), zone)
    else:
        return False
    near = [one for one in near if one.outage_id is None]
    people = sum(one.created_at >= lately for one in near)
    people += uow.reports.joined_since([one.id for one in near], lately)
    if people < rules.umbral_reportes:
        return False
    if report.sector and any(
        report.sector in outage.sectores and outage.servicio == report.servicio
        for outage in uow.outages.open_for_sector(report.sector)
        if outage.estado not in {"PROGRAMADA", "AVISADA"}
    ):
        return False
    is_new = uow.outage_news.propose(report.servicio, zone, report.sector, people, now)
    if is_new:
        log.warning("outage_proposed", servicio=report.servicio, zona=zone, reportes=people)
    return is_new
