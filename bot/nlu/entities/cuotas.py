"""How many instalments: "a 6 cuotas", "en seis meses", "media docena"."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Reading
from bot.nlu.numbers import leading_number, read_count

#: More instalments than this are a slip of the finger.
MOST = 120

_WORDS = r"(?:\d{1,3}|[a-z]+(?: y [a-z]+)?)"
_COUNTED = re.compile(
    rf"\b({_WORDS}) (?:cuotas?|cuotitas?|coutas?|quotas?|cuoticas?|mensualidades|pagos|contados|quincenas)\b"
)
_DOZEN = re.compile(r"\b(media|una|1/2) docena\b(?: de (?:cuotas|pagos|meses))?")
_PAYING = re.compile(
    r"\b(?:cuotas?|difer\w+|financi\w+|refinanci\w+|acuerdo|convenio|plazos?|pagar\w*|pago|abon\w+|deuda|debo|dividir\w*)\b"
)
_MONTHS = re.compile(rf"\b(?:a|en|por|durante) ({_WORDS}) mes(?:es)?\b|\b(?:a|en|por) (un ano|medio ano|ano y medio)\b")
_YEARS = {"un ano": 12, "medio ano": 6, "ano y medio": 18}


def _count(words: str) -> int | None:
    if words.isdecimal():
        return int(words)
    parts = words.split()
    for first in range(len(parts)):
        found = leading_number(parts[first:])
        if found and first + found[1] == len(parts):
            return found[0]
    return None


def _is_credible(number: int | None) -> bool:
    return number is not None and 1 <= number <= MOST


def read(reading: Reading) -> None:
    """Find ``cuotas``; months count when the message, or the question before it, is about paying in parts."""
    for match in _COUNTED.finditer(reading.text):
        number = _count(match[1])
        if _is_credible(number):
            start = match.end(1) - len(_last_number(match[1]))
            reading.add("cuotas", number, start, match.end())
    for match in _DOZEN.finditer(reading.text):
        reading.add("cuotas", 6 if match[1] != "una" else 12, match.start(), match.end())
    if reading.asked == "cuotas" or _PAYING.search(reading.text):
        for match in _MONTHS.finditer(reading.text):
            number = _YEARS[match[2]] if match[2] else _count(match[1])
            if _is_credible(number):
                reading.add("cuotas", number, match.start(), match.end())


def _last_number(words: str) -> str:
    """Return the end of ``words`` that is a number: "pagar seis" gives "seis"."""
    parts = words.split()
    for first in range(len(parts)):
        if _count(" ".join(parts[first:])) is not None:
            return " ".join(parts[first:])
    return words


def read_instalments(text: str) -> int | None:
    """Read the whole of a folded ``text`` as a number of instalments (1 to ``MOST``), or None."""
    text = re.sub(r"\A(?:a|en|por|de|unas?|como|serian|son|pues|mejor)\s+", "", text.strip(" .!?¿¡"))
    text = re.sub(
        r"\s*(?:cuotas?|cuotitas?|cuoticas?|coutas?|mensualidades|pagos|mes(?:es)?|quincenas|por favor)\b", "", text
    )
    if text.strip() in _YEARS:
        return _YEARS[text.strip()]
    number = read_count(text)
    return int(number) if number is not None and number == int(number) and _is_credible(int(number)) else None
