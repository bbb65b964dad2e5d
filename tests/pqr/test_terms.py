"""The worked rows of the domain document (§2), one by one, in both modes; and the rules around them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kernel.clock import BOGOTA
from bot.pqr import catalog, terms
from bot.pqr.calendar import Calendar, FilingHours
from bot.pqr.errors import BadMoment, UnknownTerm
from bot.pqr.moments import read_moment
from bot.pqr.terms import Due, Terms
from tests.support.rows import every_row

CALENDAR = Calendar()
MATRIX = Terms.of(catalog.load().terms)
HOURS = FilingHours(
    {day: ((time(8), time(17)),) for day in ("lunes", "martes", "miercoles", "jueves", "viernes")},
)


def due(term: str, moment: datetime | date, mode: terms.Mode = "A", *, extended: bool = False) -> Due:
    return terms.due(term, moment, calendar=CALENDAR, terms=MATRIX, hours=HOURS, mode=mode, extended=extended)


class Row(NamedTuple):
    """A row of the table: what was filed when, the weekdays skipped, and the last day in each mode."""

    number: int
    moment: str
    term: str
    skipped: str
    mode_a: str
    mode_b: str


ROWS = [
    Row(1, "2026-03-25T10:15", "PQR_CONTRATO", "2026-04-02 2026-04-03", "2026-04-17", "2026-04-17"),
    Row(2, "2026-03-20T16:59", "PQR_CONTRATO", "2026-03-23 2026-04-02 2026-04-03", "2026-04-15", "2026-04-15"),
    Row(3, "2026-04-01T23:50", "PQR_CONTRATO", "2026-04-02 2026-04-03", "2026-04-24", "2026-04-27"),
    Row(4, "2026-12-10T09:00", "PQR_CONTRATO", "2026-12-25 2027-01-01", "2027-01-04", "2027-01-04"),
    Row(5, "2026-12-22T21:40", "PQR_CONTRATO", "2026-12-25 2027-01-01 2027-01-11", "2027-01-15", "2027-01-18"),
    Row(6, "2026-12-31T14:00", "PQR_CONTRATO", "2027-01-01 2027-01-11", "2027-01-25", "2027-01-25"),
    Row(7, "2026-06-07T11:00", "PQR_CONTRATO", "2026-06-08 2026-06-15 2026-06-29", "2026-07-01", "2026-07-02"),
    Row(8, "2026-07-11T08:00", "PQR_CONTRATO", "2026-07-13 2026-07-20", "2026-08-04", "2026-08-05"),
    Row(9, "2026-07-08T17:01", "PQR_CONTRATO", "2026-07-13 2026-07-20", "2026-07-31", "2026-08-03"),
    Row(10, "2025-06-13T15:00", "PQR_CONTRATO", "2025-06-23 2025-06-30", "2025-07-08", "2025-07-08"),
    Row(11, "2028-02-14T09:30", "PQR_CONTRATO", "", "2028-03-06", "2028-03-06"),
    Row(12, "2027-03-19T07:30", "PQR_CONTRATO", "2027-03-22 2027-03-25 2027-03-26", "2027-04-14", "2027-04-14"),
    Row(13, "2026-11-22T07:51", "PQR_CONTRATO", "2026-12-08", "2026-12-14", "2026-12-15"),
    Row(14, "2026-10-08T09:00", "INFO_DOCUMENTOS", "2026-10-12", "2026-10-23", "2026-10-23"),
    Row(15, "2026-11-03T09:00", "CONSULTA_GENERAL", "2026-11-16 2026-12-08", "2026-12-17", "2026-12-17"),
    Row(16, "2026-05-14T09:00", "TRASLADO", "2026-05-18", "2026-05-22", "2026-05-22"),
    Row(17, "2026-01-07", "REQUERIR_COMPLETAR", "2026-01-12", "2026-01-22", "2026-01-22"),
    Row(18, "2026-12-04", "RECURSO_REPO_APEL", "2026-12-08", "2026-12-14", "2026-12-14"),
    Row(19, "2026-01-30", "COMPLETAR", "", "2026-03-02", "2026-03-02"),
    Row(20, "2026-09-30", "RECLAMO_FACTURA_LIMITE", "", "2027-03-01", "2027-03-01"),
    Row(21, "2026-06-17", "RECLAMO_FACTURA_LIMITE", "", "2026-11-17", "2026-11-17"),
    Row(22, "2026-12-18", "CITACION", "2026-12-25", "2026-12-28", "2026-12-28"),
    Row(23, "2026-03-26", "AVISO", "2026-04-02 2026-04-03", "2026-04-06", "2026-04-06"),
    Row(24, "2026-04-10", "RECURSO_REPO_APEL", "", "2026-04-17", "2026-04-17"),
    Row(25, "2026-04-17", "SAP_RECONOCER", "", "2026-04-20", "2026-04-20"),
    Row(26, "2026-07-18T18:30", "RECONEXION", "", "2026-07-19", "2026-07-19"),
]


def test_all_twenty_six_rows_are_here() -> None:
    assert [row.number for row in ROWS] == list(range(1, 27))


@every_row("row", ROWS, ids=lambda row: f"row{row.number}")
def test_mode_a_gives_the_day_of_the_table(row: Row) -> None:
    result = due(row.term, read_moment(row.moment), "A")
    assert result.due_on == date.fromisoformat(row.mode_a)
    assert [skip.day.isoformat() for skip in result.holidays] == row.skipped.split()


@every_row("row", ROWS, ids=lambda row: f"row{row.number}")
def test_mode_b_gives_the_day_of_the_table(row: Row) -> None:
    assert due(row.term, read_moment(row.moment), "B").due_on == date.fromisoformat(row.mode_b)


@every_row("row", [row for row in ROWS if row.number in {18, 19, 20, 21, 22, 23, 24, 25, 26}])
def test_mode_b_does_not_exist_for_terms_that_are_not_answers_of_the_company(row: Row) -> None:
    assert due(row.term, read_moment(row.moment), "B").mode == "A"


def test_a_term_of_days_ends_with_the_last_second_of_the_day() -> None:
    assert due("RECURSO_REPO_APEL", date(2026, 12, 4)).due_at == datetime(2026, 12, 14, 23, 59, 59, tzinfo=BOGOTA)


def test_the_notice_by_aviso_is_served_at_the_end_of_the_day_after_its_delivery() -> None:
    served = due("AVISO_SURTIDO", date(2026, 4, 9)).due_on
    assert served == date(2026, 4, 10)
    assert due("RECURSO_REPO_APEL", served).due_at == datetime(2026, 4, 17, 23, 59, 59, tzinfo=BOGOTA)


def test_the_72_hours_end_at_midnight_however_the_expiry_is_written() -> None:
    end = datetime(2026, 4, 21, tzinfo=BOGOTA)
    for expiry in ("2026-04-17", "2026-04-17T24:00", "2026-04-18T00:00", "2026-04-17T23:59:59"):
        result = due("SAP_RECONOCER", read_moment(expiry))
        assert (result.due_at, result.due_on) == (end, date(2026, 4, 20))


def test_clock_hours_run_through_the_weekend_to_the_minute() -> None:
    paid = datetime(2026, 7, 18, 18, 30, tzinfo=BOGOTA)
    assert due("RECONEXION", paid).due_at == paid + timedelta(hours=24)


def test_clock_hours_need_an_hour() -> None:
    with pytest.raises(BadMoment, match="hour"):
        due("RECONEXION", date(2026, 7, 18))


def test_closing_time_itself_is_in_time_and_the_next_second_is_not() -> None:
    closing = datetime(2026, 7, 8, 17, 0, tzinfo=BOGOTA)
    assert due("PQR_CONTRATO", closing, "B").day0 == date(2026, 7, 8)
    assert due("PQR_CONTRATO", closing + timedelta(seconds=1), "B").day0 == date(2026, 7, 9)


def test_the_moment_counts_in_bogota_wherever_it_was_written() -> None:
    late_evening = datetime(2026, 3, 26, 2, 0, tzinfo=UTC)
    assert due("PQR_CONTRATO", late_evening).day0 == date(2026, 3, 25)


def test_the_last_day_of_a_shorter_month_is_taken() -> None:
    assert terms.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert terms.add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert terms.add_months(date(2026, 10, 31), 4) == date(2027, 2, 28)


def test_months_that_end_on_a_holiday_say_why_they_moved() -> None:
    result = due("COMPLETAR", date(2026, 1, 30))
    assert [skip.day for skip in result.skipped] == [date(2026, 2, 28), date(2026, 3, 1)]


def test_an_extension_lengthens_the_term() -> None:
    assert due("COMPLETAR", date(2026, 1, 30), extended=True).due_on == date(2026, 3, 30)
    plain, longer = (due("HD_CONSULTA", date(2026, 3, 2), extended=extended) for extended in (False, True))
    assert CALENDAR.between(plain.due_on, longer.due_on) == 5
    with pytest.raises(UnknownTerm, match="no extension"):
        due("PQR_CONTRATO", date(2026, 3, 2), extended=True)


def test_the_strict_reading_is_one_business_day_earlier() -> None:
    result = due("PQR_CONTRATO", date(2026, 3, 25))
    assert result.strict_on == date(2026, 4, 16)
    assert due("RECURSO_REPO_APEL", date(2026, 3, 25)).strict_on is None


def test_a_configured_amount_replaces_that_of_the_matrix() -> None:
    matrix = Terms.of(catalog.load().terms, {"REMITIR_SSPD": 5})
    result = terms.due("remitir-sspd", date(2026, 3, 2), calendar=CALENDAR, terms=matrix)
    assert (result.due_on, result.amount, result.term) == (date(2026, 3, 9), 5, "REMITIR_SSPD")


def test_an_unknown_term_is_told_with_the_list_of_the_known_ones() -> None:
    with pytest.raises(UnknownTerm, match="PQR_CONTRATO, SAP_RECONOCER"):
        due("NO_EXISTE", date(2026, 3, 2))
    with pytest.raises(UnknownTerm, match="RECONEXION"):
        Terms.of(catalog.load().terms, {"RECONEXIONES": 5})


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(BadMoment):
        due("PQR_CONTRATO", datetime(2026, 3, 2, 10))  # noqa: DTZ001 - the mistake under test


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 6, 30)).map(lambda when: when.replace(tzinfo=BOGOTA))  # noqa: DTZ001


@settings(max_examples=80, deadline=None)
@given(MOMENTS, st.sampled_from(list(MATRIX)))
def test_mode_a_is_never_later_than_mode_b_and_both_end_on_a_day_that_counts(moment: datetime, term: str) -> None:
    mode_a, mode_b = due(term, moment, "A"), due(term, moment, "B")
    assert mode_a.due_at <= mode_b.due_at
    assert mode_a.due_at > moment
    for result in (mode_a, mode_b):
        assert result.unit == "horas" or CALENDAR.is_business(result.due_on)
        if result.unit == "dias_habiles":
            counted = (result.due_on - result.day0).days - len(result.skipped)
            assert counted == result.amount
