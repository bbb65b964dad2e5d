"""Debt, bills and consumption out of our own tables, in both databases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.billing.database import DatabaseBilling
from bot.kernel.clock import BOGOTA, FrozenClock
from dialogs.actions.ports import BillingDown
from storage.db import Database
from storage.repos.payments import PaymentRecord
from tests.billing.samples import CUENTA, account, bill

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=BOGOTA)


@pytest.fixture
def billing(database: Database) -> DatabaseBilling:
    database.write_now(lambda uow: uow.customers.add_account(account()))
    return DatabaseBilling(database, FrozenClock(NOW))


def pay(database: Database, *payments: tuple[str, int, str | None]) -> int:
    """Receive payments of (reference, pesos, bill number or None)."""
    records = [
        PaymentRecord(referencia=ref, cuenta=CUENTA, pagada_on=date(2026, 10, 30), valor=pesos, numero=numero)
        for ref, pesos, numero in payments
    ]
    return database.write_now(lambda uow: uow.payments.receive(records, NOW))


async def test_an_unknown_account_owes_nothing_that_can_be_told(billing: DatabaseBilling) -> None:
    assert await billing.debt("999999") is None
    assert await billing.bills("999999", 6) == ()


async def test_the_debt_is_what_is_left_of_every_bill_the_oldest_first(
    billing: DatabaseBilling, database: Database
) -> None:
    bills = [bill("2026-10"), bill("2026-11", total=50_000), bill("2026-09", pagada=True)]
    database.write_now(lambda uow: uow.customers.add_bills(bills))
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert [(one.periodo, one.valor, one.vencida) for one in debt.bills] == [
        ("2026-10", 80_000, True),
        ("2026-11", 50_000, False),
    ]
    assert (debt.total, [one.periodo for one in debt.overdue]) == (130_000, ["2026-10"])
    assert debt.as_of == NOW


async def test_a_bill_is_not_overdue_on_its_own_due_date(billing: DatabaseBilling, database: Database) -> None:
    database.write_now(lambda uow: uow.customers.add_bill(bill("2026-11", vence_on=date(2026, 11, 1))))
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert debt.overdue == ()


async def test_a_payment_is_taken_off_once_however_often_it_comes(billing: DatabaseBilling, database: Database) -> None:
    database.write_now(lambda uow: uow.customers.add_bill(bill()))
    assert pay(database, ("r1", 30_000, "F2026-10"), ("r1", 30_000, "F2026-10")) == 1
    assert pay(database, ("r1", 30_000, "F2026-10")) == 0
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert debt.total == 50_000


async def test_a_payment_goes_to_its_bill_first_and_then_to_the_oldest(
    billing: DatabaseBilling, database: Database
) -> None:
    bills = [bill("2026-08"), bill("2026-09"), bill("2026-10")]
    database.write_now(lambda uow: uow.customers.add_bills(bills))
    pay(database, ("r1", 100_000, "F2026-10"))
    left = {one.periodo: one.saldo for one in await billing.bills(CUENTA, 6)}
    assert left == {"2026-10": 0, "2026-08": 60_000, "2026-09": 80_000}
    newest = (await billing.bills(CUENTA, 1))[0]
    assert newest.pagada_on == date(2026, 10, 30)


async def test_what_is_paid_beyond_the_debt_is_kept_and_not_applied(
    billing: DatabaseBilling, database: Database
) -> None:
    database.write_now(lambda uow: uow.customers.add_bill(bill()))
    pay(database, ("r1", 100_000, None))
    (kept,) = database.read_now(lambda uow: uow.payments.of_account(CUENTA))
    assert (kept.valor, kept.aplicado) == (100_000, 80_000)


async def test_bills_that_come_again_do_not_forget_what_was_paid(billing: DatabaseBilling, database: Database) -> None:
    database.write_now(lambda uow: uow.customers.add_bill(bill()))
    pay(database, ("r1", 30_000, None))
    database.write_now(lambda uow: uow.customers.add_bills([bill(total=90_000)], keep_payments=True))
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert debt.total == 60_000


async def test_consumption_comes_from_the_detail_and_what_is_not_readable_is_not_told(
    billing: DatabaseBilling, database: Database
) -> None:
    bills = [bill("2026-10"), bill("2026-09", detalle={"consumo": {"cantidad": -3, "unidad": "m3"}}), bill("2026-08")]
    database.write_now(lambda uow: uow.customers.add_bills(bills))
    used = await billing.consumptions(CUENTA, 6)
    assert [(one.periodo, one.cantidad) for one in used] == [("2026-10", Decimal(18)), ("2026-08", Decimal(18))]


async def test_each_service_has_its_own_last_consumptions(billing: DatabaseBilling, database: Database) -> None:
    bills = [bill(f"2026-{month:02d}", servicio=servicio) for month in range(1, 11) for servicio in ("agua", "gas")]
    database.write_now(lambda uow: uow.customers.add_bills(bills))
    used = await billing.consumptions(CUENTA, 3)
    assert [one.periodo for one in used if one.servicio == "gas"] == ["2026-10", "2026-09", "2026-08"]
    assert len(used) == 6


async def test_a_suspended_account_is_told_as_such(billing: DatabaseBilling, database: Database) -> None:
    database.write_now(lambda uow: uow.customers.add_account(account(estado="suspendida")))
    debt = await billing.debt(CUENTA)
    assert debt is not None
    assert debt.suspendida


async def test_a_database_that_is_gone_is_billing_that_is_down(billing: DatabaseBilling, database: Database) -> None:
    database.close_now()
    with pytest.raises(BillingDown):
        await billing.debt(CUENTA)
