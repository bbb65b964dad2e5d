"""Dates and times relative to the clock: "desde anoche", "el lunes a las 8", "en quince días" (fourteen), "marzo"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from bot.kernel.clock import BOGOTA
from bot.nlu.entities import formas
from bot.nlu.entities.dias import day_of
from bot.nlu.entities.formas import MONTHS
from bot.nlu.entities.found import MOST_THINGS, Lean, Reading
from bot.nlu.entities.hora import AND_TIME, TIME, read_time
from bot.nlu.entities.nombres import is_given
from bot.nlu.entities.sentidos import NO_DAY, Meaning, Meanings, lean_of
from bot.nlu.normalise import fold

_NEAR = 16
_LONGEST_TIME = 40
_NOON = 12
_SMALL_HOURS = 5


def _is_no_date(before: str, said: str, *, is_weekday: bool) -> bool:
    """Whether the words ``before`` make a word of time a name, or a day that comes back always."""
    if formas.RECURRENT_BEFORE.search(before) or (is_weekday and formas.ANY_BEFORE.search(before)):
        return True
    return formas.NO_DATE_BEFORE.search(before) is not None and formas.NO_NAME.match(said) is None


def _is_person_before(before: str) -> bool:
    """Whether a month or a day after these words is a name, or a surname: "me llamo Domingo", "Petrona Julio"."""
    words = before.split()
    return formas.PERSON_BEFORE.search(before) is not None or (bool(words) and is_given(words[-1]))


class _DateReader:
    """Tries every pattern on one message, the most precise first."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._today = reading.today
        self._meanings = Meanings(reading)

    def read(self) -> None:
        reading = self._reading
        for pattern, meaning in self._meanings.in_order():
            for match in islice(pattern.finditer(reading.text), MOST_THINGS):
                if not reading.is_free(match.start(), match.end()):
                    continue
                before = reading.text[max(0, match.start() - _NEAR) : match.start()]
                if formas.PERSON.match(match[0]) and _is_person_before(before):
                    continue
                if _is_no_date(before, match[0], is_weekday=pattern is formas.WEEKDAY):
                    reading.refuse(match.start(), match.end())
                    continue
                self._keep(meaning(match), match)
        self._times_alone()

    def _keep(self, value: Meaning, match: re.Match[str]) -> None:
        if isinstance(value, datetime):
            value = value.isoformat(timespec="minutes")
        elif isinstance(value, date):
            self._keep_with_time(value, match)
            return
        if value == NO_DAY:
            self._reading.refuse(match.start(), match.end())
        elif value:
            self._reading.add("fecha", value, match.start(), match.end())

    def _keep_with_time(self, day: date, match: re.Match[str]) -> None:
        """Join a time that stands beside the date: "el lunes a las 8", "anoche como a las 11", "hoy entre las 2 y las 4"."""
        reading = self._reading
        night = match[0].startswith(("anoche", "a noche", "antenoche", "antes de anoche", "anteanoche"))
        about = re.match(r" (?:como|tipo|a eso|mas o menos)(?= )", reading.text[match.end() : match.end() + _NEAR])
        after = TIME.match(reading.text, match.end() + (about.end() if about else 0))
        if after and reading.is_free(*after.span()):
            second, moments = self._pair(after, at_night=night)
            if moments[0]:
                small = night and moments[0].hour < _SMALL_HOURS
                self._add_moment(day + timedelta(days=small), moments[0], match.start(), after.end())
                if second and moments[1]:
                    self._add_moment(day, moments[1], second.start() + len(" y "), second.end())
                return
        if not self._joined_before(day, match, night=night):
            reading.add("fecha", day.isoformat(), match.start(), match.end())

    def _joined_before(self, day: date, match: re.Match[str], *, night: bool) -> bool:
        """Join a time that stands before the date: "desde las 11:20 de anoche", "a las 8 del lunes"."""
        text = self._reading.text
        end = next(
            (match.start() - len(lead) for lead in (" de ", " del ") if text.endswith(lead, 0, match.start())), 0
        )
        begin = max(0, end - _LONGEST_TIME)
        before = (
            next((time for time in TIME.finditer(text[begin:end]) if begin + time.end() == end), None) if end else None
        )
        moment = read_time(before, at_night=night) if before else None
        if before is None or moment is None:
            return False
        start = begin + before.start() + len(before[0]) - len(before[0].lstrip(" ,"))
        small = night and moment.hour < _SMALL_HOURS
        self._add_moment(day + timedelta(days=small), moment, start, match.end())
        return True

    def _pair(
        self, match: re.Match[str], *, at_night: bool = False
    ) -> tuple[re.Match[str] | None, tuple[time | None, time | None]]:
        """Return the second time of "entre las 2 y las 4 de la tarde", if there is one, and both moments."""
        first = read_time(match, at_night=at_night)
        if "entre " not in match[0]:
            return None, (first, None)
        second = AND_TIME.match(self._reading.text, match.end())
        moment = read_time(second, at_night=at_night) if second else None
        # "entre las 8 y las 10 de la noche": the half of the day is said once.
        if first and moment and not match["half"] and first.hour + _NOON < moment.hour:
            first = first.replace(hour=first.hour + _NOON)
        return second, (first, moment)

    def _add_moment(self, day: date, moment: time, start: int, end: int) -> None:
        value = datetime.combine(day, moment, BOGOTA)
        self._reading.add("fecha", value.isoformat(timespec="minutes"), start, end)

    def _times_alone(self) -> None:
        reading = self._reading
        is_always = formas.EVERY.search(reading.text) is not None
        for match in islice(TIME.finditer(reading.text), MOST_THINGS):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" ,"))
            before = reading.text[max(0, start - _NEAR) : start]
            if not reading.is_free(start, match.end()) or is_always or formas.OPENING.search(before):
                continue
            second, moments = self._pair(match)
            if moments[0]:
                self._add_moment(self._day_of_time(moments[0], start), moments[0], start, match.end())
            if second and moments[1]:
                day = self._day_of_time(moments[1], start)
                self._add_moment(day, moments[1], second.start() + len(" y "), second.end())

    def _day_of_time(self, moment: time, start: int) -> date:
        lean = lean_of(self._reading, start)
        now = self._reading.now.time()
        if lean == "past" and moment > now:
            return self._today - timedelta(days=1)
        if lean == "future" and moment < now:
            return self._today + timedelta(days=1)
        return self._today


