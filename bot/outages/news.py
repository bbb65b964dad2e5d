"""What people are told when a report or an outage changes: who, with which wording, and what is asked of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

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


def overdue(uow: UnitOfWork, now: datetime) -> list[OutageRecord]:
    """Return the open outages whose promised news did not come: operations have to say something."""
    return [
        outage
        for outage in uow.outages.open()
        if outage.ends_at is None and outage.next_update_at is not None and outage.next_update_at <= now
    ]
