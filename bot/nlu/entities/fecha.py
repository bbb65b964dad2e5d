"""Dates and times relative to the clock: "desde anoche", "el lunes a las 8", "en quince días" (fourteen), "marzo"."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from itertools import islice

from bot.kernel.clock import BOGOTA
from bot.nlu.entities.dias import UNITS, day_of, fortnight, move, nearest_year, shift_months, weekday
from bot.nlu.entities.found import MOST_THINGS, Lean, Reading
from bot.nlu.entities.hora import TIME, read_time
from bot.nlu.normalise import fold
from bot.nlu.numbers import leading_number

_MONTHS = {
    "enero": 1, "ene": 1, "febrero": 2, "feb": 2, "marzo": 3, "mar": 3, "abril": 4, "abr": 4, "mayo": 5, "may": 5,
    "junio": 6, "jun": 6, "julio": 7, "jul": 7, "agosto": 8, "ago": 8, "septiembre": 9, "setiembre": 9, "sept": 9,
    "sep": 9, "octubre": 10, "oct": 10, "noviembre": 11, "nov": 11, "diciembre": 12, "dic": 12, "febreo": 2,
    "diciembe": 12, "octuvre": 10, "novienbre": 11, "disiembre": 12, "septienbre": 9,
}  # fmt: skip
_LONGEST_ABBREVIATION = 4
_LONG_MONTHS = tuple(name for name in _MONTHS if len(name) > _LONGEST_ABBREVIATION)
_WEEKDAYS = {
    "lunes": 0, "martes": 1, "miercoles": 2, "mircoles": 2, "miercole": 2, "jueves": 3, "juebes": 3, "viernes": 4,
    "biernes": 4, "sabado": 5, "savado": 5, "domingo": 6, "dominngo": 6, "lune": 0,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_LONG = "|".join(sorted((*_LONG_MONTHS, "mayo", "julio", "junio", "abril"), key=len, reverse=True))
_DAY_NAME = "|".join(_WEEKDAYS)
_NUMBER = r"\d{1,3}|[a-z]+(?: y [a-z]+)?"
_PAST = re.compile(
    r"\b(?:desde|hace|paso|pasad[oa]s?|fue|llevo|llevamos|lleva|vino|vinieron|llego|llegaba|se fue|quitaron|cortaron|estaba|"
    r"hubo|habia|pague|pago el|consigne|radique|puse|hice|dejaron|quedamos|quede|empezo|anterior|vencida)\b"
)
_FUTURE = re.compile(
    r"\b(?:para|pagaria|pagare|pago|pagar|puedo|podria|vienen?|vendran?|proxim[oa]s?|entrante|siguiente|hasta|voy a|van a|"
    r"cuando vuelve|vuelve|llega el|programad[oa]|vence|plazo|sera|habra)\b"
)

_ISO = re.compile(r"\b(20\d\d)-(\d\d?)-(\d\d?)(?:[t ](\d\d):(\d\d)(?::\d\d)?(?:-05:?00|z)?)?\b")
_SLASHED = re.compile(r"(?<![\d/.-])(\d\d?)\s?[/.-]\s?(\d\d?)(?:\s?[/.-]\s?(\d{4}|\d\d))?(?![\d/-])")
_NAMED = re.compile(
    rf"\b(?:(\d\d?|[a-z]+(?: y [a-z]+)?)(?:ro|ero|o)? (?:de |del mes de |d )?({_MONTH})\b|({_MONTH_LONG}) (\d\d?)\b(?!:))"
    r"\.?(?: ?,? ?(?:de |del |del ano )?(20\d\d)\b)?"
)
_MONTH_ALONE = re.compile(rf"\b({_MONTH_LONG})\b(?: ?,? ?(?:de |del |del ano )?(20\d\d)\b)?")
_MONTH_RELATIVE = re.compile(
    r"\b(?:(este mes|mes actual|mes en curso)|(mes pasado|mes anterior|ultimo mes)|(mes antepasado)|"
    r"(proximo mes|mes que viene|mes entrante|otro mes|mes siguiente|mes proximo))\b"
)
_AGO = re.compile(
    rf"\bhace (?:como |unos |unas |mas de |ya |casi |aproximadamente )*({_NUMBER}) ({'|'.join(UNITS)})\b(?: atras)?"
)
_BACK = re.compile(rf"\b({_NUMBER}) ({'|'.join(UNITS)}) atras\b")
_LASTING = re.compile(
    rf"\b(?:llevo|llevamos|lleva|van|ya van|vamos para|completo|completamos) (?:como |ya |mas de |casi )*({_NUMBER}) (dias|semanas)\b"
)
_AHEAD = re.compile(
    rf"\b(?:en|dentro de|de hoy en|de aqui a|de aca a|a los|en unos|a) ({_NUMBER}) (dias|semanas?|mes(?:es)?)\b|\bde hoy en (ocho|8|quince|15)\b"
)
_DAY_WORDS = re.compile(
    r"\b(?:(pasado manana)|(antes de anoche|antenoche|anteanoche|antier en la noche)|"
    r"(antes de ayer|anteayer|antier|antiayer|antiyer|ante ayer|antes d ayer)|(anoche|a noche|ayer noche)|(ayer|aller|ayier)|"
    r"(hoy(?: mismo| dia)?|ahorita mismo|esta (?:manana|tarde|noche|madrugada)|oy)|"
    r"((?<!la )(?<!por la )(?<!de la )(?<!en la )(?<!esa )manana))\b"
)
_WEEKDAY = re.compile(
    rf"\b(?:(pr[o0]ximo|proxima|pasado|pasada|este|otro|ultimo) )?({_DAY_NAME})\b"
    r"(?: (pasado|anterior|que paso|que viene|que entra|entrante|proximo|siguiente|en ocho|de la proxima semana|de la semana (?:entrante|que viene|pasada)))?"
    rf"(?:,? (\d\d?)(?: de ({_MONTH}))?\b(?! ?(?::|am|pm|a\.|p\.|de la (?:manana|tarde|noche))))?"
)
_DAY_OF_MONTH = re.compile(
    r"\b(?:el|del|dia|desde el|para el|hasta el) (?:dia )?(\d\d?|primero|treinta|quince|veinte|diez|cinco|ocho|doce|veinticinco|treinta y uno)\b(?! ?(?:de |mil|palos?|lucas|%|cuotas?|:|\d|[#,.]\d|k\b|am\b|pm\b))"
)
_FORTNIGHT = re.compile(
    r"\b(?:(?:la |otra |proxima |esta |de ){1,3})?(?:quincena|kincena|quinsena|quisena)(?: (pasada|anterior|que viene|entrante))?\b"
)
_WEEK = re.compile(
    r"\b(?:(semana pasada|semana anterior)|(proxima semana|semana que viene|semana entrante|otra semana|semana siguiente|semana proxima)|"
    r"(fin de mes|final de mes|finales de mes|fines de mes)|(fin de semana))\b"
)


def _number(words: str) -> int | None:
    if words.isdecimal():
        return int(words)
    if words in {"primero", "primer"}:
        return 1
    parts = words.split()
    found = leading_number(parts)
    return found[0] if found and found[1] == len(parts) else None


def _lean_of(reading: Reading, start: int) -> Lean:
    if reading.lean:
        return reading.lean
    before = reading.text[max(0, start - 40) : start]
    past = list(_PAST.finditer(before))
    future = list(_FUTURE.finditer(before))
    if past and (not future or past[-1].end() >= future[-1].end()):
        return "past"
    if future:
        return "future"
    if _PAST.search(reading.text) and not _FUTURE.search(reading.text):
        return "past"
    return ""


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)  # noqa: PLR2004 - "26" is 2026


class _DateReader:
    """Tries every pattern on one message, the most precise first."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._today = reading.today

    def read(self) -> None:
        reading = self._reading
        for pattern, meaning in (
            (_ISO, self._iso), (_NAMED, self._named), (_SLASHED, self._slashed), (_AGO, self._ago), (_BACK, self._ago),
            (_LASTING, self._ago), (_AHEAD, self._ahead), (_MONTH_RELATIVE, self._month_relative),
            (_WEEKDAY, self._weekday_said), (_DAY_WORDS, self._day_word), (_WEEK, self._week),
            (_FORTNIGHT, self._fortnight_said), (_DAY_OF_MONTH, self._day_of_month),
            (_MONTH_ALONE, self._month_alone),
        ):  # fmt: skip
            for match in islice(pattern.finditer(reading.text), MOST_THINGS):
                if not reading.is_free(match.start(), match.end()):
                    continue
                value = meaning(match)
                if isinstance(value, date) and not isinstance(value, datetime):
                    self._keep_with_time(value, match)
                elif isinstance(value, datetime):
                    reading.add("fecha", value.isoformat(timespec="minutes"), match.start(), match.end())
                elif value:
                    reading.add("fecha", value, match.start(), match.end())
        self._times_alone()

    def _keep_with_time(self, day: date, match: re.Match[str]) -> None:
        """Join a time that stands beside the date: "el lunes a las 8", "a las 8 de anoche"."""
        reading = self._reading
        night = match[0].startswith(("anoche", "antenoche", "antes de anoche", "anteanoche"))
        after = TIME.match(reading.text, match.end())
        if after and reading.is_free(*after.span()):
            moment = read_time(after, at_night=night)
            if moment:
                value = datetime.combine(day, moment, BOGOTA)
                reading.add("fecha", value.isoformat(timespec="minutes"), match.start(), after.end())
                return
        reading.add("fecha", day.isoformat(), match.start(), match.end())

    def _times_alone(self) -> None:
        reading = self._reading
        for match in islice(TIME.finditer(reading.text), MOST_THINGS):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" ,"))
            if not reading.is_free(start, match.end()):
                continue
            moment = read_time(match)
            if moment:
                day = self._day_of_time(moment, start)
                value = datetime.combine(day, moment, BOGOTA)
                reading.add("fecha", value.isoformat(timespec="minutes"), start, match.end())

    def _day_of_time(self, moment: time, start: int) -> date:
        lean = _lean_of(self._reading, start)
        now = self._reading.now.time()
        if lean == "past" and moment > now:
            return self._today - timedelta(days=1)
        if lean == "future" and moment < now:
            return self._today + timedelta(days=1)
        return self._today

    def _iso(self, match: re.Match[str]) -> date | datetime | None:
        day = day_of(int(match[1]), int(match[2]), int(match[3]))
        if day is None or not match[4]:
            return day
        hour, minute = int(match[4]), int(match[5])
        return datetime.combine(day, time(hour, minute), BOGOTA) if hour < 24 and minute < 60 else None  # noqa: PLR2004

    def _named(self, match: re.Match[str]) -> date | str | None:
        month = _MONTHS[match[2] or match[3]]
        day = _number(match[1]) if match[1] else int(match[4])
        if day is None:
            return None
        if match[5]:
            return day_of(int(match[5]), month, day)
        return nearest_year(self._today, month, day, _lean_of(self._reading, match.start()))

    def _slashed(self, match: re.Match[str]) -> date | None:
        day, month = int(match[1]), int(match[2])
        if match[3]:
            return day_of(_full_year(match[3]), month, day)
        if "/" not in match[0]:
            return None
        return nearest_year(self._today, month, day, _lean_of(self._reading, match.start())) if month <= 12 else None  # noqa: PLR2004

    def _ago(self, match: re.Match[str]) -> date | None:
        number = _number(match[1])
        return move(self._today, number, match[2], -1) if number is not None else None

    def _ahead(self, match: re.Match[str]) -> date | None:
        if match[3]:
            number = _number(match[3])
            return move(self._today, number, "dias", 1) if number else None
        number = _number(match[1])
        return move(self._today, number, match[2], 1) if number is not None else None

    def _month_relative(self, match: re.Match[str]) -> str:
        months = 0 if match[1] else -1 if match[2] else -2 if match[3] else 1
        return shift_months(self._today.replace(day=1), months).strftime("%Y-%m")

    def _weekday_said(self, match: re.Match[str]) -> date | None:
        before, name, after, day, month = match.groups()
        wanted = _WEEKDAYS[name]
        if day:
            return self._dated_weekday(wanted, int(day), month, match.start())
        said_past = before in {"pasado", "pasada", "ultimo"} or after in {
            "pasado",
            "anterior",
            "que paso",
            "de la semana pasada",
        }
        if said_past:
            return weekday(self._today, wanted, past=True)
        skip = before == "otro" or after == "en ocho"
        said_future = before in {"proximo", "proxima"} or bool(after) or skip
        is_past = not said_future and _lean_of(self._reading, match.start()) == "past"
        return weekday(self._today, wanted, past=is_past, skip_week=skip)

    def _dated_weekday(self, wanted: int, day: int, month: str | None, start: int) -> date | None:
        lean = _lean_of(self._reading, start)
        if month:
            return nearest_year(self._today, _MONTHS[month], day, lean)
        for distance in (0, 1, -1, 2, -2, 3):
            first = shift_months(self._today.replace(day=1), distance)
            found = day_of(first.year, first.month, day)
            if found and found.weekday() == wanted:
                return found
        return None

    def _day_word(self, match: re.Match[str]) -> date:
        shifts = (2, -2, -2, -1, -1, 0, 1)
        return self._today + timedelta(
            days=next(shift for shift, said in zip(shifts, match.groups(), strict=True) if said)
        )

    def _week(self, match: re.Match[str]) -> date:
        monday = self._today - timedelta(days=self._today.weekday())
        if match[1]:
            return monday - timedelta(days=7)
        if match[2]:
            return monday + timedelta(days=7)
        if match[3]:
            return self._today.replace(day=calendar.monthrange(self._today.year, self._today.month)[1])
        saturday = monday + timedelta(days=5)
        return saturday - timedelta(days=7) if _lean_of(self._reading, match.start()) == "past" else saturday

    def _fortnight_said(self, match: re.Match[str]) -> date:
        past = match[1] in {"pasada", "anterior"} or _lean_of(self._reading, match.start()) == "past"
        return fortnight(self._today, past=past)

    def _day_of_month(self, match: re.Match[str]) -> date | None:
        day = _number(match[1])
        if day is None or not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
            return None
        lean = _lean_of(self._reading, match.start())
        shifts = (0, -1, -2) if lean == "past" else (0, 1, 2)
        for shift in shifts:
            first = shift_months(self._today.replace(day=1), shift)
            found = day_of(first.year, first.month, day)
            if found and (found <= self._today if lean == "past" else found >= self._today):
                return found
        return None

    def _month_alone(self, match: re.Match[str]) -> str:
        month = _MONTHS[match[1]]
        if match[2]:
            return f"{match[2]}-{month:02d}"
        future = _lean_of(self._reading, match.start()) == "future"
        year = self._today.year
        if future:
            year += month < self._today.month
        else:
            year -= month > self._today.month
        return f"{year}-{month:02d}"


def read(reading: Reading) -> None:
    """Find ``fecha``: an ISO date, a month (``YYYY-MM``), or a moment with the offset of Bogotá."""
    _DateReader(reading).read()


#: A day that is told by its number in a month or with two marks; the year may be missing.
_DAY_AND_MONTH = re.compile(rf"\b(\d{{1,2}}) ?(?:de |/ ?|- ?)({_MONTH}|\d{{1,2}})\b(?:(?: de | del |/|-)(20\d\d))?")
_LEAP = 2024


def names_no_day(folded: str) -> bool:
    """Return whether ``folded`` names a day that no calendar has: «31 de febrero», «el 45 de marzo», «30/02»."""
    for match in _DAY_AND_MONTH.finditer(folded):
        month = _MONTHS.get(match[2]) or (int(match[2]) if match[2].isdigit() else 0)
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
