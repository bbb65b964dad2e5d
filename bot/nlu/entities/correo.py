"""E-mail addresses, also spoken ones: "persona arroba gmail punto com"."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold
from bot.nlu.numbers import NUMBER_WORD, leading_number

_SIGNS = (
    ("raya al piso", "_"),
    ("guion bajo", "_"),
    ("guion", "-"),
    ("raya", "_"),
    ("punto", "."),
)
#: Endings that are known without a point before them, as many dictate and some mistype: "gmail com", "gmail,com".
_KNOWN = r"(?:com|co|net|org|es|edu|gov)(?![\w-])"
_PART = r"[\w.+-]{1,64}"
_MAIL = re.compile(
    rf"(?<![\w.+-])(?P<name>{_PART}(?: (?:{'|'.join(said for said, _ in _SIGNS)}) {_PART}){{0,4}})"
    rf"(?:(?P<count>(?: (?:{NUMBER_WORD})\b){{0,3}}) arroba | ?@ ?| ?\(arroba\) ?)"
    r"(?P<host>[a-z0-9-]{1,63})"
    rf"(?P<ending>(?:\.[a-z0-9-]{{1,63}}| punto [a-z]{{2,12}}(?![\w-])|[, ]{_KNOWN}){{1,4}})(?![\w-])"
)


def _spelled(name: str) -> str:
    """Write what was dictated before the "arroba": signs by their names, numbers by their words."""
    written, words = "", name
    for said, sign in _SIGNS:
        words = words.replace(f" {said} ", sign)
    pieces = words.split()
    while pieces:
        number = leading_number(pieces) if written else None
        written += str(number[0]) if number else pieces[0]
        pieces = pieces[number[1] if number else 1 :]
    return written


def read(reading: Reading) -> None:
    """Find ``correo``; the value is in lower case without spaces."""
    if "@" not in reading.text and "arroba" not in reading.text:
        return
    for match in _MAIL.finditer(reading.text):
        ending = re.sub(r" punto |[, ]", ".", match["ending"])
        reading.add(
            "correo", f"{_spelled(match['name'] + (match['count'] or ''))}@{match['host']}{ending}", *match.span()
        )


def read_email(text: str) -> str | None:
    """Return the one e-mail address that ``text`` says, or None."""
    reading = Reading(text, fold(text), datetime.min.replace(tzinfo=UTC))
    read(reading)
    return str(reading.found[0].value) if len(reading.found) == 1 else None
