"""How many instalments: "a 6 cuotas", "en seis meses", "media docena", "año y medio"."""

from __future__ import annotations

import re

from bot.nlu.cued import Cued
from bot.nlu.entities.found import Reading
from bot.nlu.numbers import leading_number, read_count

#: More instalments than this are a slip of the finger.
MOST = 120

_NEAR = 16

_WORDS = r"(?:\d{1,3}|[a-z]+(?: y [a-z]+)?)"
_NOUNS = r"[ckq]uotas?|cuot[ai][tc][ai]s?|cuoticas?|cuotitas?|coutas?|mensualidad(?:es)?|pagos|contados|quincenas"
_COUNTED = Cued(rf"\b({_WORDS}) (?:{_NOUNS})\b", "uot|cout|mensualidad|pagos|contados|quincenas")
_DOZEN = Cued(r"\b(media|una|1/2) docena\b(?: de (?:[ck]uotas|pagos|meses))?", " docena")
_PAYING = Cued(
    r"\b(?:cuotas?|difer\w+|difier\w+|financi\w+|refinanci\w+|(?<!mutuo )(?<!comun )acuerdo|convenio|arreglo|plazos?|pagar\w*|pago|abon\w+|deuda|"
    r"debo|debemos|divid\w*|distribu\w+|partir\w*|parten|partan|sald\w+|resto|al dia)\b",
    "cuota|dif|financi|acuerdo|convenio|arreglo|plazo|pag|abon|deuda|deb|divid|distribu|part|sald|resto|al dia",
)
#: Spans and pieces that count payments only where paying is spoken of.
_MONTHS = Cued(
    rf"\b(?:a|en|por|durante|plazo de|acuerdo de|convenio de) (?:({_WORDS}) mes(?:es)?\b|(un ano|medio ano|ano y medio)\b|({_WORDS}) anos\b)",
    "mes|ano",
)
_PIECES = Cued(
    rf"\b(?:en ({_WORDS}) (?:partes|veces|tandas|abonos)|({_WORDS}) (?:pedasitos?|pedacitos?|pedazos|partecitas))\b",
    "parte|veces|tandas|abonos|peda",
)
_BARE = Cued(
    r"\b(?:acuerdo|convenio|arreglo|divid\w+|difer\w+|difier\w+|part(?:an|en|ir)\w*|financi\w+|refinanci\w+|plazos?)[^.;\d]{0,20}? "
    r"(?:a|en) (\d{1,2}|[a-z]{3,12})(?=\W{0,3}\Z|[,;?!]|\s(?:se|si|y|por|porque|no|le|para|pa)\b)",
    "acuerdo|convenio|arreglo|divid|dif|part|financi|plazo",
)
#: "el arreglo que hice, eran 10", "en el recibo salen 9".
_TOLD = Cued(
    r"\b(?:cuotas?|acuerdo|arreglo|convenio)\b[^.;]{0,60}\b(?:eran|son|fueron|salen|serian) (\d{1,2})(?=\W{0,3}\Z|[,;?!])",
    "cuota|acuerdo|arreglo|convenio",
)
#: "a 6 meses o a 8": the second number has the noun of the first.
_ANOTHER = re.compile(rf"\W? (?:o|u|y)(?: a| en)? ({_WORDS})(?=\W{{0,3}}\Z|[,;?!])")
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
    """Find ``cuotas``; months, years and parts count when the message, or the question, is about paying in parts."""
    for match in _COUNTED.finditer(reading.text):
        number = _count(match[1])
        # "una cuota muy alta" tells of one, "la 4 cuota" is the fourth: neither offers to pay in so many.
        before = reading.text[max(0, match.start() - _NEAR) : match.start()]
        is_told = before.endswith(" la ") or (number == 1 and not re.search(r"(?<!\w[ae] )\b(?:a|en|de) \Z", before))
        if _is_credible(number) and not (is_told and reading.asked != "cuotas"):
            start = match.end(1) - len(_last_number(match[1]))
            _add(reading, number, start, match.end())
    for match in _DOZEN.finditer(reading.text):
        reading.add("cuotas", 6 if match[1] != "una" else 12, match.start(), match.end())
    if reading.asked != "cuotas" and not _PAYING.search(reading.text):
        return
    for match in _MONTHS.finditer(reading.text):
        years = _count(match[3]) if match[3] else None
        number = _YEARS[match[2]] if match[2] else years * 12 if years else _count(match[1] or "")
        _add(reading, number, match.start(), match.end())
    for pattern in (_PIECES, _BARE, _TOLD):
        for match in pattern.finditer(reading.text):
            group = match.lastindex or 1
            _add(reading, _count(match[group]), match.start(group), match.end())


def _add(reading: Reading, number: int | None, start: int, end: int) -> None:
    """Keep a credible number of instalments, and the one that shares its noun ("6 meses o a 8")."""
    if not _is_credible(number) or not reading.add("cuotas", number, start, end):
        return
    another = _ANOTHER.match(reading.text, end)
    other = _count(another[1]) if another else None
    if another and _is_credible(other):
        reading.add("cuotas", other, another.start(1), another.end(1))


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
    text = re.sub(rf"\s*(?:{_NOUNS}|mes(?:es)?|por favor)\b", "", text).strip()
    if text in _YEARS:
        return _YEARS[text]
    years = re.fullmatch(rf"({_WORDS}) anos", text)
    number = read_count(years[1]) if years else read_count(text)
    number = number * 12 if years and number is not None else number
    return int(number) if number is not None and number == int(number) and _is_credible(int(number)) else None
