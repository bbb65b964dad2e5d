"""Legal terms: from a key of the matrix and a moment to a due date, with the days skipped and why (§1.4 and §2).

Business days (Ley 4/1913 art. 62) are counted from the business day after the fact and end at 23:59:59 of the last
day (arts. 59-60). Months keep the number of the day, or take the last day of a shorter month, and move to the next
business day when they end on one that is not. Hours run continuously.
"""

from __future__ import annotations

import calendar as months_of_the_year
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from bot.kernel.clock import BOGOTA
from bot.pqr.calendar import Calendar, FilingHours, Skip
from bot.pqr.catalog_model import TermEntry, TermsFile, Unit
from bot.pqr.errors import BadMoment, UnknownTerm

Mode = Literal["A", "B"]

_LAST_SECOND: Final = time(23, 59, 59)
_DAY: Final = timedelta(days=1)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a term.

    ``day0`` is the local date the count starts from, ``due_on`` the last local day, ``due_at`` the last moment
    (aware, Bogotá). ``skipped`` are the days of the span that did not count. ``mode`` is the one that was used: a
    term that mode B may not move is always ``A``. ``strict_on`` is the day by the stricter reading (count from the
    day of the fact itself), for internal alerts only; None where it makes no sense.
    """

    term: str
    name: str
    norm: str
    mode: Mode
    amount: int
    unit: Unit
    day0: date
    due_on: date
    due_at: datetime
    skipped: tuple[Skip, ...] = ()
    strict_on: date | None = None
    extended: bool = False

    @property
    def holidays(self) -> tuple[Skip, ...]:
        """The skipped days that are holidays."""
        return tuple(skip for skip in self.skipped if skip.kind == "festivo")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms matrix in force; a mapping of key → term with the configured amounts already applied."""

    entries: Mapping[str, TermEntry]

    @classmethod
    def of(cls, file: TermsFile, amounts: Mapping[str, int] | None = None) -> Terms:
        """Build from the catalog and the amounts of ``ley.terminos`` (key → amount in the unit of the term).

        Raises:
            UnknownTerm: an amount names a key that the matrix does not have.
        """
        entries = dict(file.terminos)
        for key, amount in (amounts or {}).items():
            if key not in entries:
                raise UnknownTerm(_unknown(key, entries))
            entries[key] = entries[key].model_copy(update={"cantidad": amount})
        return cls(entries)

    def __getitem__(self, key: str) -> TermEntry:
        """Return the term under ``key``; case, spaces and hyphens are forgiven.

        Raises:
            UnknownTerm: there is none; the text lists the known ones.
        """
        term = self.entries.get(tidy(key))
        if term is None:
            raise UnknownTerm(_unknown(key, self.entries))
        return term

    def __iter__(self) -> Iterator[str]:
        """Go over the keys in the order of the matrix."""
        return iter(self.entries)


def tidy(key: str) -> str:
    """Return a term key as the matrix writes it: capitals and underscores."""
    return key.strip().upper().replace("-", "_").replace(" ", "_")


def due(
    term_key: str,
    moment: datetime | date,
    *,
    calendar: Calendar,
    terms: Terms,
    hours: FilingHours | None = None,
    mode: Mode = "A",
    extended: bool = False,
) -> Due:
    """Return the end of a term counted from ``moment``: an aware moment, or a local date when the hour is unknown.

    Mode A takes the local date of the fact as day 0. Mode B takes the next business day when the fact came after the
    last closing of ``hours`` or on a day that does not count; it never moves a term of the person. ``extended`` adds
    the extension of the term.

    Raises:
        UnknownTerm: ``term_key`` is not in the matrix, or has no extension and one was asked for.
        BadMoment: ``moment`` has no time zone, or is a bare date for a term of clock hours.
    """
    term = terms[term_key]
    if extended:
        term = _extended(term_key, term)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise BadMoment(message)
    local = moment.astimezone(BOGOTA) if isinstance(moment, datetime) else None
    day = local.date() if local else moment
    if term.unidad == "horas":
        result = _hours(term, local, day)
    elif term.unidad == "meses":
        result = _months(term, day, calendar)
    else:
        late = mode == "B" and term.fuera_de_horario and is_out_of_hours(day, local, calendar, hours)
        day0 = calendar.next_business(day) if late else day
        result = _business(term, day0, calendar)
        if mode == "B" and term.fuera_de_horario:
            result = replace(result, mode="B")
    return replace(result, term=tidy(term_key), extended=extended)


def moves_with_hours(term: TermEntry) -> bool:
    """Tell whether mode B may give this term another date."""
    return term.fuera_de_horario


def is_out_of_hours(day: date, local: datetime | None, calendar: Calendar, hours: FilingHours | None) -> bool:
    """Tell whether a fact came on a day that does not count, or after the last closing of that day."""
    if not calendar.is_business(day):
        return True
    return local is not None and hours is not None and hours.is_late(day, local.time().replace(tzinfo=None))


def add_months(day: date, n: int) -> date:
    """Return the same day ``n`` months later, or the last day of a shorter month (rule (f))."""
    index = day.year * _MONTHS + day.month - 1 + n
    year, month = divmod(index, _MONTHS)
    last = months_of_the_year.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def end_of(day: date) -> datetime:
    """Return the last second of ``day`` in Bogotá: a term of days ends there (Ley 4/1913 art. 59)."""
    return datetime.combine(day, _LAST_SECOND, BOGOTA)


def _extended(key: str, term: TermEntry) -> TermEntry:
    if term.prorroga is None:
        message = f"the term {tidy(key)} has no extension"
        raise UnknownTerm(message)
    return term.model_copy(update={"cantidad": term.cantidad + term.prorroga.cantidad})


def _blank(term: TermEntry, day0: date, due_at: datetime) -> Due:
    # A term of hours that ends at 00:00 ended at 24:00 of the day before: that is the day people are told.
    due_on = (due_at - timedelta(microseconds=1)).date()
    return Due("", term.nombre, term.norma, "A", term.cantidad, term.unidad, day0, due_on, due_at)


def _business(term: TermEntry, day0: date, calendar: Calendar) -> Due:
    due_on = calendar.add_business(day0, term.cantidad)
    strict = None
    if term.a_cargo == "empresa" and not term.espera and term.cantidad > 1:
        strict = calendar.add_business(day0, term.cantidad - 1)
    return replace(_blank(term, day0, end_of(due_on)), skipped=calendar.skipped(day0, due_on), strict_on=strict)


def _months(term: TermEntry, day: date, calendar: Calendar) -> Due:
    nominal = add_months(day, term.cantidad)
    due_on = calendar.on_or_after(nominal)
    return replace(_blank(term, day, end_of(due_on)), skipped=calendar.skipped(nominal - _DAY, due_on))


def _hours(term: TermEntry, local: datetime | None, day: date) -> Due:
    start = local
    midnight = datetime.combine(day, time(), BOGOTA)
    if term.cuenta_desde == "fin_del_dia":
        # 00:00 is the end of the day before; any other hour, or a bare date, means the end of that day.
        start = midnight if local == midnight else midnight + _DAY
    elif start is None:
        message = f"the term of {term.nombre!r} counts clock hours: say the hour too, for example {day}T18:30"
        raise BadMoment(message)
    day0 = (start - timedelta(microseconds=1)).date() if term.cuenta_desde == "fin_del_dia" else day
    return _blank(term, day0, start + timedelta(hours=term.cantidad))


def _unknown(key: str, known: Mapping[str, object]) -> str:
    return f"there is no term {key!r}; known: {', '.join(known)}"
