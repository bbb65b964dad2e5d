"""Ley 2300 de 2023, art. 3: the windows, the holidays and the closing minute, by the vectors of the domain."""

from __future__ import annotations

import pytest

from bot.kernel.clock import local
from bot.notices import catalog
from bot.notices.gate import Gate
from bot.pqr.calendar import Calendar
from tests.notices.conftest import moment

LIMITED = ("COBRANZA", "COMERCIAL")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(catalog.load(), Calendar())


@pytest.mark.parametrize("clase", LIMITED)
@pytest.mark.parametrize("at", ["2026-11-20T18:59", "2026-11-21T14:59", "2026-11-20T07:00", "2026-11-21T08:00"])
def test_inside_its_window_a_limited_message_leaves_at_once(gate: Gate, clase: str, at: str) -> None:
    assert gate.is_open(clase, moment(at))


@pytest.mark.parametrize("clase", LIMITED)
@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-20T19:00", "2026-11-21T08:00"),
        ("2026-11-21T15:00", "2026-11-23T07:00"),
        ("2026-07-13T10:00", "2026-07-14T07:00"),
        ("2026-04-01T19:05", "2026-04-04T08:00"),
        ("2026-12-24T20:00", "2026-12-26T08:00"),
        ("2026-11-20T06:59", "2026-11-20T07:00"),
        ("2026-11-22T10:00", "2026-11-23T07:00"),
    ],
)
def test_outside_its_window_it_waits_for_the_next_opening(gate: Gate, clase: str, at: str, opens: str) -> None:
    opening = gate.opening(clase, moment(at))
    assert opening is not None
    assert local(opening) == moment(opens)


def test_the_last_second_before_closing_is_open(gate: Gate) -> None:
    assert gate.is_open("COBRANZA", moment("2026-11-20T18:59").replace(second=59, microsecond=999_999))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-22T10:00", "2026-11-22T10:00"),  # a Sunday
        ("2026-07-13T06:00", "2026-07-13T06:00"),  # a holiday
        ("2026-11-21T15:00", "2026-11-21T15:00"),
        ("2026-11-21T21:00", "2026-11-22T06:00"),
        ("2026-11-22T05:59", "2026-11-22T06:00"),
    ],
)
def test_a_notice_of_service_leaves_any_day_between_six_and_nine(gate: Gate, at: str, opens: str) -> None:
    opening = gate.opening("SERVICIO", moment(at))
    assert opening is not None
    assert local(opening) == moment(opens)


@pytest.mark.parametrize("at", ["2026-11-22T03:00", "2026-12-25T23:59"])
def test_an_answer_and_a_notice_of_safety_wait_for_no_hour(gate: Gate, at: str) -> None:
    assert gate.is_open("RESPUESTA", moment(at))
    assert gate.is_open("SERVICIO", moment(at), urgent=True)
    assert not gate.is_open("SERVICIO", moment(at))


def test_hours_that_the_person_asked_for_stand_in_the_place_of_those_of_the_law(gate: Gate) -> None:
    assert gate.is_open("COBRANZA", moment("2026-11-20T20:00"), own="noche")
    opening = gate.opening("COBRANZA", moment("2026-11-20T10:00"), own="noche")
    assert opening is not None
    assert local(opening) == moment("2026-11-20T18:00")
    assert gate.is_open("COBRANZA", moment("2026-11-20T10:00"), own="una_que_ya_no_existe")
