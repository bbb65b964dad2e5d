"""What becomes of an agreement: who decides, what money does, what the days do."""

from datetime import date, timedelta

import pytest

from bot.agreements import clock, lifecycle, payments
from bot.agreements.eligibility import Standing
from bot.agreements.errors import AlreadyOpen, PaymentRefused, StepRefused
from bot.agreements.simulation import simulate
from storage.retention import RetentionPolicy, purge
from tests.agreements.conftest import NOW, TODAY
from tests.storage.samples import new_case


def get(house, record):
    return house.database.read_now(lambda uow: uow.agreements.get(record.id))


def parts(house, record):
    return house.database.read_now(lambda uow: uow.agreements.parts(record.id))


def kinds(house, record):
    return [one.kind for one in house.database.read_now(lambda uow: uow.agreements.events(record.id))]


def approve(house, record, now=NOW):
    return house.database.write_now(
        lambda uow: lifecycle.approve(
            uow, record, policy=house.policy, days=house.days, now=now, actor="ana", reason=""
        )
    )


def pay(house, record, pesos, ref="r1", on=TODAY):
    return house.database.write_now(
        lambda uow: payments.apply(uow, get_in(uow, record), pesos, paid_on=on, ref=ref, actor="ana", now=NOW)
    )


def get_in(uow, record):
    return uow.agreements.get(record.id)


def tick(house, record, today):
    now = NOW + (today - TODAY)
    return house.database.write_now(lambda uow: clock.tick(uow, record.id, policy=house.policy, today=today, now=now))


@pytest.fixture
def running(house):
    """Return an agreement of 96.000 and three times 128.000, in force."""
    record = house.ask()
    return pay(house, record, 96_000, ref="inicial").record


def test_inside_the_policy_it_is_approved_at_once_and_waits_for_the_initial_payment(house):
    record = house.ask()
    assert record.estado == "APROBADO"
    assert kinds(house, record) == ["SOLICITADO", "APROBADO"]
    assert parts(house, record)[0].vence_on == date(2026, 3, 26)  # five business days; 23 March is a holiday
    assert record.numero == "AP-2026-000001"


def test_outside_the_policy_a_person_decides(house):
    record = house.ask(is_automatic=False)
    assert record.estado == "SOLICITADO"
    assert approve(house, record).estado == "APROBADO"
    with pytest.raises(StepRefused, match=r"está aprobado \(APROBADO\). Solo .* cuando está en estudio"):
        approve(house, record)


def test_a_rejection_keeps_its_reason_and_lets_the_person_ask_again(house):
    record = house.ask(is_automatic=False)
    done = house.database.write_now(
        lambda uow: lifecycle.reject(uow, record, now=NOW, actor="ana", reason="Falta la autorización del dueño.")
    )
    assert done.estado == "RECHAZADO"
    assert house.database.read_now(lambda uow: lifecycle.reason_of(uow, done)) == "Falta la autorización del dueño."
    assert house.ask().numero == "AP-2026-000002"


def test_an_approval_so_late_that_instalments_come_first_is_refused(house):
    record = house.ask(is_automatic=False)
    with pytest.raises(StepRefused, match="vencería antes que la inicial"):
        approve(house, record, now=NOW + timedelta(days=17))
    assert get(house, record).estado == "SOLICITADO"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("automatic", [True, False])
def test_an_account_has_one_open_agreement_at_a_time(house, automatic):
    house.ask(is_automatic=automatic)
    with pytest.raises(AlreadyOpen):
        house.ask()


