"""Which days count: the library's holidays against a table computed here from the date of Easter alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pqr import calendar as calendar_module
from bot.pqr.calendar import Calendar
from bot.pqr.errors import HolidaysMissing
from tests.support.rows import every_row

DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))
CALENDAR = Calendar()


def easter(year: int) -> date:
    """Return Easter Sunday of ``year`` (Gregorian), from the golden number, the epact and the Sunday letter."""
    golden = year % 19 + 1
    century = year // 100 + 1
    skipped_leaps = 3 * century // 4 - 12
    moon_shift = (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - skipped_leaps - 10
    epact = (11 * golden + 20 + moon_shift - skipped_leaps) % 30
    if (epact == 25 and golden > 11) or epact == 24:
        epact += 1
    full_moon = 44 - epact
    if full_moon < 21:
        full_moon += 30
    of_march = full_moon + 7 - (sunday + full_moon) % 7
    return date(year, 3, 1) + timedelta(days=of_march - 1)


def to_monday(day: date) -> date:
    """Return ``day`` if it is a Monday, else the Monday that follows (Ley 51/1983)."""
    return day + timedelta(days=-day.weekday() % 7)


def expected_holidays(year: int) -> set[date]:
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))}
    moved = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if year >= 2026:
        moved.append((7, 9))
    mondays = {to_monday(date(year, month, day)) for month, day in moved}
    sunday = easter(year)
    around_easter = {sunday + timedelta(days=days) for days in (-3, -2, 43, 64, 71)}
    return fixed | mondays | around_easter


@every_row("year", range(2024, 2032))
def test_the_holidays_of_a_year_agree_with_the_easter_table(year: int) -> None:
    assert set(CALENDAR.holidays(year)) == expected_holidays(year)


def test_a_year_has_nineteen_holidays_from_2026_on() -> None:
    assert [len(CALENDAR.holidays(year)) for year in (2024, 2025, 2026, 2027, 2028)] == [18, 17, 19, 19, 19]


@pytest.mark.parametrize(
    ("year", "mondays"),
    [
        (2026, "01-12 03-23 04-02 04-03 05-18 06-08 06-15 06-29 07-13 08-17 10-12 11-02 11-16"),
        (2027, "01-11 03-22 03-25 03-26 05-10 05-31 06-07 07-05 07-12 08-16 10-18 11-01 11-15"),
        (2028, "01-10 03-20 04-13 04-14 05-29 06-19 06-26 07-03 07-10 08-21 10-16 11-06 11-13"),
    ],
)
def test_the_moved_days_are_those_of_the_domain_document(year: int, mondays: str) -> None:
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))}
    assert set(CALENDAR.holidays(year)) - fixed == {date.fromisoformat(f"{year}-{day}") for day in mondays.split()}


def test_the_new_holiday_of_july_begins_in_2026() -> None:
    assert date(2026, 7, 13) in CALENDAR.holidays(2026)
    assert date(2025, 7, 14) not in CALENDAR.holidays(2025)


def test_two_rules_may_fall_on_one_day_and_both_are_named() -> None:
    name = CALENDAR.holidays(2025)[date(2025, 6, 30)]
    assert "Sagrado Corazón" in name
    assert "San Pedro y San Pablo" in name


def test_the_names_are_spanish_and_say_when_the_day_was_moved() -> None:
    names = CALENDAR.holidays(2026)
    assert names[date(2026, 4, 2)] == "Jueves Santo"
    assert names[date(2026, 5, 18)] == "Ascensión del Señor, trasladado a lunes"
    assert not any("observado" in name for year in range(2024, 2032) for name in CALENDAR.holidays(year).values())


def test_saturday_counts_only_where_the_company_says_so() -> None:
    saturday = date(2026, 11, 21)
    assert not CALENDAR.is_business(saturday)
    assert Calendar(sabado_habil=True).is_business(saturday)
    assert not Calendar(sabado_habil=True).is_business(saturday + timedelta(days=1))


def test_a_day_the_company_adds_does_not_count_and_has_a_reason() -> None:
    day = date(2026, 3, 25)
    assert not Calendar(extra_holidays=[day]).is_business(day)
    skip = Calendar(extra_holidays={day: "Fiesta del municipio"}).why_not(day)
    assert skip is not None
    assert (skip.reason, skip.kind) == ("Fiesta del municipio", "festivo")


def test_a_national_holiday_keeps_its_name_when_the_company_repeats_it() -> None:
    day = date(2026, 12, 8)
    assert Calendar(extra_holidays=[day]).holidays(2026)[day] == "Inmaculada Concepción"


def test_the_start_is_refused_without_holidays_for_the_horizon() -> None:
    CALENDAR.check_horizon(date(2026, 11, 22))
    with pytest.raises(HolidaysMissing, match="2101"):
        CALENDAR.check_horizon(date(2099, 6, 1))


def test_the_start_is_refused_with_a_table_older_than_the_law_of_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calendar_module._national

    def old(year: int) -> dict[date, str]:
        return {day: name for day, name in whole(year).items() if "Chiquinquirá" not in name}

    monkeypatch.setattr(calendar_module, "_national", old)
    with pytest.raises(HolidaysMissing, match="Ley 2578"):
        Calendar().check_horizon(date(2026, 11, 22))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 40))
def test_adding_days_and_counting_them_agree(day: date, n: int) -> None:
    end = CALENDAR.add_business(day, n)
    assert CALENDAR.between(day, end) == n
    assert CALENDAR.between(end, day) == -n
    assert n == 0 or CALENDAR.is_business(end)
    assert len(CALENDAR.skipped(day, end)) == max(0, (end - day).days - n)


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_business(date(2026, 1, 1), -1)
