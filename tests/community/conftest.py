"""A sector or two with accounts, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.db import Database
from storage.repos.customers import AccountRecord, SectorRecord
from storage.repos.interventions import InterventionRecord

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-75.3, 4.2], [-75.29, 4.2], [-75.29, 4.21], [-75.3, 4.21], [-75.3, 4.2]]],
}


def work(**changed):
    values = {
        "id": 0,
        "tipo": "obra",
        "servicio": "agua",
        "aspecto": "cambio de tubería",
        "lugar": "CL 3",
        "sectores": ("s1",),
        "starts_at": NOW - timedelta(hours=8),
        "ends_at": NOW - timedelta(hours=1),
        "estado": "TERMINADA",
        "terminada_at": NOW - timedelta(hours=1),
        "autor": "ana",
        "created_at": NOW - timedelta(days=3),
    }
    return InterventionRecord(**{**values, **changed})


def lead(uow, conversation_id="c_lider", sectors=("s1",), days=30, estado="VERIFICADO"):
    number = uow.leaders.request(
        conversation_id=conversation_id,
        rol="jac",
        persona={"nombre": "Persona de Prueba"},
        sectores=sectors,
        anexos=(),
        at=NOW,
    )
    today = NOW.date()
    uow.leaders.decide(
        number, expected="SOLICITADO", estado=estado, at=NOW, desde_on=today, hasta_on=today + timedelta(days=days)
    )
    return number


@pytest.fixture
def town(database: Database) -> Database:
    def plant(uow):
        uow.customers.add_sector(SectorRecord("s1", "La Esperanza", "Valle Verde", SQUARE))
        uow.customers.add_sector(SectorRecord("s2", "El Carmen", "Valle Verde", {"type": "Polygon", "coordinates": []}))
        account = AccountRecord(
            cuenta="1000001",
            servicios=["agua"],
            titular="Persona de Prueba",
            direccion="CL 1",
            uso="residencial",
            sector="s1",
        )
        uow.customers.add_account(account, "1098765432")

    database.write_now(plant)
    return database
