"""What each way of saying a day means on the day it is said; whether the past or the future is meant, by the words around."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.kernel.clock import BOGOTA
from bot.nlu.cued import Cued
from bot.nlu.entities import formas
from bot.nlu.entities.calendario import easter, holiday, long_weekend, move_working_days
from bot.nlu.entities.dias import day_of, fortnight, move, nearest_year, shift_months, weekday
from bot.nlu.entities.formas import MONTHS, WEEKDAYS
from bot.nlu.entities.found import Lean, Reading
from bot.nlu.numbers import leading_number

_PAST = re.compile(
    r"\b(?:desde|dsd|dde|desd|hace|paso|pasad[oa]s?|fue|llevo|llevamos|lleva|vino|vinieron|llego|llegaba|se fue|quitaron|cortaron|estaba|"
    r"hubo|habia|pague|pago el|consigne|radique|puse|hice|dejaron|quedamos|quede|empezo|anterior|vencida|\w{3,16}(?:aron|ieron)|se (?!lo\b|no\b)[a-z]{3,12}o)\b"
)
_FUTURE = re.compile(
    r"\b(?:para|pal|pa el|pagaria|pagare|pago|pagar|puedo|podria|vienen?|vendran?|proxim[oa]s?|entrante|siguiente|hasta|voy a|van a|"
    r"cuando vuelve|vuelve|llega el|programad[oa]|vence|plazo|sera|habra|abren|atienden|hay corte)\b"
)
_NEAR = 16
_CLAUSE = 60
#: The dates of one message ask for the same words many times.
_REMEMBERED = 16
_LAST_WORDS = frozenset({"pasado", "pasada", "pasao", "pasaa", "anterior", "antepasado", "que paso"})
#: What a reader returns for a day that no calendar has: nothing else may be read there.
NO_DAY = "-"
_MOST_MINUTES = 60 * 24 * 7


def _number(words: str) -> int | None:
    if words.isdecimal():
        return int(words)
    if words in {"primero", "primer"}:
        return 1
    if words.endswith("par de"):
        return 2
    parts = words.split()
    found = leading_number(parts)
    return found[0] if found and found[1] == len(parts) else None


def lean_of(reading: Reading, start: int) -> Lean:
    """Return whether the words before ``start``, else all the words, speak of the past or of the future."""
    if reading.lean:
        return reading.lean
    before = reading.text[max(0, start - 40) : start]
    past = list(_PAST.finditer(before))
    future = list(_FUTURE.finditer(before))
    if past and (not future or past[-1].end() >= future[-1].end()):
        return "past"
    if future:
        return "future"
    return _lean_of_all(reading.text)


@lru_cache(maxsize=_REMEMBERED)
def _lean_of_all(text: str) -> Lean:
    return "past" if _PAST.search(text) and not _FUTURE.search(text) else ""


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)  # noqa: PLR2004 - "26" is 2026


#: A day, a moment, a month as text, ``NO_DAY``, or None when it is no date.
Meaning = date | datetime | str | None


class Meanings:
    """Turns a match of ``formas`` into its meaning in one message."""

    def __init__(self, reading: Reading) -> None:
        """Take the message, whose clock is the present."""
        self._reading = reading
        self._today = reading.today

    def in_order(self) -> tuple[tuple[Cued | re.Pattern[str], Callable[[re.Match[str]], Meaning]], ...]:
        """Return every pattern with its meaning, the most precise first."""
        return (
            (formas.ISO, self._iso), (formas.DAY_OF_RELATIVE_MONTH, self._day_of_relative_month),
            (formas.PART_OF_MONTH, self._part_of_month), (formas.NAMED, self._named), (formas.SLASHED, self._slashed),
            (formas.HOURS, self._hours), (formas.AGO_AND_HALF, self._ago_and_half), (formas.AGO, self._ago), (formas.BACK, self._ago), (formas.LASTING, self._ago),
            (formas.WEEK_FROM, self._week_from), (formas.AHEAD, self._ahead), (formas.MONTH_RELATIVE, self._month_relative),
            (formas.WEEKLY, self._weekly), (formas.DAY_OF_RANGE, self._day_of_range), (formas.HOLY, self._holy), (formas.HOLIDAY, self._holiday), (formas.LONG_WEEKEND, self._long_weekend),
            (formas.FEAST, self._feast), (formas.WEEKDAY, self._weekday_said), (formas.DAY_WORDS, self._day_word),
            (formas.WEEK, self._week), (formas.FORTNIGHT, self._fortnight_said),
            (formas.DAY_OF_MONTH, self._day_of_month), (formas.MONTH_ALONE, self._month_alone),
        )  # fmt: skip

    def _is_past(self, match: re.Match[str]) -> bool:
        return lean_of(self._reading, match.start()) == "past"

    def _iso(self, match: re.Match[str]) -> date | datetime | str:
        day = day_of(int(match[1]), int(match[3]), int(match[4]))
        if day is None or not match[5]:
            return day or NO_DAY
        hour, minute = int(match[5]), int(match[6])
        return datetime.combine(day, time(hour, minute), BOGOTA) if hour < 24 and minute < 60 else NO_DAY  # noqa: PLR2004

    def _named(self, match: re.Match[str]) -> date | str | None:
        month = MONTHS[match[2] or match[3]]
        day = _number(match[1]) if match[1] else int(match[4])
        if day is None:
            return None
        if match[5]:
            return day_of(int(match[5]), month, day) or NO_DAY
        return nearest_year(self._today, month, day, lean_of(self._reading, match.start())) or NO_DAY

    def _slashed(self, match: re.Match[str]) -> date | str | None:
        day, month = int(match[1]), int(match[2])
        if match[3]:
            return day_of(_full_year(match[3]), month, day) or NO_DAY
        text, start = self._reading.text, match.start()
        is_said = self._reading.asked == "fecha" or formas.DATE_BEFORE.search(text, max(0, start - _NEAR), start)
        if "/" not in match[0] or month > 12 or (formas.NO_DATE_SLASHED.fullmatch(match[0]) and not is_said):  # noqa: PLR2004
            return None
        return nearest_year(self._today, month, day, lean_of(self._reading, start))

    def _hours(self, match: re.Match[str]) -> datetime | None:
        number = _number(match["number"]) if match["number"] else 0
        unit = 60 if (match["unit"] or "").startswith("h") else 1
        minutes = 30 if match["half"] else 90 if match["more"] else (number or 0) * unit
        # "lo resolvieron en dos horas" tells how long it took.
        if not 0 < minutes <= _MOST_MINUTES or (match["ahead"] and (self._is_past(match) or self._lasted(match))):
            return None
        return self._reading.now + timedelta(minutes=minutes if match["ahead"] else -minutes)

    def _lasted(self, match: re.Match[str]) -> bool:
        """Whether the span tells how long something took, and no moment to come."""
        before = self._reading.text[max(0, match.start() - _CLAUSE) : match.start()]
        return formas.LASTED.search(before) is not None

    def _ago_and_half(self, match: re.Match[str]) -> date:
        if match[1] == "semana":
            return self._today - timedelta(days=10)
        if match[1] == "mes":
            return shift_months(self._today, -1) - timedelta(days=15)
        return shift_months(self._today, -18)

    def _weekly(self, _match: re.Match[str]) -> str:
        return NO_DAY

    def _day_of_range(self, match: re.Match[str]) -> date | str:
        return (
            nearest_year(self._today, MONTHS[match[2]], int(match[1]), lean_of(self._reading, match.start())) or NO_DAY
        )

    def _ago(self, match: re.Match[str]) -> date | None:
        return self._move(match, -1)

    def _ahead(self, match: re.Match[str]) -> date | str | None:
        return NO_DAY if self._lasted(match) else self._move(match, 1)

    def _move(self, match: re.Match[str], sign: int) -> date | None:
        number = _number(match[1])
        if number is None:
            return None
        if match["working"]:
            return move_working_days(self._today, number, sign)
        return move(self._today, number, match[2], sign)

    def _week_from(self, match: re.Match[str]) -> date | None:
        day = move(self._today, _number(match[2]) or 0, "dias", 1)
        return day + timedelta(days=match[1] == "manana") if day else None

    def _month(self, match: re.Match[str]) -> date:
        """Return the first day of the month that is told by its place: this, the last, the next."""
        months = 0 if match["this"] else -1 if match["last"] else -2 if match["before"] else 1
        return shift_months(self._today.replace(day=1), months)

    def _month_relative(self, match: re.Match[str]) -> str:
        return self._month(match).strftime("%Y-%m")

    def _day_of_relative_month(self, match: re.Match[str]) -> date | str | None:
        month, day = self._month(match), _number(match[1])
        return None if day is None else day_of(month.year, month.month, day) or NO_DAY

    def _part_of_month(self, match: re.Match[str]) -> date | None:
        day = 1 if match[1].startswith(("prin", "com", "ini")) else 15 if match[1].startswith("m") else 0
        past = self._is_past(match)
        if match[2]:
            first = nearest_year(self._today, MONTHS[match[2]], 1, "past" if past else "")
        else:
            first = self._today.replace(day=1)
            if day and past != (day < self._today.day) and day != self._today.day:
                first = shift_months(first, -1 if past else 1)
        if first is None or day:
            return first and first.replace(day=day)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])

    def _holy(self, match: re.Match[str]) -> date:
        shift = timedelta(days=formas.HOLY_DAYS[match[0]])
        days = [easter(self._today.year + years) + shift for years in (-1, 0, 1)]
        if self._is_past(match):
            return max(day for day in days if day <= self._today)
        return min(days, key=lambda day: abs((day - self._today).days))

    def _holiday(self, match: re.Match[str]) -> date:
        return holiday(self._today, past=match[0].endswith("pasado") or self._is_past(match))

    def _long_weekend(self, match: re.Match[str]) -> date:
        return long_weekend(self._today, past=match[0].endswith("pasado") or self._is_past(match))

    def _feast(self, match: re.Match[str]) -> date | None:
        return nearest_year(self._today, *formas.FEASTS[match[0]], lean_of(self._reading, match.start()))

    def _weekday_said(self, match: re.Match[str]) -> date | None:
        before, name, after, day, month = match.groups()
        wanted = WEEKDAYS[name]
        if day:
            return self._dated_weekday(wanted, int(day), month, match.start())
        if after and after.startswith("de "):
            return self._weekday_of_week(wanted, after)
        said_past = before in {"pasado", "pasada", "ultimo"} or after in _LAST_WORDS
        if said_past:
            return weekday(self._today, wanted, past=True)
        skip = before == "otro" or after == "en ocho"
        said_future = before in {"proximo", "proxima", "este"} or bool(after) or skip
        return weekday(self._today, wanted, past=not said_future and self._is_past(match), skip_week=skip)

    def _weekday_of_week(self, wanted: int, week: str) -> date:
        """Return the day of this, the last or the next week: "el viernes de la semana que viene"."""
        monday = self._today - timedelta(days=self._today.weekday())
        weeks = 0 if "esta" in week else -1 if "pasada" in week or "anterior" in week else 1
        return monday + timedelta(days=7 * weeks + wanted)

    def _dated_weekday(self, wanted: int, day: int, month: str | None, start: int) -> date | None:
        lean = lean_of(self._reading, start)
        if month:
            return nearest_year(self._today, MONTHS[month], day, lean)
        for distance in (0, 1, -1, 2, -2, 3):
            first = shift_months(self._today.replace(day=1), distance)
            found = day_of(first.year, first.month, day)
            if found and found.weekday() == wanted:
                return found
        return None

    def _day_word(self, match: re.Match[str]) -> date:
        shifts = zip(formas.DAY_SHIFTS, match.groups(), strict=True)
        return self._today + timedelta(days=next(shift for shift, said in shifts if said))

    def _week(self, match: re.Match[str]) -> date:
        monday = self._today - timedelta(days=self._today.weekday())
        if not match["end"]:
            return monday + timedelta(days=-7 if match["last"] else 7 if match["next"] else 0)
        saturday = monday + timedelta(days=5)
        return saturday - timedelta(days=7) if match["gone"] or self._is_past(match) else saturday

    def _fortnight_said(self, match: re.Match[str]) -> date:
        past = match[2] in {"pasada", "anterior"} or self._is_past(match)
        day = fortnight(self._today, past=past)
        return fortnight(day + timedelta(days=1), past=False) if match["other"] and not past else day

    def _day_of_month(self, match: re.Match[str]) -> date | None:
        day = _number(match[1])
        # "el recibo del primero que llegue"
        if day is None or match[0] == "del primero" or not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
            return None
        past = self._is_past(match) and not match[0].startswith(("pal ", "pa ", "para ", "hasta "))
        for shift in (0, -1, -2) if past else (0, 1, 2):
            first = shift_months(self._today.replace(day=1), shift)
            found = day_of(first.year, first.month, day)
            if found and (found <= self._today if past else found >= self._today):
                return found
        return None

    def _month_alone(self, match: re.Match[str]) -> str:
        month = MONTHS[match[1]]
        if match[2]:
            return f"{match[2]}-{month:02d}"
        future = lean_of(self._reading, match.start()) == "future"
        year = self._today.year
        if future:
            year += month < self._today.month
        else:
            year -= month > self._today.month
        return f"{year}-{month:02d}"
