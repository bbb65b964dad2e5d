"""What an account owes and uses, wherever the company keeps it. Everything here is personal: ask for verification first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


class BillingDown(Exception):
    """The billing system did not answer, or not with something that can be believed; no figure may be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedBill:
    """A bill with something left to pay; ``valor`` is what is left, in whole pesos."""

    servicio: str
    periodo: str
    numero: str
    vence_on: date
    valor: int
    vencida: bool

    @property
    def clave(self) -> str:
        """How the bill is named among those of its account: ``agua 2026-10``."""
        return f"{self.servicio} {self.periodo}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtView:
    """What an account owed at ``as_of`` (aware), oldest bill first; disputed money is still in it.

    Whoever collects or agrees takes ``uow.disputes.amount(cuenta)`` off first.
    """

    cuenta: str
    bills: tuple[OwedBill, ...]
    as_of: datetime
    suspendida: bool = False

    @property
    def total(self) -> int:
        """Everything owed, in whole pesos."""
        return sum(bill.valor for bill in self.bills)

    @property
    def overdue(self) -> tuple[OwedBill, ...]:
        """The bills whose due date has passed."""
        return tuple(bill for bill in self.bills if bill.vencida)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """How much of a service was used in a period (``YYYY-MM``).

    ``unidad`` is ``m3`` or ``kWh``. ``causa`` says why the bill was made by average; empty when the meter was read.
    What the company does not know is None.
    """

    servicio: str
    periodo: str
    cantidad: Decimal
    unidad: str
    dias: int | None = None
    desde_on: date | None = None
    hasta_on: date | None = None
    lectura_anterior: Decimal | None = None
    lectura_actual: Decimal | None = None
    causa: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of a bill; a subsidy or a discount is negative. Whole pesos."""

    concepto: str
    valor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillView:
    """A bill as it was issued; ``saldo`` is what is left to pay of ``total``. Whole pesos.

    ``titular`` and ``direccion`` are printed on the duplicate, which only leaves for a verified person.
    """

    cuenta: str
    servicio: str
    periodo: str
    numero: str
    emitida_on: date
    vence_on: date
    total: int
    saldo: int
    pagada_on: date | None = None
    titular: str = ""
    direccion: str = ""
    estrato: int | None = None
    uso: str = ""
    lineas: tuple[BillLine, ...] = ()
    consumo: Consumption | None = None


class BillingPort(Protocol):
    """Reads bills and consumption; every method may raise ``BillingDown``. None or nothing: no such account."""

    async def debt(self, cuenta: str) -> DebtView | None:
        """Return what the account owes now, or None when billing does not know the account."""
        ...

    async def bills(self, cuenta: str, n: int) -> tuple[BillView, ...]:
        """Return the last ``n`` bills, the newest first."""
        ...

    async def consumptions(self, cuenta: str, n: int) -> tuple[Consumption, ...]:
        """Return the last ``n`` consumptions of each service of the account, the newest first."""
        ...
