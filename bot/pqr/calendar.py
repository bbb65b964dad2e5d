"""Business days of Colombia: which days count, which do not, and why (Ley 51/1983, Ley 2578/2026 art. 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from bot.pqr import catalog
from bot.pqr.catalog_model import CalendarWords
from bot.pqr.errors import HolidaysMissing

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY: Final = 5
_SUNDAY: Final = 6
_DAY: Final = timedelta(days=1)
_OBSERVED: Final = " (observado)"
#: Years ahead that must be known: the longest term is counted in months and a case may live through two.
HORIZON_YEARS: Final = 2
#: The Virgen de Chiquinquirá is a holiday from 2026 on, moved to Monday; older tables do not know it.
_FIRST_CHIQUINQUIRA: Final = date(2026, 7, 13)
_NOT_YET_CHIQUINQUIRA: Final = date(2025, 7, 14)
_FEWEST_HOLIDAYS: Final = 17

DAY_NAMES: Final = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")


@dataclass(frozen=True, slots=True)
class Skip:
    """A day that does not count; ``reason`` is Spanish text for people, such as «Jueves Santo»."""

    day: date
    reason: str
    kind: Literal["festivo", "fin_de_semana"]


@cache
def _default_words() -> CalendarWords:
    return catalog.load().words


@cache
def _national(year: int) -> Mapping[date, str]:
    """Return the holidays the library knows for ``year``, with its own Spanish names."""
    from holidays.countries.colombia import Colombia

    if not Colombia.start_year <= year <= Colombia.end_year:
        message = f"there is no table of holidays for {year}; known: {Colombia.start_year} to {Colombia.end_year}"
        raise HolidaysMissing(message)
    table: HolidayBase = Colombia(years=year, language="es", expand=False)  # type: ignore[no-untyped-call]
    return dict(sorted(table.items()))


class Calendar:
    """The days that count for legal terms.

    Saturday does not count unless ``sabado_habil``; ``extra_holidays`` are dates that the company adds (with a name
    each when given as a mapping).
    """

    def __init__(
        self,
        sabado_habil: bool = False,  # noqa: FBT001, FBT002 - the only switch, named as in config.yaml
        extra_holidays: Iterable[date] | Mapping[date, str] = (),
        *,
        words: CalendarWords | None = None,
    ) -> None:
        self._sabado_habil = sabado_habil
        self._words = words or _default_words()
        named = extra_holidays if isinstance(extra_holidays, Mapping) else dict.fromkeys(extra_holidays, "")
        self._extra = {day: name or self._words.festivo_propio for day, name in named.items()}
        self._years: dict[int, dict[date, str]] = {}

    def holidays(self, year: int) -> dict[date, str]:
        """Return the holidays of ``year`` in order, each with its Spanish name.

        Raises:
            HolidaysMissing: no table of holidays for that year.
        """
        return dict(self._of(year))

    def is_business(self, day: date) -> bool:
        """Tell whether ``day`` counts."""
        weekday = day.weekday()
        if weekday == _SUNDAY or (weekday == _SATURDAY and not self._sabado_habil):
            return False
        return day not in self._of(day.year)

    def why_not(self, day: date) -> Skip | None:
        """Return why ``day`` does not count, or None when it does. A weekend is named before a holiday on it."""
        weekday = day.weekday()
        if weekday == _SUNDAY:
            return Skip(day, self._words.domingo, "fin_de_semana")
        if weekday == _SATURDAY and not self._sabado_habil:
            return Skip(day, self._words.sabado, "fin_de_semana")
        name = self._of(day.year).get(day)
        return Skip(day, name, "festivo") if name else None

    def next_business(self, day: date) -> date:
        """Return the first business day after ``day``."""
        day += _DAY
        while not self.is_business(day):
            day += _DAY
        return day

    def on_or_after(self, day: date) -> date:
        """Return ``day`` if it counts, else the next day that does."""
        return day if self.is_business(day) else self.next_business(day)

    def add_business(self, day: date, n: int) -> date:
        """Return the ``n``-th business day after ``day`` (which itself never counts); ``n`` ≥ 0.

        Raises:
            ValueError: ``n`` is negative.
        """
        if n < 0:
            message = f"business days are counted forward, not {n}"
            raise ValueError(message)
        for _ in range(n):
            day = self.next_business(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the business days after ``first`` up to ``last`` itself; negative when ``last`` is earlier."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_business(first + _DAY * step) for step in range(1, (last - first).days + 1))

    def skipped(self, first: date, last: date) -> tuple[Skip, ...]:
        """Return every day after ``first`` and before ``last`` that does not count, with its reason."""
        days = (first + _DAY * step for step in range(1, (last - first).days))
        return tuple(skip for day in days if (skip := self.why_not(day)))

    def check_horizon(self, today: date, years: int = HORIZON_YEARS) -> None:
        """Refuse to work without the holidays of this year and the ``years`` after it.

        Raises:
            HolidaysMissing: a year is unknown, has too few holidays, or the table is older than Ley 2578 of 2026.
        """
        for year in range(today.year, today.year + years + 1):
            known = len(self._of(year))
            if known < _FEWEST_HOLIDAYS:
                message = f"{year} has only {known} holidays in the table: update the package «holidays»"
                raise HolidaysMissing(message)
        if _FIRST_CHIQUINQUIRA not in self._of(2026) or _NOT_YET_CHIQUINQUIRA in _national(2025):
            message = "the table of holidays is older than Ley 2578 of 2026: install holidays 0.109 or newer"
            raise HolidaysMissing(message)

    def _of(self, year: int) -> dict[date, str]:
        table = self._years.get(year)
        if table is None:
            named = {day: self._spanish(name) for day, name in _national(year).items()}
            named |= {day: name for day, name in self._extra.items() if day.year == year and day not in named}
            table = self._years[year] = dict(sorted(named.items()))
        return table

    def _spanish(self, library_name: str) -> str:
        """Return the library's name(s) of a day as people say them; two rules may fall on one day."""
        names = []
        for part in library_name.split("; "):
            plain = part.removesuffix(_OBSERVED)
            name = self._words.nombres.get(plain, plain)
            names.append(self._words.trasladado.format(festivo=name) if part.endswith(_OBSERVED) else name)
        return "; ".join(names)


@dataclass(frozen=True, slots=True)
class FilingHours:
    """When the company files (``ley.horario_radicacion``): day name (``lunes``…``domingo``) → spans of local time."""

    spans: Mapping[str, tuple[tuple[time, time], ...]]

    def is_open_day(self, day: date) -> bool:
        """Tell whether the company files at some hour of that day of the week."""
        return bool(self.spans.get(DAY_NAMES[day.weekday()]))

    def is_late(self, day: date, at: time) -> bool:
        """Tell whether ``at`` is past the last closing of ``day``; before opening is not late (§2, row 12)."""
        spans = self.spans.get(DAY_NAMES[day.weekday()], ())
        return not spans or at > max(closes for _, closes in spans)
