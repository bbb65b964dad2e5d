"""Outages, places and reports of faults, read for actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.billing.database import is_suspended
from bot.nlu.entities.sector import Gazetteer
from bot.outages import catalog, matching, nearby, told
from bot.outages.territory import Sector, Territory
from bot.turn.ports.places import names, read_place
from dialogs.actions.ports.outages import OutageView, ReportView, SpotView, ToldView

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.repos.outages import OutageRecord
    from storage.repos.reports import ReportRecord
    from storage.uow import UnitOfWork

_MOST_REPORTS = 5


class StoredOutages:
    """What is open, where a place lies, and what was reported."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rules = settings.cortes
        self._served = settings.empresa.servicios
        self._home = settings.empresa.municipio
        self._catalog = catalog.load()

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        """Return the open outages, perhaps of one sector or service only."""
        now = self._clock.now()
        records = await self._database.read(
            lambda uow: uow.outages.open_for_sector(sector) if sector else uow.outages.open()
        )
        wanted = [record for record in records if not servicio or record.servicio == servicio]
        return [_outage(record, now) for record in wanted[:limit]]

    async def reaching(self, servicio: str, place: Mapping[str, Any]) -> Sequence[OutageView]:
        """Return the open outages that reach a place, those going on first."""
        now = self._clock.now()
        where = matching.Where(
            sector=str(place.get("sector") or ""),
            barrio=str(place.get("barrio") or ""),
            municipio=str(place.get("municipio") or ""),
        )
        records = await self._database.read(lambda uow: uow.outages.open())
        return [_outage(found.outage, now) for found in matching.match(records, servicio, where, now)]

    async def place(self, text: str, before: Mapping[str, Any] | None = None) -> SpotView:
        """Read ``text`` as a place on the ground of the utility."""
        rows = await self._database.read(lambda uow: uow.customers.sectors())
        territory = Territory(
            [Sector(row.id, row.nombre, row.municipio, row.polygon) for row in rows],
            outline=self._catalog.territory.outline,
            towns=self._catalog.territory.municipios,
            home=self._home,
        )
        return read_place(
            text, territory, Gazetteer(names(territory)), home=self._home, now=self._clock.now(), before=before
        )

    async def told(self, text: str) -> ToldView:
        """Read what a message tells of a fault besides its place."""
        heard = told.read(text, self._catalog, self._served)
        return ToldView(
            servicio=heard.servicio,
            tipo=heard.tipo,
            servicios=self._catalog.faults.danos[heard.tipo].servicios if heard.tipo else (),
            critico=heard.critico,
            numero=heard.numero,
            sigue=heard.follows_up,
            relato=heard.story,
        )

    async def near(self, fault: Mapping[str, Any], place: Mapping[str, Any], conversation_id: str) -> ReportView | None:
        """Return the open report that is most likely the same fault, or None."""
        lat, lon = place.get("lat"), place.get("lon")
        here = nearby.Here(
            servicio=str(fault.get("servicio") or ""),
            tipo=str(fault.get("tipo") or ""),
            sector=str(place.get("sector") or ""),
            municipio=str(place.get("municipio") or "") or None,
            direccion=str(place.get("direccion") or ""),
            point=None if lat is None or lon is None else (float(lat), float(lon)),
        )
        now = self._clock.now()
        found = await self._database.read(
            lambda uow: nearby.find(uow, here, now=now, rules=self._rules, own=conversation_id)
        )
        return None if found is None else _report(found.report, metros=found.metres, personas=found.people)

    async def report(self, numero: str) -> ReportView | None:
        """Return the report of that number, however it was typed, or None."""
        number = told.report_number(numero)

        def look(uow: UnitOfWork) -> ReportView | None:
            record = uow.reports.by_number(number) if number else None
            return None if record is None else self._view(uow, record)

        return await self._database.read(look)

    async def reports_of(self, conversation_id: str) -> Sequence[ReportView]:
        """Return what was reported or joined in this conversation."""
        return await self._database.read(
            lambda uow: [
                self._view(uow, record) for record in uow.reports.of_conversation(conversation_id, _MOST_REPORTS)
            ]
        )

    async def is_suspended(self, cuenta: str) -> bool:
        """Tell whether an account is suspended for non-payment."""

        def look(uow: UnitOfWork) -> bool:
            record = uow.customers.account(cuenta)
            return record is not None and is_suspended(uow, record)

        return await self._database.read(look)

    def _view(self, uow: UnitOfWork, record: ReportRecord) -> ReportView:
        return _report(record, personas=1 + uow.reports.joined([record.id]).get(record.id, 0))


def _outage(record: OutageRecord, now: datetime) -> OutageView:
    return OutageView(
        record.servicio,
        record.zona,
        record.causa or "",
        # An estimate whose hour is past is none, and neither is such a promise below.
        _iso(_coming(record.ends_at, now)),
        record.estado.lower(),
        _iso(record.starts_at),
        record.id,
        matching.phase(record, now),
        record.indicaciones or "",
        _iso(_coming(record.next_update_at, now)),
        _iso(record.updated_at or record.created_at),
    )


def _report(record: ReportRecord, *, metros: int | None = None, personas: int = 1) -> ReportView:
    return ReportView(
        id=record.id,
        numero=record.numero,
        servicio=record.servicio,
        tipo=record.tipo,
        estado=record.estado.lower(),
        creado_at=record.created_at.isoformat(),
        actualizado_at=_iso(record.updated_at),
        metros=metros,
        personas=personas,
    )


def _coming(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
