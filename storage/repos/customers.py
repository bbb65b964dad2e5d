"""What the company knows of its customers: accounts, bills, sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from storage.repos.base import AnyRow, Repo, upsert
from storage.rows.base import table
from storage.rows.company import AccountRow, BillRow, SectorRow

_accounts, _bills, _sectors = table(AccountRow), table(BillRow), table(SectorRow)
_a, _b, _s = _accounts.c, _bills.c, _sectors.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """A customer's account; the holder's document is kept only as a blind index (see ``is_holder``).

    ``telefono`` (E.164) and ``correo`` are where the company itself reaches the holder.
    """

    cuenta: str
    servicios: Sequence[str]
    titular: str
    direccion: str
    uso: str
    barrio: str | None = None
    municipio: str | None = None
    sector: str | None = None
    estrato: int | None = None
    estado: str = "activa"
    telefono: str | None = None
    correo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRecord:
    """A bill: ``periodo`` is ``YYYY-MM``, ``total`` whole pesos, ``abonado`` what is paid of it.

    ``detalle`` is what the bill itemises, as docs/how-to/connect-billing.md describes it.
    """

    cuenta: str
    servicio: str
    periodo: str
    emitida_on: date
    vence_on: date
    total: int
    numero: str | None = None
    pagada: bool = False
    pagada_on: date | None = None
    abonado: int = 0
    detalle: Mapping[str, Any] = field(default_factory=dict)

    @property
    def saldo(self) -> int:
        """What is left to pay, in whole pesos."""
        return 0 if self.pagada else max(0, self.total - self.abonado)


@dataclass(frozen=True, slots=True)
class SectorRecord:
    """A piece of territory; ``polygon`` is a GeoJSON geometry in WGS 84."""

    id: str
    nombre: str
    municipio: str
    polygon: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArrearsRecord:
    """What an account has overdue: ``vencidas`` bills of the service that has most, ``deuda`` of all, since ``desde_on``."""

    cuenta: str
    vencidas: int
    deuda: int
    desde_on: date


def _import(rows: Any, key: Sequence[str], kept: Sequence[str] = ()) -> dict[Any, Any]:
    """Return an INSERT that brings an existing row up to date but for ``kept``, so that an import can be repeated."""
    return {
        dialect: statement.on_conflict_do_update(
            index_elements=list(key),
            set_={c.name: statement.excluded[c.name] for c in rows.c if c.name not in (*key, *kept, "id")},
        )
        for dialect, statement in upsert(rows).items()
    }


_SEALED = ("titular", "direccion", "telefono", "correo")
_ADD_ACCOUNT = _import(_accounts, ["cuenta"])
_ADD_BILL = _import(_bills, ["cuenta", "servicio", "periodo"])
_ADD_ISSUED = _import(_bills, ["cuenta", "servicio", "periodo"], ["pagada", "pagada_on", "abonado"])
_ADD_SECTOR = _import(_sectors, ["id"])
_ACCOUNT = select(_accounts).where(_a.cuenta == bindparam("wanted"))
_OF_DOCUMENT = select(_accounts).where(_a.documento_index == bindparam("wanted")).order_by(_a.cuenta)
_HOLDER = select(_a.documento_index).where(_a.cuenta == bindparam("wanted"))
_BILLS = (
    select(*(_b[name] for name in BillRecord.__dataclass_fields__))
    .where(_b.cuenta == bindparam("wanted"))
    .order_by(_b.periodo.desc(), _b.servicio)
    .limit(bindparam("most"))
)
_OWED = (
    select(*(_b[name] for name in BillRecord.__dataclass_fields__))
    .where(_b.cuenta == bindparam("wanted"), _b.pagada.is_(False))
    .order_by(_b.vence_on, _b.periodo, _b.servicio)
)
_OF_SERVICES = (
    select(
        _b.cuenta,
        func.count().label("vencidas"),
        func.sum(_b.total - _b.abonado).label("deuda"),
        func.min(_b.vence_on).label("desde_on"),
    )
    .where(_b.pagada.is_(False), _b.total > _b.abonado, _b.vence_on < bindparam("today"))
    .group_by(_b.cuenta, _b.servicio)
    .subquery()
)
_ARREARS = (
    select(
        _OF_SERVICES.c.cuenta,
        func.max(_OF_SERVICES.c.vencidas),
        func.sum(_OF_SERVICES.c.deuda),
        func.min(_OF_SERVICES.c.desde_on).label("oldest_on"),
    )
    .group_by(_OF_SERVICES.c.cuenta)
    .having(func.max(_OF_SERVICES.c.vencidas) >= bindparam("least"))
    .order_by("oldest_on", _OF_SERVICES.c.cuenta)
)
_KNOWN = select(_a.cuenta).where(_a.cuenta.in_(bindparam("wanted", expanding=True)))
_SECTOR = select(_sectors).where(_s.id == bindparam("wanted"))
_SECTORS = select(_sectors).order_by(_s.nombre, _s.id)


class Customers(Repo):
    """The ``accounts``, ``bills`` and ``sectors`` tables; adding again brings up to date."""

    def account(self, cuenta: str) -> AccountRecord | None:
        """Return an account by its number (digits only), or None."""
        row = self._first(_ACCOUNT, {"wanted": cuenta})
        return None if row is None else self._account(row)

    def accounts_of(self, documento: str) -> list[AccountRecord]:
        """Return the accounts whose holder has that document."""
        return [self._account(row) for row in self._all(_OF_DOCUMENT, {"wanted": self._index(documento)})]

    def is_holder(self, cuenta: str, documento: str) -> bool:
        """Tell whether the document is that of the account's holder, without knowing either from the other."""
        kept = self._run(_HOLDER, {"wanted": cuenta}).scalar()
        return kept is not None and kept == self._index(documento)

    def add_account(self, account: AccountRecord, documento: str | None = None) -> None:
        """Add an account or bring it up to date."""
        self.add_accounts([(account, documento)])

    def add_accounts(self, accounts: Sequence[tuple[AccountRecord, str | None]]) -> None:
        """Add many accounts, each with the document of its holder."""
        values = [
            {
                **{name: getattr(account, name) for name in AccountRecord.__dataclass_fields__},
                "servicios": list(account.servicios),
                **{
                    name: self._seal_text(getattr(account, name), f"accounts:{account.cuenta}:{name}")
                    for name in _SEALED
                },
                "documento_index": self._index(documento) if documento else None,
            }
            for account, documento in accounts
        ]
        if values:
            self._run(_ADD_ACCOUNT[self._dialect], values)

    def bills(self, cuenta: str, limit: int = 12) -> list[BillRecord]:
        """Return the last bills of an account, the newest first."""
        rows = self._all(_BILLS, {"wanted": cuenta, "most": limit})
        return [BillRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented way to the names

    def owed(self, cuenta: str) -> list[BillRecord]:
        """Return the bills of an account that are not paid in full, the oldest first."""
        return [BillRecord(**row._mapping) for row in self._all(_OWED, {"wanted": cuenta})]  # noqa: SLF001 - as above

    def in_arrears(self, today: date, least: int, cuenta: str = "") -> list[ArrearsRecord]:
        """Return the accounts with at least ``least`` overdue bills of one service, the oldest debt first; perhaps only one."""
        statement = _ARREARS.where(_OF_SERVICES.c.cuenta == cuenta) if cuenta else _ARREARS
        rows = self._all(statement, {"today": today, "least": least})
        return [ArrearsRecord(row[0], int(row[1]), int(row[2]), row[3]) for row in rows]

    def known(self, cuentas: Sequence[str]) -> set[str]:
        """Return those of ``cuentas`` that are accounts."""
        return {row.cuenta for row in self._all(_KNOWN, {"wanted": list(cuentas)})} if cuentas else set()

    def add_bill(self, bill: BillRecord) -> None:
        """Add a bill or bring it up to date.

        Raises:
            Conflict: there is no such account.
        """
        self.add_bills([bill])

    def add_bills(self, bills: Sequence[BillRecord], *, keep_payments: bool = False) -> None:
        """Add many bills; with ``keep_payments`` what is known to be paid of one that is there already stays.

        Raises:
            Conflict: there is no such account.
        """
        values = [{name: getattr(bill, name) for name in BillRecord.__dataclass_fields__} for bill in bills]
        if values:
            self._run((_ADD_ISSUED if keep_payments else _ADD_BILL)[self._dialect], values)

    def sector(self, sector_id: str) -> SectorRecord | None:
        """Return a sector, or None."""
        row = self._first(_SECTOR, {"wanted": sector_id})
        return None if row is None else SectorRecord(*row)

    def sectors(self) -> list[SectorRecord]:
        """Return every sector, by name."""
        return [SectorRecord(*row) for row in self._all(_SECTORS)]

    def add_sector(self, sector: SectorRecord) -> None:
        """Add a sector or bring it up to date."""
        self._run(_ADD_SECTOR[self._dialect], {name: getattr(sector, name) for name in SectorRecord.__slots__})

    def _index(self, documento: str) -> str:
        return self._keys.blind("".join(documento.split()).casefold(), "accounts:documento")

    def _account(self, row: AnyRow) -> AccountRecord:
        names = AccountRecord.__dataclass_fields__
        values = {name: row._mapping[name] for name in names}  # noqa: SLF001 - SQLAlchemy's documented way to the names
        for name in _SEALED:
            values[name] = self._open_text(values[name], f"accounts:{row.cuenta}:{name}")
        return AccountRecord(**values)
