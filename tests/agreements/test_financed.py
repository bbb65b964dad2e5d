"""What an agreement finances of a debt: its own bills, without what is under claim, and only while it runs."""

import pytest

from bot.agreements import financed, lifecycle
from dialogs.actions.ports import DebtView, OwedBill
from storage.repos.customers import AccountRecord
from tests.agreements.conftest import NOW, TODAY
from tests.storage.samples import new_case

CUENTA = "1000001"


def debt(**months):
    """Return a debt of bills of water: ``m01=300_000`` is January's."""
    bills = tuple(
        OwedBill(servicio="agua", periodo=f"2026-{name[1:]}", numero="F", vence_on=TODAY, valor=valor, vencida=True)
        for name, valor in months.items()
    )
    return DebtView(cuenta=CUENTA, bills=bills, as_of=NOW)


@pytest.fixture
def look(house):
    """Return a way to ask what of a debt is financed: pesos and periods."""
    account = AccountRecord(cuenta=CUENTA, servicios=("agua",), titular="P", direccion="CL 1", uso="residencial")
    house.database.write_now(lambda uow: uow.customers.add_account(account))

    def ask(owed):
        def read(uow):
            record = financed.running_of(uow, CUENTA)
            if record is None:
                return None
            keys = financed.keys_of(record, owed)
            return financed.amount_of(uow, record, owed), sorted(key[-7:] for key in keys)

        return house.database.read_now(read)

    return ask


def claim(house, number, valor, periodo=None, at=NOW):
    def write(uow):
        uow.cases.add(new_case(number, cuenta=CUENTA, tipo="reclamo"))
        case = f"case_{number:06d}"
        uow.disputes.open(case, CUENTA, at, valor=valor, servicio="agua" if periodo else None, periodo=periodo)

    house.database.write_now(write)


def test_a_bill_that_came_after_the_agreement_is_not_in_it(house, look):
    house.ask(bills=("agua 2026-01", "agua 2026-02"))
    assert look(debt(m01=240_000, m02=240_000, m03=90_000)) == (480_000, ["2026-01", "2026-02"])
    # What the instalments paid was taken off the oldest bill.
    assert look(debt(m02=200_000, m03=90_000)) == (200_000, ["2026-02"])


def test_an_agreement_without_a_list_finances_what_had_been_billed_then(house, look):
    house.ask()
    assert look(debt(m02=300_000, m03=180_000, m04=90_000)) == (480_000, ["2026-02", "2026-03"])


def test_money_under_claim_is_not_financed_and_one_claim_counts_once(house, look):
    claim(house, 1, 100_000)
    claim(house, 2, 50_000, "2026-02")
    claim(house, 3, 40_000, "2026-02")
    claim(house, 4, 90_000, "2026-03")
    house.ask(bills=("agua 2026-01", "agua 2026-02"))
    assert look(debt(m01=300_000, m02=300_000, m03=90_000))[0] == 450_000


@pytest.mark.parametrize("end", [lifecycle.cancel, lifecycle.reject])
def test_an_agreement_that_is_over_or_not_approved_finances_nothing(house, look, end):
    record = house.ask(bills=("agua 2026-01",), is_automatic=False)
    assert look(debt(m01=480_000)) is None
    house.database.write_now(lambda uow: end(uow, record, now=NOW, actor="ana", reason="x"))
    assert look(debt(m01=480_000)) is None
