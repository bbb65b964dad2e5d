"""Days of the calendar as people count them: "ocho días" are seven, "la quincena" is pay day, "el lunes" is the next."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from bot.nlu.entities.found import Lean

#: Words of spans and their days.
UNITS = {"dia": 1, "dias": 1, "diitas": 1, "semana": 7, "semanas": 7, "mes": 30, "meses": 30, "ano": 365, "anos": 365}
_SAID_LONGER = {8: 7, 15: 14}


def day_of(year: int, month: int, day: int) -> date | None:
    """Return that day; None when no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shift_months(day: date, months: int) -> date:
    """Return the same day of another month, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _span_days(number: int, unit: str) -> int:
    """Return the days people mean: "ocho días" are seven and "quince días" fourteen."""
    return _SAID_LONGER.get(number, number) if unit.startswith("d") else number * UNITS[unit]


def move(today: date, number: int, unit: str, sign: int) -> date | None:
    """Return the day that lies ``number`` units back or ahead; None when that is more than ten years."""
    if number > 3_650:  # noqa: PLR2004 - ten years in days
        return None
    if unit.startswith("mes"):
        return shift_months(today, sign * number)
    if unit.startswith("ano"):
        return shift_months(today, sign * number * 12)
    return today + timedelta(days=sign * _span_days(number, unit))


def nearest_year(today: date, month: int, day: int, lean: Lean) -> date | None:
    """Return that day of the year people mean: the last, the next, or the nearest one."""
    options = [found for year in (today.year - 1, today.year, today.year + 1) if (found := day_of(year, month, day))]
    if lean == "past":
        options = [found for found in options if found <= today]
        return options[-1] if options else None
    if lean == "future":
        options = [found for found in options if found >= today]
        return options[0] if options else None
    return min(options, key=lambda found: abs((found - today).days), default=None)


def weekday(today: date, wanted: int, *, past: bool, skip_week: bool = False) -> date:
    """Return the last or the next such day of the week; today is never meant."""
    if past:
        back = (today.weekday() - wanted) % 7
        return today - timedelta(days=back or 7)
    ahead = (wanted - today.weekday()) % 7
    return today + timedelta(days=(ahead or 7) + (7 if skip_week else 0))


def fortnight(today: date, *, past: bool) -> date:
    """Return pay day: the 15th or the 30th (the last day of February), the next one or the last one."""
    options: list[date] = []
    for shift in (-1, 0, 1):
        month = shift_months(today.replace(day=1), shift)
        last = min(30, calendar.monthrange(month.year, month.month)[1])
        options += [month.replace(day=15), month.replace(day=last)]
    if past:
        return max(option for option in options if option < today)
    return min(option for option in options if option >= today)
