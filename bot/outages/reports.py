"""Reports of faults: kept with their number, joined, moved by staff, reopened by the people who still lack service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.kernel.clock import local
from bot.kernel.ground import Point
from bot.outages import states
from bot.outages.geometry import cell
from bot.outages.mass import suspect
from bot.outages.privacy import coarse
from bot.outages.told import write_number
from storage.repos.reports import ReportRecord

if TYPE_CHECKING:
    from bot.kernel.config_outages import Cortes
    from bot.kernel.ids import Ids
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A fault as somebody told it; without a ``conversation_id`` nothing of the person is kept."""

    servicio: str
    tipo: str
    canal: str
    conversation_id: str | None = None
    cuenta: str | None = None
    municipio: str | None = None
    sector: str | None = None
    direccion: str = ""
    barrio: str = ""
    point: Point | None = None
    story: str = ""
    anexos: Sequence[str] = ()
    critico: bool = False
    outage_id: str | None = None

    def anonymous(self) -> NewReport:
        """Return the same fault without anything of the person, and with a place that points at no house."""
        kept = coarse(self.place)
        point = kept.get("point")
        return replace(
            self,
            conversation_id=None,
            cuenta=None,
            story="",
            anexos=(),
            barrio="",
            direccion=kept.get("direccion", ""),
            point=(point[0], point[1]) if point else None,
        )

    @property
    def place(self) -> dict[str, Any]:
        """The place as it is sealed."""
        known = {
            "direccion": self.direccion,
            "barrio": self.barrio,
            "point": list(self.point) if self.point else None,
        }
        return {name: value for name, value in known.items() if value}


def file(uow: UnitOfWork, new: NewReport, *, now: datetime, ids: Ids, rules: Cortes) -> ReportRecord:
    """Keep a report under the next number of the year; many of them in a zone propose an outage."""
    year = local(now).year
    seq = uow.reports.next_number(year)
    record = ReportRecord(
        id=ids.new("reporte"),
        numero=write_number(year, seq),
        year=year,
        seq=seq,
        servicio=new.servicio,
        tipo=new.tipo,
        canal=new.canal,
        created_at=now,
        conversation_id=new.conversation_id,
        cuenta=new.cuenta,
        municipio=new.municipio,
        sector=new.sector,
        cell=cell(new.point) if new.point else None,
        place=new.place,
        story=new.story or None,
        anexos=tuple(new.anexos),
        critico=new.critico,
        outage_id=new.outage_id,
    )
    uow.reports.add(record)
    uow.files.keep_while_open(record.anexos, "report", record.id)
    uow.reports.note(record.id, "REPORTADA", "bot", now)
    if record.critico:
        log.warning("critical_report", numero=record.numero, servicio=record.servicio)
    suspect(uow, record, now=now, rules=rules)
    return record


def join(
    uow: UnitOfWork, numero: str, conversation_id: str | None, *, now: datetime, rules: Cortes, critico: bool = False
) -> ReportRecord | None:
    """Add somebody with the same fault; None when there is no such report or nothing of it is worked on any more."""
    report = uow.reports.by_number(numero)
    if report is None or report.estado in states.OVER:
        return None
    if conversation_id is not None and conversation_id == report.conversation_id:
        return report
    if uow.reports.join(report.id, conversation_id, now, critico=critico):
        uow.reports.note(report.id, "SUMADO", "bot", now)
        suspect(uow, report, now=now, rules=rules)
    return report


def move(
    uow: UnitOfWork, report: ReportRecord, to: str, *, at: datetime, actor: str, note: str = "", is_silent: bool = False
) -> ReportRecord:
    """Take a report to another state and leave word for its people; ``is_silent`` when they are told in another way.

    Raises:
        NotThatWay: it cannot go there from where it is.
        VersionConflict: somebody else moved it meanwhile.
    """
    states.check(states.REPORT_WAYS, report.estado, to)
    moved = uow.reports.change(report.id, expected_version=report.version, at=at, estado=to)
    uow.reports.note(report.id, to, actor, at, {"nota": note[:_LONGEST_NOTE]} if note else None)
    if not is_silent and to != "CERRADA":
        uow.outage_news.tell("report", report.id, moved.version, to, at)
    return moved


def confirm_restored(
    uow: UnitOfWork, report: ReportRecord, *, conversation_id: str, is_back: bool, now: datetime
) -> ReportRecord:
    """Take the answer to «¿ya tiene servicio?»: a no reopens the report, the yes of who reported it closes it."""
    if is_back:
        uow.reports.note(report.id, "CONFIRMA_SERVICIO", "persona", now)
        if report.estado == "RESTABLECIDA" and report.conversation_id == conversation_id:
            return move(uow, report, "CERRADA", at=now, actor="persona")
        return report
    uow.reports.note(report.id, "SIGUE_SIN_SERVICIO", "persona", now)
    if report.estado not in {"RESTABLECIDA", "CERRADA"}:
        return report
    log.warning("report_reopened", numero=report.numero, servicio=report.servicio)
    back = uow.reports.change(
        report.id, expected_version=report.version, at=now, estado="CONFIRMADA", reopened=report.reopened + 1
    )
    uow.reports.note(report.id, "REABIERTA", "persona", now)
    return back


def close_restored(uow: UnitOfWork, report_id: str, *, now: datetime, rules: Cortes) -> bool:
    """Close a report that was restored so long ago that nobody answers any more; False when somebody did."""
    report = uow.reports.get(report_id)
    if report is None or report.estado != "RESTABLECIDA" or report.updated_at is None:
        return False
    if report.updated_at > now - timedelta(hours=rules.vigencia_h):
        return False
    move(uow, report, "CERRADA", at=now, actor="sistema")
    return True