def read(reading: Reading) -> None:
    """Find ``fecha``: an ISO date, a month (``YYYY-MM``), or a moment with the offset of Bogotá."""
    _DateReader(reading).read()


#: A day that is told by its number in a month or with two marks; the year may be missing.
_DAY_AND_MONTH = re.compile(
    rf"\b(\d{{1,2}}) ?(?:de |/ ?|- ?)({formas.MONTH}|\d{{1,2}})\b(?:(?: de | del |/|-)(20\d\d))?"
)
_LEAP = 2024


@lru_cache(maxsize=16)
def names_no_day(folded: str) -> bool:
    """Return whether ``folded`` names a day that no calendar has: «31 de febrero», «el 45 de marzo», «30/02»."""
    for match in _DAY_AND_MONTH.finditer(folded):
        month = MONTHS.get(match[2]) or (int(match[2]) if match[2].isdigit() else 0)
        if day_of(int(match[3] or _LEAP), month, int(match[1])) is None:
            return True
    return False


def read_date(text: str, now: datetime, lean: Lean = "") -> str | None:
    """Read the one date that ``text`` says, as ISO (a moment when an hour was said); None when there is none.

    What the rules do not know is offered to dateparser, if it is short and names a day and a month.
    """
    reading = Reading(text, fold(text), now.astimezone(BOGOTA), "fecha", lean)
    if names_no_day(reading.folded.text):
        return None
    read(reading)
    dates = [entity for entity in reading.found if entity.name == "fecha"]
    if dates:
        return str(dates[0].value)
    bare = re.fullmatch(r"\D{0,12}(\d\d?)\D{0,8}", reading.text.strip())
    if bare and re.fullmatch(r"(?:el |dia |el dia |los |para el )*\d\d?(?: de cada mes)?[ .!]*", reading.text.strip()):
        return read_date(f"el {bare[1]}", now, lean) if "el " not in reading.text else None
    return _ask_dateparser(reading.text, now)


def _ask_dateparser(text: str, now: datetime) -> str | None:
    if len(text) > 40 or not re.search(r"\d", text) or not re.search(r"[a-z/]", text):  # noqa: PLR2004
        return None
    import dateparser

    found = dateparser.parse(
        text,
        languages=["es"],
        settings={
            "RELATIVE_BASE": now.astimezone(BOGOTA).replace(tzinfo=None),
            "DATE_ORDER": "DMY",
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return found.date().isoformat() if found else None
