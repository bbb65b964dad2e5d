"""Times of the day: "a las 8", "3 y media de la tarde", "8:30 p. m.", "al mediodía"."""

from __future__ import annotations

import re
from datetime import time

from bot.nlu.cued import Cued
from bot.nlu.numbers import words_to_int

_HOUR_WORDS = "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce"
_HALF = (
    r"(?: ?(?P<half>a\.? ?m\.?(?![a-z])|p\.? ?m\.?(?![a-z])|m\.(?![a-z])|de la (?:manana|tarde|noche|madrugada)|"
    r"en la (?:manana|tarde|noche)|por la (?:manana|tarde|noche)|del dia|del medio ?dia))?"
)
_PART = r"(?:,? ?(?:en|por|de) la (?P<part>manana|tarde|noche|madrugada))?"


def _time(leads: str) -> Cued:
    """Return the pattern of a time with the words that may lead to it."""
    return Cued(
        rf"{_PART}[, ]{{0,3}}(?:"
        rf"\b(?:{leads}) (?:eso de )?las? (?P<hour>\d\d?|{_HOUR_WORDS})(?![\d/])"
        r"(?:[:.h](?P<minute>\d\d)| y (?P<words>media|cuarto|pico|diez|veinte|cinco|quince))?"
        rf"(?: en punto)?{_HALF}"
        r"|\b(?P<clock>\d\d?):(?P<past>\d\d)(?::\d\d)?(?!\d)"
        r"(?: ?(?P<clock_half>a\.? ?m\.?(?![a-z])|p\.? ?m\.?(?![a-z])|de la (?:manana|tarde|noche)))?"
        r"|\b(?P<plain>\d\d?) ?(?P<plain_half>a\.? ?m\.?(?![a-z])|p\.? ?m\.?(?![a-z])|de la (?:manana|tarde|noche|madrugada))"
        r"|\b(?:al |a )(?P<noon>medio ?dia)|\b(?:a (?:la )?)(?P<midnight>media ?noche))",
        "la|:|m",
    )


#: A time, perhaps after a part of the day ("por la noche a las 8"); matched right after a date or alone.
TIME = _time(r"a|son|eran|desde|hacia|como a|tipo|sobre|hasta|entre(?= las? [\w:. ]{1,24} y )|despues de|antes de")
#: The second of two: "entre las 2 y las 4 de la tarde".
AND_TIME = _time("y|a|hasta")
_MINUTES = {"media": 30, "cuarto": 15, "quince": 15, "diez": 10, "veinte": 20, "cinco": 5, "pico": 0}
_LAST_MORNING_GUESS = 5
_NOON = 12


def _hour(words: str) -> int:
    return int(words) if words.isdecimal() else words_to_int((words,)) or 0


def _on_the_clock(hour: int, half: str, *, at_night: bool) -> int | None:
    """Return the hour of 24, guessing the half of the day people mean when they do not say it."""
    if hour > _NOON or hour == 0:
        return hour if hour < 24 and not half.startswith("a") else None  # noqa: PLR2004 - hours of a day
    is_evening = half.startswith("p") or "tarde" in half or "noche" in half
    is_morning = half.startswith("a") or "manana" in half or "madrugada" in half
    if half.startswith("m") or "medio" in half or "dia" in half:
        is_evening = True
    if not is_evening and not is_morning:
        # The small hours of a night are its own: "anoche a las 2".
        small = hour < _LAST_MORNING_GUESS
        is_evening = not small if at_night else hour <= _LAST_MORNING_GUESS or hour == _NOON
        if at_night and hour == _NOON:
            return 0
    if "noche" in half and hour == _NOON:
        return 0
    return hour % _NOON + (_NOON if is_evening else 0)


def read_time(match: re.Match[str], *, at_night: bool = False) -> time | None:
    """Return the time of a match of ``TIME``; ``at_night`` says that the words before it spoke of a night."""
    part = match["part"] or ""
    at_night = at_night or part == "noche"
    if match["noon"]:
        return time(_NOON)
    if match["midnight"]:
        return time(0)
    if match["clock"]:
        hour, minute, half = int(match["clock"]), int(match["past"]), match["clock_half"] or part
        if not half and not at_night:
            return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a clock
    elif match["plain"]:
        hour, minute, half = int(match["plain"]), 0, match["plain_half"]
    else:
        hour, half = _hour(match["hour"]), match["half"] or part
        minute = int(match["minute"]) if match["minute"] else _MINUTES.get(match["words"] or "", 0)
    clock = _on_the_clock(hour, half, at_night=at_night)
    return time(clock, minute) if clock is not None and minute < 60 else None  # noqa: PLR2004 - minutes of an hour