def test_without_an_initial_payment_it_runs_from_the_approval(house):
    free = house.policy.perfiles[-1].model_copy(update={"inicial_pct": 0, "tasa_mensual_pct": 0})
    policy = house.policy.model_copy(update={"perfiles": (free,)})
    standing = Standing(deuda_total=90_000, en_reclamo=0, facturas_vencidas=1, dias_vencida=9, uso="residencial")
    record = house.ask(offer=simulate(policy, standing, 3, today=TODAY, days=house.days))
    assert record.estado == "VIGENTE"
    assert kinds(house, record) == ["SOLICITADO", "APROBADO", "VIGENTE"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_initial_payment_puts_it_in_force_and_the_last_one_fulfils_it(house):
    record = house.ask()
    assert pay(house, record, 50_000, "a").record.estado == "APROBADO"
    assert pay(house, record, 46_000, "b").record.estado == "VIGENTE"
    assert pay(house, record, 200_000, "c").cubre == (1,)
    last = pay(house, record, 200_000, "d")
    assert (last.record.estado, last.aplicado, last.sobra, last.cubre) == ("CUMPLIDO", 184_000, 16_000, (2, 3))
    assert [one.valor for one in house.database.read_now(lambda uow: uow.agreements.payments(record.id))] == [
        50_000, 46_000, 200_000, 184_000,
    ]  # fmt: skip


def test_a_payment_is_applied_once_per_reference(house):
    record = house.ask()
    pay(house, record, 96_000, "banco-1")
    again = pay(house, record, 96_000, "banco-1")
    assert not again.is_new
    assert sum(part.pagado for part in parts(house, record)) == 96_000


@pytest.mark.parametrize("pesos", [0, -1])
def test_what_is_not_money_is_refused(house, pesos):
    record = house.ask()
    with pytest.raises(PaymentRefused, match="mayor que cero"):
        pay(house, record, pesos)


def test_an_agreement_that_is_not_running_takes_no_money(house):
    record = house.ask(is_automatic=False)
    with pytest.raises(PaymentRefused, match="SOLICITADO"):
        pay(house, record, 1_000)


@pytest.mark.parametrize("state", ["SOLICITADO", "APROBADO", "VIGENTE"])
def test_an_open_agreement_can_be_cancelled_once(house, state):
    record = house.ask(is_automatic=state != "SOLICITADO")
    if state == "VIGENTE":
        record = pay(house, record, 96_000).record
    assert record.estado == state
    cancel = lambda uow: lifecycle.cancel(uow, get_in(uow, record), now=NOW, actor="ana", reason="La persona lo pidió.")  # noqa: E731
    assert house.database.write_now(cancel).estado == "ANULADO"
    with pytest.raises(StepRefused, match="Solo se puede anular cuando está en estudio"):
        house.database.write_now(cancel)


def test_the_next_instalment_is_reminded_on_the_days_of_the_policy_and_never_twice_alike(house, running):
    due = date(2026, 4, 6)
    told = {}
    for before in range(5, -1, -1):
        told[before] = [
            (one.kind, one.key.split(".", 2)[2], one.is_collection)
            for one in tick(house, running, due - timedelta(days=before))
        ]
    assert told[5] == told[4] == []
    assert told[3] == told[2] == [("recordatorio", "recordatorio.1.3", True)]
    assert told[1] == told[0] == [("recordatorio", "recordatorio.1.1", True)]


def test_the_initial_payment_is_reminded_too_and_without_it_the_agreement_falls(house):
    record = house.ask()
    assert [one.kind for one in tick(house, record, date(2026, 3, 25))] == ["recordatorio"]
    assert [one.kind for one in tick(house, record, date(2026, 3, 26))] == ["recordatorio"]
    assert [one.kind for one in tick(house, record, date(2026, 3, 27))] == ["sin_inicial"]
    assert get(house, record).estado == "ANULADO"
    assert tick(house, record, date(2026, 3, 28)) == []


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_one_missed_instalment_is_told_once_and_the_second_ends_it(house, running):
    first = tick(house, running, date(2026, 4, 7))
    assert [(one.kind, one.values["cuota"], one.values["quedan"]) for one in first] == [("incumplida", 1, 1)]
    assert tick(house, running, date(2026, 4, 8)) == []
    last = tick(house, running, date(2026, 5, 6))
    assert [(one.kind, one.values["saldo"]) for one in last] == [("terminado", 384_000)]
    assert get(house, running).estado == "INCUMPLIDO"
    assert kinds(house, running)[-3:] == ["CUOTA_INCUMPLIDA", "CUOTA_INCUMPLIDA", "INCUMPLIDO"]


def test_who_catches_up_keeps_the_agreement(house, running):
    tick(house, running, date(2026, 4, 7))
    pay(house, running, 128_000, "tarde", on=date(2026, 4, 20))
    assert [one.kind for one in tick(house, running, date(2026, 5, 6))] == ["incumplida"]
    assert get(house, running).estado == "VIGENTE"


def test_a_clock_that_slept_for_months_ends_the_agreement_once(house, running):
    assert [one.kind for one in tick(house, running, date(2026, 9, 1))] == ["terminado"]
    assert tick(house, running, date(2026, 9, 2)) == []


def test_delay_costs_simple_interest_on_what_is_late(house, running):
    found = parts(house, running)
    assert clock.mora_of(running, found[1:], date(2026, 4, 6)) == 0
    assert clock.mora_of(running, found[1:], date(2026, 4, 6) + timedelta(days=45)) == 947 + 337


def test_money_that_came_under_claim_later_is_neither_reminded_nor_missed(house, running):
    def claim(uow):
        case = new_case(1, cuenta="1000001", tipo="reclamo")
        uow.cases.add(case)
        uow.disputes.open(case.id, "1000001", NOW + timedelta(hours=1), valor=128_000)

    house.database.write_now(claim)
    assert tick(house, running, date(2026, 4, 3)) == []
    assert tick(house, running, date(2026, 9, 1)) == []
    assert get(house, running).estado == "VIGENTE"
    house.database.write_now(lambda uow: uow.disputes.close("case_000001", NOW, "EN_FIRME"))
    assert [one.kind for one in tick(house, running, date(2026, 9, 1))] == ["terminado"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_what_is_over_is_kept_ten_years_and_then_forgotten_whole(house):
    record = house.ask()
    running = pay(house, record, 96_000).record
    done = pay(house, running, 384_000, "r2").record
    assert done.estado == "CUMPLIDO"
    purge_at = lambda years: house.database.write_now(  # noqa: E731 - one line, used twice
        lambda uow: purge(uow, NOW + timedelta(days=366 * years), RetentionPolicy())
    )
    purge_at(9)
    assert get(house, record) is not None
    purge_at(11)
    assert get(house, record) is None
    assert parts(house, record) == []
    assert kinds(house, record) == []
