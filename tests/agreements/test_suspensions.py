"""Suspension for non-payment: only with the debt, the notice and the day of the rules, and never over a claim or an agreement."""

from datetime import date, datetime, timedelta
from itertools import islice
from types import SimpleNamespace

import pytest

from bot.agreements import suspension_rules, suspensions
from bot.agreements.errors import SuspensionRefused
from bot.billing.database import is_suspended
from bot.kernel.clock import BOGOTA
from storage.repos.customers import AccountRecord, BillRecord
from storage.retention import RetentionPolicy, purge
from tests.agreements.conftest import NOW
from tests.storage.samples import new_case

RULES = suspension_rules.load()
CUENTA = "1000001"
#: A Tuesday whose Wednesday is a business day too.
DAY = datetime(2026, 3, 17, 10, 0, tzinfo=BOGOTA)
WARNED = date(2026, 3, 10)


def account(cuenta=CUENTA, **changes):
    fields = {"servicios": ("agua",), "titular": "P", "direccion": "CL 1", "uso": "residencial", "estrato": 2}
    return AccountRecord(cuenta=cuenta, **(fields | changes))


def bill(cuenta=CUENTA, month=1, servicio="agua", **changes):
    return BillRecord(
        cuenta=cuenta, servicio=servicio, periodo=f"2026-{month:02d}", emitida_on=date(2026, month, 5),
        vence_on=date(2026, month, 20), total=90_000, numero=f"F{cuenta}{month}{servicio}", **changes,
    )  # fmt: skip


@pytest.fixture
def town(house):
    """Return one account with two overdue bills, and ways to order, to list and to claim."""
    write, read = house.database.write_now, house.database.read_now
    write(lambda uow: uow.customers.add_account(account()))
    write(lambda uow: uow.customers.add_bills([bill(month=1, abonado=10_000), bill(month=2)]))

    def order(cuenta=CUENTA, now=DAY, warned_on=WARNED, review=""):
        return write(
            lambda uow: suspensions.order(
                uow, cuenta, warned_on=warned_on, review=review, staff="ana", rules=RULES, days=house.days, now=now
            )
        )

    def listed():
        today = DAY.date()
        return read(lambda uow: list(islice(suspensions.candidates(uow, RULES, today=today), 9)))

    def claim(valor=10_000):
        def add(uow):
            uow.cases.add(new_case(1, cuenta=CUENTA, tipo="reclamo"))
            uow.disputes.open("case_000001", CUENTA, NOW, valor=valor)

        write(add)

    return SimpleNamespace(house=house, write=write, read=read, order=order, listed=listed, claim=claim)


def test_candidates_owe_so_many_bills_of_one_service_and_are_neither_suspended_nor_gone(town):
    for number, (bills, changes) in enumerate(
        [
            ([bill("1000002")], {}),
            ([bill("1000003"), bill("1000003", servicio="aseo")], {}),
            ([bill("1000004"), bill("1000004", 2, pagada=True)], {}),
            ([bill("1000005"), bill("1000005", 2)], {"estado": "suspendida"}),
            ([bill("1000006"), bill("1000006", 3)], {}),
        ],
        start=2,
    ):
        town.write(lambda uow, n=number, c=changes: uow.customers.add_account(account(f"100000{n}", **c)))
        town.write(lambda uow, b=bills: uow.customers.add_bills(b))
    (one,) = town.listed()
    assert (one.arrears.cuenta, one.arrears.vencidas, one.arrears.deuda) == (CUENTA, 2, 170_000)
    assert (one.arrears.desde_on, one.lock, one.needs_review) == (date(2026, 1, 20), "", False)


def test_an_open_claim_forbids_the_order_whatever_its_amount(town):
    """Aceptación 6: no suspension order for an account with an open claim."""
    town.claim(valor=None)
    (one,) = town.listed()
    assert "reclamo" in one.lock
    with pytest.raises(SuspensionRefused, match=r"reclamo \d+ abierto: no se suspende hasta notificar"):
        town.order()
    town.write(lambda uow: uow.disputes.close("case_000001", NOW, "NOTIFICADO"))
    assert town.order().deuda == 170_000


def test_an_agreement_that_runs_forbids_the_order_and_one_only_asked_for_does_not(town):
    record = town.house.ask(is_automatic=False)
    assert town.listed()[0].lock == ""
    town.write(lambda uow: uow.agreements.move(record.id, "SOLICITADO", "APROBADO"))
    with pytest.raises(SuspensionRefused, match=f"paga por cuotas con el acuerdo {record.numero}"):
        town.order()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"warned_on": date(2026, 3, 13)}, "desde el miércoles 18 de marzo"),
        ({"warned_on": date(2026, 3, 18)}, "deben pasar 5 días"),
        ({"now": datetime(2026, 3, 20, 9, 0, tzinfo=BOGOTA)}, "descanso o su víspera"),
        # Monday 23 is a holiday: Friday before it is its eve as well.
        ({"now": datetime(2026, 3, 23, 9, 0, tzinfo=BOGOTA)}, "descanso o su víspera"),
        ({"now": datetime(2026, 2, 17, 9, 0, tzinfo=BOGOTA), "warned_on": date(2026, 2, 1)}, "no tiene 2 facturas"),
        ({"cuenta": "999"}, "No hay una cuenta 999"),
    ],
)
def test_the_order_waits_for_the_notice_the_debt_and_a_day_that_leaves_time_to_pay(town, changes, says):
    with pytest.raises(SuspensionRefused, match=says):
        town.order(**changes)
    assert town.read(lambda uow: uow.suspensions.open()) == []


@pytest.mark.parametrize("why", ["uso", "cuidado"])
def test_where_somebody_protected_may_be_a_person_looks_first(town, why):
    if why == "uso":
        town.write(lambda uow: uow.customers.add_account(account(uso="Hospital")))
    else:
        record = town.house.ask(is_automatic=False, is_protected=True)
        town.write(lambda uow: uow.agreements.move(record.id, "SOLICITADO", "RECHAZADO"))
    assert town.listed()[0].needs_review
    with pytest.raises(SuspensionRefused, match="--revisada"):
        town.order()
    kept = town.order(review="visita del 12 de marzo")
    assert town.read(lambda uow: uow.suspensions.open_of(CUENTA)) == kept


def test_an_order_stands_until_it_is_lifted_and_says_when_it_should_be(town):
    town.order()
    assert town.read(lambda uow: is_suspended(uow, uow.customers.account(CUENTA)))
    assert town.listed() == []
    with pytest.raises(SuspensionRefused, match="ya está suspendida"):
        town.order()
    why = lambda uow: suspensions.why_lift(uow, uow.suspensions.open_of(CUENTA), today=DAY.date())  # noqa: E731
    assert town.read(why) == ""
    town.write(lambda uow: uow.customers.add_bills([bill(month=m, pagada=True) for m in (1, 2)]))
    assert town.read(why) == "ya pagó lo vencido"
    lift = lambda uow: suspensions.lift(uow, CUENTA, reason="pagó", staff="ana", now=DAY)  # noqa: E731
    assert town.write(lift).lifted_by == "ana"
    assert not town.read(lambda uow: is_suspended(uow, uow.customers.account(CUENTA)))
    with pytest.raises(SuspensionRefused, match="no tiene una orden"):
        town.write(lift)
    policy = RetentionPolicy(cases_days=100)
    assert town.write(lambda uow: purge(uow, DAY + timedelta(days=99), policy)).rows == {}
    assert town.write(lambda uow: purge(uow, DAY + timedelta(days=101), policy)).rows == {"suspensions": 1}
