"""Money under claim stays out of collection until its decision is notified, and no longer."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.kernel.clock import FrozenClock
from bot.pqr import constancia, lifecycle
from bot.pqr.law import Law
from bot.pqr.lifecycle import Actor
from storage.db import Database
from storage.repos.cases import CaseRecord
from storage.repos.customers import AccountRecord, BillRecord
from storage.repos.disputes import DisputeRecord
from tests.pqr.conftest import FilePqr, bogota

STAFF = Actor("personal", "ana")
CUENTA = "1234567"


@pytest.fixture(autouse=True)
def november(database: Database, clock: FrozenClock) -> None:
    """The account owes the bill of November; October is paid."""
    clock.set(bogota("2026-11-22T07:51"))

    def plant(uow) -> None:
        uow.customers.add_account(
            AccountRecord(cuenta=CUENTA, servicios=("agua",), titular="Prueba", direccion="CL 1", uso="residencial")
        )
        for month, paid in ((10, True), (11, False)):
            uow.customers.add_bill(
                BillRecord(
                    cuenta=CUENTA,
                    servicio="agua",
                    periodo=f"2026-{month}",
                    emitida_on=date(2026, month, 5),
                    vence_on=date(2026, month, 21),
                    total=249_700,
                    pagada=paid,
                )
            )

    database.write_now(plant)


def amount(database: Database) -> int:
    return database.read_now(lambda uow: uow.disputes.amount(CUENTA))


def held(database: Database) -> list[DisputeRecord]:
    return database.read_now(lambda uow: uow.disputes.open_for(CUENTA))


def move(database: Database, law: Law, at: datetime, case_id: str, *states: str) -> None:
    data = {"modo": "electronica", "requiere": "x"}
    for to in states:
        database.write_now(
            lambda uow, to=to: lifecycle.move(uow, uow.cases.get(case_id), to, at=at, actor=STAFF, law=law, data=data)
        )


def stored(database: Database, case_id: str) -> CaseRecord:
    record = database.read_now(lambda uow: uow.cases.get(case_id))
    assert record is not None
    return record


def test_what_the_person_says_is_what_is_discussed(file_pqr: FilePqr, database: Database) -> None:
    file_pqr(valor_reclamado=187_300)
    assert amount(database) == 187_300
    assert [(one.periodo, one.servicio) for one in held(database)] == [("2026-11", "agua")]


def test_who_does_not_know_how_much_discusses_the_whole_unpaid_bill(file_pqr: FilePqr, database: Database) -> None:
    file_pqr()
    assert amount(database) == 249_700


def test_a_joint_service_is_discussed_on_the_bill_it_comes_with(file_pqr: FilePqr, database: Database) -> None:
    file_pqr(servicio="aseo")
    assert amount(database) == 249_700


@pytest.mark.parametrize("issued", ["2026-10-05", "2026-10", "2026-09-05"])
def test_a_paid_or_unknown_bill_of_which_no_amount_was_said_is_held_without_an_amount(
    file_pqr: FilePqr, database: Database, issued: str
) -> None:
    file_pqr(factura_emitida_on=issued)
    assert amount(database) == 0
    assert [one.valor for one in held(database)] == [None]


def test_a_bill_told_by_its_month_is_found(file_pqr: FilePqr, database: Database) -> None:
    file_pqr(factura_emitida_on="2026-11")
    assert amount(database) == 249_700


def test_two_claims_over_one_bill_hold_it_once(file_pqr: FilePqr, database: Database) -> None:
    file_pqr(valor_reclamado=50_000)
    file_pqr(valor_reclamado=80_000)
    file_pqr(valor_reclamado=5_000, factura_emitida_on="2026-10-05")
    assert amount(database) == 85_000


@pytest.mark.parametrize("changes", [{"tipo": "queja"}, {"tipo": "peticion"}, {"cuenta": None}])
def test_only_a_claim_with_an_account_holds_money(file_pqr: FilePqr, database: Database, changes) -> None:
    file_pqr(**{"valor_reclamado": 10_000, **changes})
    assert held(database) == []


def test_a_claim_that_came_too_late_holds_nothing_and_is_not_told_so(
    file_pqr: FilePqr, database: Database, law: Law
) -> None:
    filed = file_pqr(factura_emitida_on="2026-06-17", valor_reclamado=10_000)
    assert held(database) == []
    assert constancia.payment(stored(database, filed.caso_id), law) == ""


def test_the_money_is_held_until_the_decision_is_notified(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock
) -> None:
    case_id = file_pqr(valor_reclamado=187_300).caso_id
    for state, left in (("EN_TRAMITE", 187_300), ("DECIDIDO", 187_300), ("CITADO", 187_300), ("NOTIFICADO", 0)):
        move(database, law, clock.now(), case_id, state)
        assert amount(database) == left
    closed = database.read_now(lambda uow: uow.disputes.of_case(case_id))
    assert closed is not None
    assert (closed.closed_at, closed.reason) == (clock.now(), "NOTIFICADO")


def test_who_withdraws_owes_again(file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock) -> None:
    case_id = file_pqr(valor_reclamado=187_300).caso_id
    move(database, law, clock.now(), case_id, "EN_TRAMITE", "DESISTIDO")
    assert held(database) == []


def test_an_appeal_holds_again_what_its_claim_discussed(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock
) -> None:
    claim = file_pqr(valor_reclamado=187_300)
    move(database, law, clock.now(), claim.caso_id, "EN_TRAMITE", "DECIDIDO", "NOTIFICADO")
    file_pqr(tipo="recurso", recurrido=claim.radicado, cuenta=None)
    assert amount(database) == 187_300


def test_a_stranger_who_names_a_radicado_holds_nothing_of_it(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock
) -> None:
    claim = file_pqr(valor_reclamado=187_300)
    move(database, law, clock.now(), claim.caso_id, "EN_TRAMITE", "DECIDIDO", "NOTIFICADO")
    file_pqr(tipo="recurso", recurrido=claim.radicado, cuenta="7654321", conversation_id="c_2")
    file_pqr(tipo="recurso", recurrido=claim.radicado, cuenta=None, conversation_id="c_2")
    assert amount(database) == 0


def test_only_who_proved_to_be_of_the_account_reads_what_the_rest_of_the_bill_is(
    file_pqr: FilePqr, database: Database, law: Law
) -> None:
    def said(**changes) -> str:
        return constancia.payment(stored(database, file_pqr(**changes).caso_id), law).replace("\xa0", " ")

    both = "no debe pagar el valor reclamado ($ 187.300). Sí debe pagar lo que no discute ($ 62.400)."
    assert said(valor_reclamado=187_300, cuenta_verificada=True).endswith(both)
    stranger = said(valor_reclamado=187_300)
    assert "($ 187.300)" in stranger
    assert "62.400" not in stranger
    assert said() == "Mientras decidimos no debe pagar lo que reclama. Sí debe pagar lo que no discute."
    assert said(cuenta_verificada=True).endswith("no debe pagar el valor reclamado ($ 249.700).")
