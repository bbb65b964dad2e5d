"""Bills as they were imported into our own database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bot.billing.contract import ConsumptionDocument, LineDocument
from bot.kernel.clock import local_date
from dialogs.actions.ports import BillingDown, BillLine, BillView, Consumption, DebtView, OwedBill
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.kernel.clock import Clock
    from storage.db import Database
    from storage.repos.customers import AccountRecord, BillRecord
    from storage.uow import UnitOfWork

T = TypeVar("T")

#: No account has more services than there are kinds of service.
_SERVICES = 5
_SUSPENDED = "suspendida"


class DatabaseBilling:
    """``BillingPort`` over the tables that ``atiende import`` fills."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Take the database and the clock that says what is overdue."""
        self._database = database
        self._clock = clock

    async def debt(self, cuenta: str) -> DebtView | None:
        """Return what the account owes now, or None when there is no such account.

        Raises:
            BillingDown: the database does not answer.
        """
        now = self._clock.now()
        today = local_date(now)

        def read(uow: UnitOfWork) -> DebtView | None:
            account = uow.customers.account(cuenta)
            if account is None:
                return None
            owed = tuple(
                OwedBill(
                    servicio=bill.servicio,
                    periodo=bill.periodo,
                    numero=bill.numero or "",
                    vence_on=bill.vence_on,
                    valor=bill.saldo,
                    vencida=bill.vence_on < today,
                )
                for bill in uow.customers.owed(cuenta)
                if bill.saldo
            )
            return DebtView(cuenta=cuenta, bills=owed, as_of=now, suspendida=is_suspended(uow, account))

        return await self._read(read)

    async def bills(self, cuenta: str, n: int) -> tuple[BillView, ...]:
        """Return the last ``n`` bills, the newest first.

        Raises:
            BillingDown: the database does not answer.
        """

        def read(uow: UnitOfWork) -> tuple[BillView, ...]:
            account = uow.customers.account(cuenta)
            return () if account is None else tuple(_bill(bill, account) for bill in uow.customers.bills(cuenta, n))

        return await self._read(read)

    async def consumptions(self, cuenta: str, n: int) -> tuple[Consumption, ...]:
        """Return the last ``n`` consumptions of each service of the account, the newest first.

        Raises:
            BillingDown: the database does not answer.
        """
        bills = await self._read(lambda uow: uow.customers.bills(cuenta, n * _SERVICES))
        found: list[Consumption] = []
        for bill in bills:
            used = consumption_of(bill)
            if used is not None and sum(1 for one in found if one.servicio == used.servicio) < n:
                found.append(used)
        return tuple(found)

    async def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        try:
            return await self._database.read(work)
        except StorageError as error:
            raise BillingDown(type(error).__name__) from error


def is_suspended(uow: UnitOfWork, account: AccountRecord) -> bool:
    """Tell whether an account is suspended for non-payment: the company said so, or an order of ours stands."""
    return account.estado == _SUSPENDED or uow.suspensions.open_of(account.cuenta) is not None


def _bill(record: BillRecord, account: AccountRecord) -> BillView:
    return BillView(
        cuenta=record.cuenta,
        servicio=record.servicio,
        periodo=record.periodo,
        numero=record.numero or "",
        emitida_on=record.emitida_on,
        vence_on=record.vence_on,
        total=record.total,
        saldo=record.saldo,
        pagada_on=record.pagada_on,
        titular=account.titular,
        direccion=account.direccion,
        estrato=account.estrato,
        uso=account.uso,
        lineas=_lines(record.detalle),
        consumo=consumption_of(record),
    )


def _lines(detail: Mapping[str, Any]) -> tuple[BillLine, ...]:
    """Return the lines of a bill; one that is not readable is left out, the total stands by itself."""
    found: list[BillLine] = []
    given = detail.get("lineas")
    for each in given if isinstance(given, list) else []:
        try:
            line = LineDocument.model_validate(each)
        except ValidationError:
            continue
        found.append(BillLine(concepto=line.concepto, valor=line.valor))
    return tuple(found)


def consumption_of(record: BillRecord) -> Consumption | None:
    """Return the consumption that the detail of a bill tells, or None when it tells none that can be read."""
    detail = record.detalle.get("consumo")
    if not isinstance(detail, dict):
        return None
    try:
        return ConsumptionDocument.model_validate(
            {**detail, "servicio": record.servicio, "periodo": record.periodo}
        ).view()
    except ValidationError:
        return None
