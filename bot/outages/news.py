"""What people are told when a report or an outage changes: who, with which wording, and what is asked of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dialogs.filters import fecha_hora

if TYPE_CHECKING:
    from storage.repos.outage_news import NewsRecord
    from storage.repos.outages import OutageRecord
    from storage.uow import UnitOfWork

#: The flow that asks whether the service is back.
ASKS = "confirmar_regreso"
GAS_STEPS = "noticia.gas_vuelve"
_TOLD_OF_REPORTS = frozenset({"CONFIRMADA", "ASIGNADA", "EN_REPARACION", "CANCELADA"})
_UNTOLD_OF_OUTAGES = frozenset({"CERRADA"})
#: Kinds of fault after which a service has to be begun again with care.
_SERVICES = {"agua": "agua", "alcantarillado": "alcantarillado", "aseo": "aseo", "energia": "energía", "gas": "gas"}
_GONE = frozenset({"sin_servicio", "baja_presion"})


@dataclass(frozen=True, slots=True)
class Telling:
    """What one change has to say: ``response`` with ``values``, or ``asks``, the slots of the flow that asks.

    ``steps`` is a further response, said before: the safety steps after gas returns.
    """

    people: Sequence[str] = ()
    response: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    asks: Mapping[str, Any] | None = None
    steps: str = ""


@dataclass(frozen=True, slots=True)
class SectorNotice:
    """A text for many: the template of ``avisos.yml``, its values, and the sectors."""

    template: str
    values: Mapping[str, str]
    sectors: Sequence[str]


def telling(uow: UnitOfWork, news: NewsRecord, now: datetime) -> Telling:
    """Return who is to be told of a change and what; nobody when it is past or concerns nobody."""
    return _of_report(uow, news) if news.subject == "report" else _of_outage(uow, news, now)


def _of_report(uow: UnitOfWork, news: NewsRecord) -> Telling:
    report = uow.reports.get(news.subject_id)
    if report is None:
        return Telling()
    first = [report.conversation_id] if report.conversation_id else []
    people = list(dict.fromkeys([*first, *uow.reports.who_joined(report.id)]))
    if news.estado == "RESTABLECIDA":
        if report.estado != "RESTABLECIDA":
            return Telling()  # opened again, or closed, before anybody was asked
        asks = {
            "regreso_clase": "report",
            "regreso_id": report.id,
            "regreso_numero": report.numero,
            "regreso_servicio": report.servicio,
        }
        steps = GAS_STEPS if report.servicio == "gas" and report.tipo in _GONE else ""
        return Telling(people, asks=asks, steps=steps)
    if news.estado not in _TOLD_OF_REPORTS:
        return Telling()
    told = {"numero": report.numero, "estado": news.estado.lower(), "tipo": report.tipo}
    return Telling(people, "noticia.reporte", {"noticia": told})


def _of_outage(uow: UnitOfWork, news: NewsRecord, now: datetime) -> Telling:
    outage = uow.outages.get(news.subject_id)
    if outage is None or news.estado in _UNTOLD_OF_OUTAGES:
        return Telling()
    people = [one.conversation_id for one in uow.outage_news.followers(outage.id)]
    if news.estado == "RESTABLECIDA":
        if outage.estado not in {"RESTABLECIDA", "CERRADA"}:
            return Telling()
        asks = {"regreso_clase": "outage", "regreso_id": outage.id, "regreso_servicio": outage.servicio}
        return Telling(people, asks=asks, steps=GAS_STEPS if outage.servicio == "gas" else "")
    if outage.version != news.version and outage.estado in {"RESTABLECIDA", "CERRADA", "CANCELADA"}:
        return Telling()  # what came after is told in its stead
    return Telling(people, "noticia.corte", {"noticia": {**shown(outage, now), "estado": news.estado.lower()}})


def shown(outage: OutageRecord, now: datetime) -> dict[str, Any]:
    """Return an outage as wording reads it; moments are ISO, or empty when unknown or past."""

    def coming(moment: datetime | None) -> str:
        return moment.isoformat() if moment is not None and moment > now else ""

    return {
        "servicio": outage.servicio,
        "sector": outage.zona,
        "causa": outage.causa or "",
        "vuelve_at": coming(outage.ends_at),
        "noticia_at": coming(outage.next_update_at),
        "desde_at": outage.starts_at.isoformat() if outage.starts_at else "",
        "indicaciones": outage.indicaciones or "",
    }


def for_the_sector(uow: UnitOfWork, news: NewsRecord, now: datetime) -> SectorNotice | None:
    """Return what everybody of the sectors should hear: that an outage begins, or that it is over; else None.

    It is only a draft: a person approves what goes to many. What cannot be said whole is left to staff.
    """
    outage = uow.outages.get(news.subject_id) if news.subject == "outage" else None
    if outage is None or not outage.sectores or outage.version != news.version:
        return None
    said = {"servicio": _SERVICES[outage.servicio], "sector": outage.zona}
    if outage.estado == "RESTABLECIDA":
        return SectorNotice("servicio_restablecido", said, outage.sectores)
    if outage.version != 1:
        return None
    cause = outage.causa or "una falla en la red"
    if outage.tipo == "programada" and outage.starts_at and outage.ends_at:
        said |= {"causa": cause, "cuando": _moment(outage.starts_at), "vuelve": _moment(outage.ends_at)}
        return SectorNotice("corte_programado", said, outage.sectores)
    if outage.tipo != "programada" and outage.ends_at and outage.ends_at > now:
        return SectorNotice(
            "corte_con_hora", {**said, "causa": cause, "vuelve": _moment(outage.ends_at)}, outage.sectores
        )
    if outage.tipo != "programada" and outage.next_update_at and outage.next_update_at > now:
        return SectorNotice("corte_imprevisto", {**said, "noticia": _moment(outage.next_update_at)}, outage.sectores)
    return None


def _moment(at: datetime) -> str:
    return f"el {fecha_hora(at)}"


def overdue(uow: UnitOfWork, now: datetime) -> list[OutageRecord]:
    """Return the open outages whose promised news did not come: operations have to say something."""
    return [
        outage
        for outage in uow.outages.open()
        if outage.ends_at is None and outage.next_update_at is not None and outage.next_update_at <= now
    ]
