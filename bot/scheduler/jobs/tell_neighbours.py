"""tell_neighbours: tells of works before they begin, when they change, and asks when they end; ends terms of leaders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.community import interventions, leaders
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.repos.interventions import InterventionRecord
    from storage.repos.leaders import LeaderRecord
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

TOPIC = "obras"
FLOW = "confirmar_intervencion"
_BATCH = 50
#: Whoever reported a fault so long before the end is asked whether the work solved it.
_REPORTED = timedelta(days=60)


async def run(database: Database, clock: Clock, settings: Settings, notices: Notices) -> str:
    """Tell and ask what is due, one work a transaction; returns how many messages and questions.

    A work that breaks is logged and left for the next time; it holds up none of those behind it.
    """
    now = clock.now()
    asks_for = timedelta(hours=settings.comunidad.preguntar_h)
    told = asked = 0
    for work in await database.read(lambda uow: uow.interventions.untold(_BATCH)):
        try:
            told += await database.write(lambda uow, work=work: _tell(uow, notices, work, now))  # type: ignore[misc]
        except Exception:
            log.exception("work_not_told", work=work.id)
    for work in await database.read(lambda uow: uow.interventions.ended_since(now - asks_for)):
        try:
            asked += await database.write(lambda uow, work=work: _ask(uow, work, now, asks_for))  # type: ignore[misc]
        except Exception:
            log.exception("work_not_asked", work=work.id)
    over = await database.write(lambda uow: _expire(uow, notices, now))
    return f"{told} told, {asked} asked, {over} leaders over" if told or asked or over else ""


def _tell(uow: UnitOfWork, notices: Notices, work: InterventionRecord, now: datetime) -> int:
    """Tell the leaders first and then whoever asked for it; nobody twice of the same version."""
    response = "aviso_obra.nueva" if work.avisada_version == 0 else "aviso_obra.cambio"
    if work.estado == "CANCELADA":
        response = "aviso_obra.cancelada"
    names = {one.id: one.nombre for one in uow.customers.sectors()}
    first = {one.conversation_id: one.sectores for one in leaders.of_sectors(uow, work.sectores, local_date(now))}
    many = 0
    for conversation_id, own in first.items():
        sector = next(one for one in work.sectores if one in own)
        values = {"obra_vista": shown(work), "barrio_visto": {"id": sector, "nombre": names.get(sector, sector)}}
        many += _push(uow, notices, work, conversation_id, response, values, now, topic=None)
    for sector in work.sectores:
        values = {"obra_vista": shown(work), "barrio_visto": {"id": sector, "nombre": names.get(sector, sector)}}
        for conversation_id in uow.territory.subscribers(TOPIC, [sector]):
            if conversation_id not in first:
                many += _push(uow, notices, work, conversation_id, response, values, now, topic=TOPIC)
    if work.estado == "PLANEADA":
        work = interventions.move(uow, work, "AVISADA", actor="sistema", at=now)
    uow.interventions.told(work.id, work.version)
    return many


def _push(
    uow: UnitOfWork,
    notices: Notices,
    work: InterventionRecord,
    conversation_id: str,
    response: str,
    values: Mapping[str, Any],
    now: datetime,
    *,
    topic: str | None,
) -> int:
    pushed = notices.push(
        uow,
        conversation_id=conversation_id,
        response=response,
        values=values,
        clase="SERVICIO",
        key=f"obra:{work.id}:{work.version}:{conversation_id}",
        now=now,
        topic=topic,
        not_after=max(work.ends_at, now + timedelta(hours=1)),
    )
    return int(pushed.state == "queued")


def _ask(uow: UnitOfWork, work: InterventionRecord, now: datetime, asks_for: timedelta) -> int:
    """Begin the question with leaders and with who reported, once a round, unless they have answered already."""
    ended = work.terminada_at or now
    answered = {one.conversation_id for one in uow.interventions.said(work.id, work.ronda)}
    whom = [one.conversation_id for one in leaders.of_sectors(uow, work.sectores, local_date(now))]
    whom += uow.territory.reporters(work.sectores, work.servicio, ended - _REPORTED)
    return sum(
        uow.errands.add(
            key=f"obra:{work.id}:{work.ronda}:{conversation_id}",
            conversation_id=conversation_id,
            flow=FLOW,
            slots={"obra_elegida": str(work.id)},
            clase="SERVICIO",
            due_at=now,
            expires_at=ended + asks_for,
            now=now,
        )
        for conversation_id in dict.fromkeys(whom)
        if conversation_id not in answered
    )


def _expire(uow: UnitOfWork, notices: Notices, now: datetime) -> int:
    over = leaders.expire(uow, now)
    for one in over:
        tell_leader(uow, notices, one, "aviso_lider.vencido", now)
    return len(over)


def tell_leader(uow: UnitOfWork, notices: Notices, leader: LeaderRecord, response: str, now: datetime) -> None:
    """Tell somebody what became of their request or their term."""
    names = {one.id: one.nombre for one in uow.customers.sectors()}
    seen = {
        "rol": leader.rol,
        "sectores": [names.get(one, one) for one in leader.sectores],
        "hasta_on": leader.hasta_on.isoformat() if leader.hasta_on else "",
        "motivo": leader.motivo or "",
    }
    notices.push(
        uow,
        conversation_id=leader.conversation_id,
        response=response,
        values={"lider_vista": seen},
        clase="SERVICIO",
        key=f"lider:{leader.id}:{response}",
        now=now,
    )


def shown(work: InterventionRecord) -> dict[str, str]:
    """Return a work as its notices read it."""
    return {
        "tipo": work.tipo,
        "aspecto": work.aspecto,
        "lugar": work.lugar,
        "desde_at": work.starts_at.isoformat(),
        "hasta_at": work.ends_at.isoformat(),
        "indicaciones": work.indicaciones or "",
    }
