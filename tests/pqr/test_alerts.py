"""Alarms for staff: 5, 2 and 0 business days before, and when it is late; each once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.kernel.clock import FrozenClock, local_date
from bot.pqr import alerts, lifecycle
from bot.pqr.law import Law
from bot.pqr.lifecycle import Actor
from bot.scheduler.jobs import raise_case_alerts
from storage.db import Database
from tests.pqr.conftest import ONE_DAY, FilePqr, bogota

STAFF = Actor("personal", "ana")
ASKED = {"requiere": "La lectura del medidor"}


@pytest.fixture
def tick(database: Database, law: Law, clock: FrozenClock):
    return lambda: database.write_now(lambda uow: alerts.raise_alerts(uow, now=clock.now(), law=law))


def kinds(database: Database, case_id: str) -> list[str]:
    return [alert.kind for alert in database.read_now(lambda uow: uow.alerts.of_case(case_id))]


def test_a_case_gets_each_alarm_once_on_its_day(
    file_pqr: FilePqr, database: Database, clock: FrozenClock, tick
) -> None:
    clock.set(bogota("2026-11-22T07:51"))
    case_id = file_pqr().caso_id
    raised: dict[date, list[str]] = {}
    for _ in range(30):
        before = len(kinds(database, case_id))
        tick()
        tick()
        new = kinds(database, case_id)[before:]
        if new:
            raised[local_date(clock.now())] = new
        clock.move(ONE_DAY)
    assert raised == {
        date(2026, 12, 4): ["FALTAN_5"],
        date(2026, 12, 10): ["FALTAN_2"],
        date(2026, 12, 14): ["FALTAN_0"],
        date(2026, 12, 15): ["VENCIDO"],
    }


def test_an_expired_case_tells_the_legal_desk_until_when_the_silence_is_recognised(
    file_pqr: FilePqr, database: Database, clock: FrozenClock, tick
) -> None:
    clock.set(bogota("2026-03-25T10:15"))
    case_id = file_pqr().caso_id
    clock.set(bogota("2026-04-18T00:00"))
    assert tick() == 1
    event = database.read_now(lambda uow: uow.cases.events(case_id))[-1]
    assert (event.kind, event.data["sap_hasta"]) == ("plazo_vencido", "2026-04-21T00:00:00-05:00")


def test_a_scheduler_that_slept_raises_only_what_still_matters(
    file_pqr: FilePqr, database: Database, clock: FrozenClock, tick
) -> None:
    clock.set(bogota("2026-03-25T10:15"))
    case_id = file_pqr().caso_id
    clock.set(bogota("2026-04-16T09:00"))
    assert tick() == 1
    assert kinds(database, case_id) == ["FALTAN_2"]


def test_a_case_that_waits_for_the_person_or_was_decided_is_left_in_peace(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock, tick
) -> None:
    clock.set(bogota("2026-03-25T10:15"))
    waiting, decided = file_pqr().caso_id, file_pqr().caso_id
    for case_id, state in ((waiting, "REQUERIDO_USUARIO"), (decided, "DECIDIDO")):
        for to in ("EN_TRAMITE", state):
            database.write_now(
                lambda uow, case_id=case_id, to=to: lifecycle.move(
                    uow, uow.cases.get(case_id), to, at=clock.now(), actor=STAFF, law=law, data=ASKED
                )
            )
    clock.set(bogota("2026-05-18T09:00"))
    assert tick() == 0


def test_a_clock_that_was_resumed_earns_its_alarms_again(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock, tick
) -> None:
    clock.set(bogota("2026-03-02T09:00"))
    case_id = file_pqr().caso_id
    clock.set(bogota("2026-03-20T09:00"))
    assert tick() == 1
    for to in ("EN_TRAMITE", "REQUERIDO_USUARIO", "EN_TRAMITE"):
        database.write_now(
            lambda uow, to=to: lifecycle.move(
                uow, uow.cases.get(case_id), to, at=clock.now(), actor=STAFF, law=law, data=ASKED
            )
        )
        clock.move(timedelta(days=10))
    tick()
    tick()
    assert kinds(database, case_id) == ["FALTAN_2", "VENCIDO 2026-04-10"]


def test_mode_b_holds_the_company_to_its_own_date_and_still_warns_by_mode_a(
    file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock
) -> None:
    from dataclasses import replace

    clock.set(bogota("2026-11-22T07:51"))
    case_id = file_pqr().caso_id
    by_b = replace(law, mode="B")
    for moment in ("2026-12-14T09:00", "2026-12-15T09:00", "2026-12-16T09:00"):
        clock.set(bogota(moment))
        database.write_now(lambda uow: alerts.raise_alerts(uow, now=clock.now(), law=by_b))
    assert kinds(database, case_id) == ["FALTAN_0", "VENCIDO"]
    assert database.read_now(lambda uow: uow.alerts.of_case(case_id))[-1].at == bogota("2026-12-16T09:00")


def test_the_worklist_has_colours(file_pqr: FilePqr, database: Database, law: Law, clock: FrozenClock) -> None:
    clock.set(bogota("2026-11-22T07:51"))
    case_id = file_pqr().caso_id
    case = database.read_now(lambda uow: uow.cases.get(case_id))
    assert case is not None
    days = {
        "2026-12-03": "verde",
        "2026-12-04": "ambar",
        "2026-12-09": "ambar",
        "2026-12-10": "naranja",
        "2026-12-14": "rojo",
        "2026-12-15": "negro",
    }
    assert {day: alerts.level(case, date.fromisoformat(day), law) for day in days} == days


async def test_the_job_says_how_many_are_new_and_nothing_when_none_is(
    file_pqr: FilePqr, database: Database, clock: FrozenClock, law: Law
) -> None:
    clock.set(bogota("2026-11-22T07:51"))
    file_pqr()
    file_pqr()
    assert await raise_case_alerts.run(database, clock, law) == ""
    clock.set(bogota("2026-12-14T07:51"))
    assert await raise_case_alerts.run(database, clock, law) == "2 new alerts"
    assert await raise_case_alerts.run(database, clock, law) == ""
