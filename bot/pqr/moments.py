"""Reads the moments people type and writes the dates, hours and amounts people read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.kernel.clock import BOGOTA, local
from bot.pqr.catalog_model import CalendarWords
from bot.pqr.errors import BadMoment

_FIRST_YEAR: Final = 1984
_LAST_YEAR: Final = 2098
_LONGEST: Final = 40
_NOON: Final = 12
_HARD_SPACE: Final = "\u00a0"

_EXAMPLES: Final = ": write for example 2026-03-25T10:15 (Bogotá time), 2026-03-25 or 25/03/2026 10:15"

_WRITTEN = re.compile(
    r"""(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4}))
        (?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?
        (?P<zone>\ ?(?:Z|[+-]\d{2}:?\d{2}))?)?""",
    re.VERBOSE | re.ASCII,
)


def read_moment(text: str) -> datetime | date:
    """Read ``2026-03-25T10:15``, ``25/03/2026 10:15`` or a bare date; without a zone it is Bogotá time.

    ``24:00`` is the end of the day, that is 00:00 of the next. Returns an aware datetime, or a date when no hour was
    given.

    Raises:
        BadMoment: it is not written so, there is no such day or hour, or the year is outside 1984-2098.
    """
    text = text.strip()
    found = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        message = f"{text[:_LONGEST]!r} is not a moment{_EXAMPLES}"
        raise BadMoment(message)
    part = found.groupdict()
    try:
        day = date(int(part["year"] or part["y"]), int(part["month"] or part["m"]), int(part["day"] or part["d"]))
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            message = f"the year {day.year} is outside {_FIRST_YEAR}-{_LAST_YEAR}, where holidays are known{_EXAMPLES}"
            raise BadMoment(message)
        if part["hour"] is None:
            return day
        hour, minute, second = int(part["hour"]), int(part["minute"]), int(part["second"] or 0)
        ends_day = (hour, minute, second) == (24, 0, 0)
        clock = time() if ends_day else time(hour, minute, second)
        zone = (part["zone"] or "").strip()
        stated = datetime.fromisoformat(f"{day}T{clock}{zone}")
    except ValueError:
        message = f"{text!r} is not a day and hour that exist{_EXAMPLES}"
        raise BadMoment(message) from None
    moment = stated if stated.tzinfo else stated.replace(tzinfo=BOGOTA)
    return moment + timedelta(days=1) if ends_day else moment


def month_end(month: str) -> date:
    """Return the last day of ``month`` (``YYYY-MM``)."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, monthrange(year, number)[1])


def long_date(day: date, words: CalendarWords) -> str:
    """Write ``lunes 14 de diciembre de 2026``."""
    return words.fecha.format(
        dia_semana=words.dias[day.weekday()], dia=day.day, mes=words.meses[day.month - 1], anio=day.year
    )


def short_date(day: date, words: CalendarWords) -> str:
    """Write ``14 de diciembre``."""
    return words.fecha_corta.format(dia=day.day, mes=words.meses[day.month - 1])


def hour(moment: datetime, words: CalendarWords) -> str:
    """Write the Bogotá hour of ``moment`` (aware) as ``7:51 a. m.``."""
    clock = local(moment)
    half = words.manana if clock.hour < _NOON else words.tarde
    written = words.hora.format(hora=clock.hour % _NOON or _NOON, minuto=f"{clock.minute:02d}", mitad=half)
    return written.replace(" ", _HARD_SPACE)


def slashed(moment: datetime) -> str:
    """Write the Bogotá date of ``moment`` (aware) as ``22/11/2026``."""
    return f"{local(moment):%d/%m/%Y}"


def money(pesos: int) -> str:
    """Write whole pesos as ``$ 187.300``, with a hard space."""
    sign = "-" if pesos < 0 else ""
    return f"{sign}${_HARD_SPACE}{abs(pesos):,}".replace(",", ".")


def masked(document: str) -> str:
    """Show only the last four characters of an identity document: ``***1234``; short ones show two."""
    shown = 4 if len(document) > 6 else 2  # noqa: PLR2004 - half or less of a short number
    return f"***{document[-shown:]}" if len(document) > shown else "***"


def masked_mail(address: str) -> str:
    """Show the first two letters and the domain of a mail address: ``ma***@ejemplo.com``; empty stays empty."""
    user, at, domain = address.rpartition("@")
    return f"{user[:2]}***@{domain}" if at else "***" if address else ""
