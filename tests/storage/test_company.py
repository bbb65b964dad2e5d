"""Accounts, bills, sectors and outages."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from storage.db import Database
from storage.errors import Conflict, NotFound, VersionConflict
from storage.repos.customers import AccountRecord, BillRecord, SectorRecord
from storage.repos.outages import OutageRecord
from tests.storage.samples import NOW

ACCOUNT = AccountRecord(
    cuenta="100200300",
    servicios=["agua", "alcantarillado"],
    titular="Persona de Prueba",
    direccion="Calle Inventada 7 # 45-12",
    uso="residencial",
    barrio="La Paz",
    sector="s1",
    estrato=2,
)
BILL = BillRecord(
    cuenta="100200300",
    servicio="agua",
    periodo="2026-02",
    emitida_on=date(2026, 3, 1),
    vence_on=date(2026, 3, 20),
    total=187_300,
    detalle={"consumo_m3": 31},
)
OUTAGE = OutageRecord(
    id="outage_1",
    servicio="agua",
    tipo="programada",
    estado="PROGRAMADA",
    municipio="Valle Verde",
    zona="Barrio La Paz, entre calles 5 y 9",
    autor="operaciones",
    created_at=NOW,
    sectores=("s1", "s2"),
    starts_at=NOW + timedelta(days=1),
)


async def test_an_account_is_found_and_its_holder_is_recognised(database: Database) -> None:
    await database.write(lambda unit: unit.customers.add_account(ACCOUNT, "1098765432"))
    assert await database.read(lambda unit: unit.customers.account("100200300")) == ACCOUNT
    assert await database.read(lambda unit: unit.customers.account("0")) is None
    assert await database.read(lambda unit: unit.customers.is_holder("100200300", " 1098765432"))
    assert not await database.read(lambda unit: unit.customers.is_holder("100200300", "1"))
    assert not await database.read(lambda unit: unit.customers.is_holder("0", "1098765432"))
    assert await database.read(lambda unit: unit.customers.accounts_of("1098765432")) == [ACCOUNT]


async def test_an_import_can_be_repeated(database: Database) -> None:
    moved = dataclasses.replace(ACCOUNT, direccion="Carrera Inventada 1")
    for account in (ACCOUNT, moved):
        await database.write(lambda unit, account=account: unit.customers.add_accounts([(account, None)]))
    assert await database.read(lambda unit: unit.customers.account("100200300")) == moved
    paid = dataclasses.replace(BILL, pagada=True, pagada_on=date(2026, 3, 10))
    for bill in (BILL, paid):
        await database.write(lambda unit, bill=bill: unit.customers.add_bills([bill]))
    assert await database.read(lambda unit: unit.customers.bills("100200300")) == [paid]


async def test_the_newest_bills_come_first(database: Database) -> None:
    await database.write(lambda unit: unit.customers.add_account(ACCOUNT))
    for month in range(1, 6):
        bill = dataclasses.replace(BILL, periodo=f"2025-{month:02}")
        await database.write(lambda unit, bill=bill: unit.customers.add_bill(bill))
    bills = await database.read(lambda unit: unit.customers.bills("100200300", limit=2))
    assert [bill.periodo for bill in bills] == ["2025-05", "2025-04"]


async def test_a_bill_of_nobody_is_refused(database: Database) -> None:
    with pytest.raises(Conflict):
        await database.write(lambda unit: unit.customers.add_bill(BILL))


async def test_sectors_keep_their_polygon(database: Database) -> None:
    polygon = {"type": "Polygon", "coordinates": [[[-75.2, 4.1], [-75.1, 4.1], [-75.1, 4.2], [-75.2, 4.1]]]}
    sector = SectorRecord("s1", "La Paz", "Valle Verde", polygon)
    await database.write(lambda unit: unit.customers.add_sector(sector))
    await database.write(lambda unit: unit.customers.add_sector(dataclasses.replace(sector, nombre="La Paz Alta")))
    assert await database.read(lambda unit: unit.customers.sectors()) == [
        SectorRecord("s1", "La Paz Alta", "Valle Verde", polygon)
    ]
    assert await database.read(lambda unit: unit.customers.sector("s9")) is None


async def test_an_outage_is_found_by_the_sectors_it_reaches(database: Database) -> None:
    await database.write(lambda unit: unit.outages.add(OUTAGE))
    found = await database.read(lambda unit: unit.outages.open_for_sector("s2"))
    assert found == [dataclasses.replace(OUTAGE, updated_at=NOW)]
    assert await database.read(lambda unit: unit.outages.open_for_sector("s2", "energia")) == []
    assert await database.read(lambda unit: unit.outages.open_for_sector("s9")) == []


async def test_a_change_of_an_outage_raises_its_version(database: Database) -> None:
    await database.write(lambda unit: unit.outages.add(OUTAGE))
    later = NOW + timedelta(hours=1)
    changed = await database.write(
        lambda unit: unit.outages.change(
            "outage_1", expected_version=1, at=later, autor="ana", estado="EN_CURSO", sectores=["s3"]
        )
    )
    assert (changed.version, changed.estado, changed.sectores, changed.updated_at) == (2, "EN_CURSO", ("s3",), later)
    with pytest.raises(VersionConflict):
        await database.write(lambda unit: unit.outages.change("outage_1", expected_version=1, at=later, autor="luis"))
    with pytest.raises(NotFound):
        await database.write(lambda unit: unit.outages.change("nobody", expected_version=1, at=later, autor="luis"))


async def test_an_outage_that_is_over_is_not_open(database: Database) -> None:
    await database.write(lambda unit: unit.outages.add(OUTAGE))
    await database.write(
        lambda unit: unit.outages.change("outage_1", expected_version=1, at=NOW, autor="ana", estado="RESTABLECIDA")
    )
    assert await database.read(lambda unit: unit.outages.open()) == []
    assert await database.read(lambda unit: unit.outages.get("outage_1")) is not None
    assert await database.read(lambda unit: unit.outages.get("nobody")) is None
