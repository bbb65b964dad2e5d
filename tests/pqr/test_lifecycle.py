"""Which moves a case can make, who may make them, and what they do to the clock."""

from __future__ import annotations

from datetime import date

import pytest

from bot.kernel.clock import FrozenClock
from bot.pqr import lifecycle
from bot.pqr.errors import MoveRefused
from bot.pqr.law import Law
from bot.pqr.lifecycle import MOVES, STATES, SYSTEM, Actor
from storage.db import Database
from storage.repos.cases import CaseRecord
from tests.pqr.conftest import FilePqr, bogota

ANA = Actor("personal", "ana")
PERSON = Actor("ciudadano", "c_1")


@pytest.fixture
def case(file_pqr: FilePqr, database: Database, clock: FrozenClock) -> CaseRecord:
    clock.set(bogota("2026-03-02T09:00"))
    return fetch(database, file_pqr().caso_id)


def fetch(database: Database, case_id: str) -> CaseRecord:
    record = database.read_now(lambda uow: uow.cases.get(case_id))
    assert record is not None
    return record


def walk(database: Database, case: CaseRecord, law: Law, *steps: tuple[str, str], actor: Actor = ANA) -> CaseRecord:
    for to, moment in steps:
        data = {"modo": "personal", "requiere": "La lectura del medidor"}
        before = fetch(database, case.id)
        database.write_now(
            lambda uow, to=to, moment=moment, before=before, data=data: lifecycle.move(
                uow, before, to, at=bogota(moment), actor=actor, law=law, data=data
            )
        )
    return fetch(database, case.id)


def test_every_state_of_the_law_is_known_and_has_words(law: Law) -> None:
    assert set(STATES) == set(law.catalog.constancia.estados)
    assert {to for ways in MOVES.values() for to in ways} <= set(STATES)


def test_every_state_can_be_reached_from_the_filing() -> None:
    reached, wave = {"RADICADO"}, {"RADICADO"}
    while wave:
        wave = {to for state in wave for to in MOVES[state]} - reached
        reached |= wave
    assert reached == set(STATES)


def test_only_staff_take_a_case_out_of_its_handling() -> None:
    assert all(people == {"personal"} for people in MOVES["EN_TRAMITE"].values())


def test_a_case_goes_through_its_whole_life(database: Database, case: CaseRecord, law: Law) -> None:
    done = walk(
        database,
        case,
        law,
        ("EN_TRAMITE", "2026-03-02T10:00"),
        ("DECIDIDO", "2026-03-10T10:00"),
        ("CITADO", "2026-03-11T10:00"),
        ("NOTIFICADO", "2026-03-16T10:00"),
        ("EN_FIRME", "2026-03-25T10:00"),
    )
    assert done.estado == "EN_FIRME"
    events = database.read_now(lambda uow: uow.cases.events(case.id))
    assert [event.data.get("a") for event in events][1:] == [
        "EN_TRAMITE",
        "DECIDIDO",
        "CITADO",
        "NOTIFICADO",
        "EN_FIRME",
    ]
    assert events[1].actor == "personal:ana"


def test_a_move_that_does_not_exist_is_refused_and_changes_nothing(
    database: Database, case: CaseRecord, law: Law
) -> None:
    with pytest.raises(MoveRefused, match=r"puede pasar a: en trámite \(EN_TRAMITE\)"):
        walk(database, case, law, ("EN_FIRME", "2026-03-02T10:00"))
    assert fetch(database, case.id).estado == "RADICADO"


@pytest.mark.parametrize("actor", [SYSTEM, PERSON])
def test_neither_the_system_nor_the_person_decides(
    database: Database, case: CaseRecord, law: Law, actor: Actor
) -> None:
    walk(database, case, law, ("EN_TRAMITE", "2026-03-02T10:00"))
    with pytest.raises(MoveRefused, match="solo lo pasa"):
        walk(database, case, law, ("DECIDIDO", "2026-03-03T10:00"), actor=actor)


def test_a_notice_says_how_it_was_made(database: Database, case: CaseRecord, law: Law) -> None:
    moved = walk(database, case, law, ("EN_TRAMITE", "2026-03-02T10:00"), ("DECIDIDO", "2026-03-03T10:00"))
    with pytest.raises(MoveRefused, match="conducta_concluyente"):
        database.write_now(
            lambda uow: lifecycle.move(uow, moved, "NOTIFICADO", at=bogota("2026-03-04T10:00"), actor=ANA, law=law)
        )


