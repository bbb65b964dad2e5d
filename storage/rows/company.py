"""Tables of what the company knows: sectors, accounts, bills and outages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, document, moment, number, sealed, where, words, yes_no


class SectorRow(Row, table=True):
    """A piece of territory as a GeoJSON polygon in WGS 84."""

    __tablename__ = "sectors"

    id: str = words(key=True)
    nombre: str = words()
    municipio: str = words()
    polygon: dict[str, Any] = document()


class AccountRow(Row, table=True):
    """A customer's account; holder, address and contacts are sealed, the document is a blind index only.

    ``telefono`` (E.164) and ``correo`` are where the company itself reaches the holder: codes go there.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_documento", "documento_index"), Index("ix_accounts_sector", "sector"))

    cuenta: str = words(key=True)
    servicios: list[str] = document()
    titular: bytes = sealed()
    documento_index: str | None = words(null=True)
    direccion: bytes = sealed()
    barrio: str | None = words(null=True)
    municipio: str | None = words(null=True)
    sector: str | None = words(null=True)
    estrato: int | None = number(null=True)
    uso: str = words()
    estado: str = words()
    telefono: bytes | None = sealed(null=True)
    correo: bytes | None = sealed(null=True)


class BillRow(Row, table=True):
    """A bill of one account, service and period (``YYYY-MM``); ``abonado`` is paid of ``total``; whole pesos."""

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("cuenta", "servicio", "periodo"),
        Index("ix_bills_recent", "cuenta", "periodo"),
        Index("ix_bills_numero", "numero"),
        NEVER_AGAIN,
    )

    id: int = counted()
    cuenta: str = words(to="accounts.cuenta")
    servicio: str = words()
    periodo: str = words()
    numero: str | None = words(null=True)
    emitida_on: date = day()
    vence_on: date = day()
    total: int = number()
    pagada: bool = yes_no()
    pagada_on: date | None = day(null=True)
    abonado: int = number()
    detalle: dict[str, Any] = document()


class OutageRow(Row, table=True):
    """An interruption of a service, planned or not; every change raises ``version``."""

    __tablename__ = "outages"
    __table_args__ = (
        Index("ix_outages_open", "servicio", **where("estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')")),
    )

    id: str = words(key=True)
    servicio: str = words()
    tipo: str = words()
    estado: str = words()
    municipio: str = words()
    zona: str = words()
    circuito: str | None = words(null=True)
    causa: str | None = words(null=True)
    indicaciones: str | None = words(null=True)
    alcance: str | None = words(null=True)
    linea: str | None = words(null=True)
    starts_at: datetime | None = moment(null=True)
    ends_at: datetime | None = moment(null=True)
    next_update_at: datetime | None = moment(null=True)
    restored_at: datetime | None = moment(null=True)
    version: int = number()
    autor: str = words()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class OutageSectorRow(Row, table=True):
    """That an outage reaches a sector."""

    __tablename__ = "outage_sectors"
    __table_args__ = (Index("ix_outage_sectors_sector", "sector"),)

    outage_id: str = words(key=True, to="outages.id")
    sector: str = words(key=True)
