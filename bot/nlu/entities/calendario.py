"""Feasts and working days as people name them: Holy Week, the next holiday, "el puente", "nueve días hábiles".

Legal terms are never counted here: they have a calendar of their own (``bot/pqr/calendar.py``).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_SATURDAY = 5
_GOOD_FRIDAY = "Viernes Santo"
_DAY = timedelta(days=1)
_MOST_DAYS = 400


@lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, str]:
    from holidays.countries.colombia import Colombia

    return dict(Colombia(years=year, language="es", expand=False))  # type: ignore[no-untyped-call]


def is_holiday(day: date) -> bool:
    """Whether ``day`` is a holiday in Colombia."""
    return day in _holidays(day.year)


def easter(year: int) -> date:
    """Return Easter Sunday, two days after Good Friday."""
    return next(day for day, name in _holidays(year).items() if name.startswith(_GOOD_FRIDAY)) + 2 * _DAY


def holiday(today: date, *, past: bool) -> date:
    """Return the last or the next holiday; today may be the next."""
    step = -_DAY if past else _DAY
    day = today + step if past else today
    while not is_holiday(day):
        day += step
    return day


def long_weekend(today: date, *, past: bool) -> date:
    """Return the Saturday before the last or the next holiday on a Monday."""
    day = holiday(today, past=past)
    while day.weekday() != 0:
        day = holiday(day - _DAY if past else day + _DAY, past=past)
    return day - timedelta(days=2)


def move_working_days(today: date, number: int, sign: int) -> date | None:
    """Return the day ``number`` working days back or ahead; None when that is absurdly far."""
    if number > _MOST_DAYS:
        return None
    day = today
    while number:
        day += sign * _DAY
        number -= day.weekday() < _SATURDAY and not is_holiday(day)
    return day
