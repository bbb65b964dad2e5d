"""The demo utility "Aguas del Valle Verde E.S.P.": invented from end to end, and planted once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.demo import community
from bot.demo.bills import bills
from bot.demo.events import OUTAGES, REQUESTS
from bot.demo.people import FIRST_ACCOUNT, accounts
from bot.demo.territory import MUNICIPIO, PLACES
from bot.kernel.clock import local_date
from bot.kernel.ids import RandomIds
from bot.pqr import filing
from bot.pqr.law import Law
from bot.pqr.request import Filing
from storage.repos.customers import SectorRecord
from storage.repos.outages import OutageRecord

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.uow import UnitOfWork

_BATCH = 500


def plant(database: Database, *, now: datetime, settings: Settings) -> str:
    """Put the demo utility into ``database`` unless it is there; return what was planted, for people, or an empty text.

    One transaction: a demo is either whole or absent.
    """
    law = Law.from_settings(settings, today=local_date(now))

    def write(uow: UnitOfWork) -> str:
        if uow.customers.account(str(FIRST_ACCOUNT)) is not None:
            return ""
        return _plant(uow, now, law)

    return database.write_now(write)


def _plant(uow: UnitOfWork, now: datetime, law: Law) -> str:
    for place in PLACES:
        uow.customers.add_sector(SectorRecord(place.id, place.nombre, MUNICIPIO, place.polygon))
    people = list(accounts())
    uow.customers.add_accounts(people)
    sent = list(bills(local_date(now)))
    for start in range(0, len(sent), _BATCH):
        uow.customers.add_bills(sent[start : start + _BATCH])
    ids = RandomIds()
    for days, fields in REQUESTS:
        when = now - timedelta(days=days)
        request = Filing.from_fact(fields, conversation_id="c_demo", canal="oficina", recibido_at=when)
        filing.file(uow, request, now=when, ids=ids, law=law)
    for number, outage in enumerate(OUTAGES, start=1):
        uow.outages.add(
            OutageRecord(
                id=f"corte_demo_{number}",
                municipio=MUNICIPIO,
                autor="demo",
                created_at=now,
                starts_at=now + timedelta(hours=outage.starts_in_h),
                ends_at=None if outage.ends_in_h is None else now + timedelta(hours=outage.ends_in_h),
                next_update_at=now + timedelta(hours=2),
                servicio=outage.servicio,
                tipo=outage.tipo,
                estado=outage.estado,
                zona=outage.zona,
                sectores=outage.sectores,
                causa=outage.causa,
                indicaciones=outage.indicaciones,
                alcance=outage.alcance,
            )
        )
    neighbourhood = community.plant(uow, now)
    return (
        f"{len(people)} cuentas, {len(sent)} facturas, {len(PLACES)} sectores, "
        f"{len(REQUESTS)} solicitudes, {len(OUTAGES)} cortes, {neighbourhood} de demostración."
    )