def test_asking_the_person_stops_the_clock_and_completing_resumes_it(
    database: Database, case: CaseRecord, law: Law
) -> None:
    assert case.vence_on == date(2026, 3, 24)
    paused = walk(database, case, law, ("EN_TRAMITE", "2026-03-02T10:00"), ("REQUERIDO_USUARIO", "2026-03-06T10:00"))
    assert paused.vence_on == date(2026, 3, 24)
    resumed = walk(database, paused, law, ("EN_TRAMITE", "2026-04-01T20:00"), actor=PERSON)
    # Four business days were used (3, 4, 5 and 6 March); eleven are left, from Monday 6 April on.
    assert resumed.vence_on == date(2026, 4, 20)
    assert law.calendar.between(date(2026, 4, 1), date(2026, 4, 20)) == 11
    kinds = [event.kind for event in database.read_now(lambda uow: uow.cases.events(case.id))]
    assert kinds == ["radicado", "estado", "estado", "plazo", "estado"]


def test_a_second_pause_counts_from_its_own_day(database: Database, case: CaseRecord, law: Law) -> None:
    twice = walk(
        database,
        case,
        law,
        ("EN_TRAMITE", "2026-03-02T10:00"),
        ("REQUERIDO_USUARIO", "2026-03-06T10:00"),
        ("EN_TRAMITE", "2026-03-09T10:00"),
        ("REQUERIDO_USUARIO", "2026-03-10T10:00"),
        ("EN_TRAMITE", "2026-03-11T10:00"),
    )
    # Used: 3-6 and 10 March. Left: ten, from 12 March, with the holiday of the 23rd.
    assert twice.vence_on == date(2026, 3, 26)


def test_a_late_request_leaves_one_day_for_the_answer(database: Database, case: CaseRecord, law: Law) -> None:
    moved = walk(
        database,
        case,
        law,
        ("EN_TRAMITE", "2026-03-02T10:00"),
        ("REQUERIDO_USUARIO", "2026-03-30T10:00"),
        ("EN_TRAMITE", "2026-04-01T10:00"),
    )
    assert moved.vence_on == date(2026, 4, 6)


def test_the_answer_is_kept_and_the_case_is_decided(database: Database, case: CaseRecord, law: Law) -> None:
    at = bogota("2026-03-05T10:00")
    decided = database.write_now(
        lambda uow: lifecycle.decide(uow, case, "Revisamos el medidor.", at=at, actor=ANA, law=law)
    )
    assert (decided.estado, decided.respuesta, decided.respondido_at) == ("DECIDIDO", "Revisamos el medidor.", at)
    for words, who in ((" ", ANA), ("No procede.", SYSTEM), ("Otra vez.", ANA)):
        with pytest.raises(MoveRefused):
            database.write_now(
                lambda uow, words=words, who=who: lifecycle.decide(uow, decided, words, at=at, actor=who, law=law)
            )
    assert fetch(database, case.id).respuesta == "Revisamos el medidor."


def test_what_was_asked_of_the_person_can_be_told(database: Database, case: CaseRecord, law: Law) -> None:
    walk(database, case, law, ("EN_TRAMITE", "2026-03-02T10:00"))
    with pytest.raises(MoveRefused, match="requiere"):
        database.write_now(
            lambda uow: lifecycle.move(
                uow, fetch(database, case.id), "REQUERIDO_USUARIO", at=bogota("2026-03-03T10:00"), actor=ANA, law=law
            )
        )
    paused = walk(database, case, law, ("REQUERIDO_USUARIO", "2026-03-03T10:00"))
    assert database.read_now(lambda uow: lifecycle.requested(uow, paused)) == "La lectura del medidor"
    back = walk(database, case, law, ("EN_TRAMITE", "2026-03-04T10:00"))
    assert database.read_now(lambda uow: lifecycle.requested(uow, back)) == ""


def test_what_one_may_do_from_a_state_is_listed() -> None:
    assert lifecycle.allowed("RADICADO", "sistema") == ("EN_TRAMITE",)
    assert lifecycle.allowed("EN_TRAMITE", "ciudadano") == ()
    assert lifecycle.allowed("REQUERIDO_USUARIO", "ciudadano") == ("EN_TRAMITE",)
    assert lifecycle.allowed("ARCHIVADO", "personal") == ()
