"""What operations do with outages: open, change, restore, and decide on those that reports propose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.kernel.errors import AtiendeError
from bot.outages import reports, states
from storage.repos.outages import OutageRecord

if TYPE_CHECKING:
    from bot.kernel.config_outages import Cortes
    from bot.kernel.ids import Ids
    from storage.repos.outage_news import ProposalRecord
    from storage.uow import UnitOfWork

#: Where an outage of each kind begins its life.
_FIRST = {"programada": "PROGRAMADA", "no_programada": "CONFIRMADA"}


class NotDecidable(AtiendeError):
    """The proposal is not there, or was decided before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutage:
    """An outage as operations know it; ``tipo`` is programada or no_programada, ``zona`` words that neighbours use."""

    servicio: str
    tipo: str
    municipio: str
    zona: str
    sectores: Sequence[str] = ()
    causa: str | None = None
    indicaciones: str | None = None
    alcance: str | None = None
    circuito: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def open_outage(uow: UnitOfWork, new: NewOutage, *, now: datetime, ids: Ids, actor: str, rules: Cortes) -> OutageRecord:
    """Open an outage; when nobody knows when the service returns, news are promised instead (domain rules §3)."""
    record = OutageRecord(
        id=ids.new("corte"),
        servicio=new.servicio,
        tipo=new.tipo,
        estado=_FIRST[new.tipo],
        municipio=new.municipio,
        zona=new.zona,
        autor=actor,
        created_at=now,
        sectores=tuple(new.sectores),
        circuito=new.circuito,
        causa=new.causa,
        indicaciones=new.indicaciones,
        alcance=new.alcance,
        starts_at=new.starts_at or (now if new.tipo == "no_programada" else None),
        ends_at=new.ends_at,
        next_update_at=_promise(new.ends_at, now, rules),
    )
    uow.outages.add(record)
    uow.outage_news.tell("outage", record.id, record.version, record.estado, now)
    return record


def change(
    uow: UnitOfWork,
    outage: OutageRecord,
    *,
    at: datetime,
    actor: str,
    rules: Cortes,
    estado: str = "",
    **changes: Any,
) -> OutageRecord:
    """Change what is known of an outage, perhaps its state, and leave word for who follows it.

    Restoring it restores the reports that belong to it; their people follow the outage and are asked through it.

    Raises:
        NotThatWay: it cannot go to that state.
        VersionConflict: somebody else changed it meanwhile.
    """
    wanted = {name: value for name, value in changes.items() if value is not None}
    if estado:
        states.check(states.OUTAGE_WAYS, outage.estado, estado)
        wanted["estado"] = estado
        if estado == "RESTABLECIDA":
            wanted["restored_at"] = at
        if estado == "EN_CURSO" and outage.starts_at is None:
            wanted["starts_at"] = at
    into = str(wanted.get("estado", outage.estado))
    if into not in states.OVER:
        wanted["next_update_at"] = _promise(wanted.get("ends_at", outage.ends_at), at, rules)
    changed = uow.outages.change(outage.id, expected_version=outage.version, at=at, autor=actor, **wanted)
    uow.outage_news.tell("outage", changed.id, changed.version, changed.estado, at)
    if estado in {"RESTABLECIDA", "CANCELADA"}:
        for report in uow.reports.of_outage(outage.id):
            if estado in states.REPORT_WAYS[report.estado]:
                reports.move(uow, report, estado, at=at, actor=actor, is_silent=True)
    return changed


def accept(
    uow: UnitOfWork, proposal_id: int, new: NewOutage, *, now: datetime, ids: Ids, actor: str, rules: Cortes
) -> OutageRecord:
    """Make an outage of a proposal: its reports belong to it, and their people are told of it from now on.

    Raises:
        NotDecidable: it was decided before, or is not there.
    """
    proposal = _open(uow, proposal_id)
    outage = open_outage(uow, new, now=now, ids=ids, actor=actor, rules=rules)
    for report in _of_zone(uow, proposal, now - timedelta(hours=rules.vigencia_h)):
        adopt(uow, report, outage, now=now, actor=actor)
    uow.outage_news.decide(proposal.id, "aceptada", at=now, actor=actor, outage_id=outage.id)
    return outage


def adopt(uow: UnitOfWork, report: Any, outage: OutageRecord, *, now: datetime, actor: str) -> None:
    """Make a report part of an outage: who reported or joined it follows the outage from now on."""
    into = "CONFIRMADA" if report.estado == "REPORTADA" else report.estado
    uow.reports.change(report.id, expected_version=report.version, at=now, outage_id=outage.id, estado=into)
    uow.reports.note(report.id, "DE_UN_CORTE", actor, now, {"corte": outage.id})
    for conversation_id in (report.conversation_id, *uow.reports.who_joined(report.id)):
        if conversation_id is not None:
            uow.outage_news.follow(outage.id, conversation_id, report.sector, now)


def dismiss(uow: UnitOfWork, proposal_id: int, *, now: datetime, actor: str) -> ProposalRecord:
    """Note that a proposal is no outage.

    Raises:
        NotDecidable: it was decided before, or is not there.
    """
    proposal = _open(uow, proposal_id)
    uow.outage_news.decide(proposal.id, "descartada", at=now, actor=actor)
    return proposal


def _open(uow: UnitOfWork, proposal_id: int) -> ProposalRecord:
    proposal = uow.outage_news.proposal(proposal_id)
    if proposal is None or proposal.estado != "abierta":
        message = f"there is no open proposal {proposal_id}"
        raise NotDecidable(message)
    return proposal


def _of_zone(uow: UnitOfWork, proposal: ProposalRecord, since: datetime) -> list[Any]:
    if proposal.sector:
        found = uow.reports.open_in_sector(proposal.servicio, proposal.sector, since)
    else:
        found = uow.reports.open_in_cells(proposal.servicio, [proposal.zona], since)
    return [report for report in found if report.outage_id is None]


def _promise(ends_at: datetime | None, now: datetime, rules: Cortes) -> datetime | None:
    """Return when the next news are promised: only while nobody knows when the service returns."""
    return None if ends_at is not None else now + timedelta(minutes=rules.noticia_min)
