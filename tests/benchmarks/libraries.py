"""Public libraries reading expressions as they come, told only that the language is Spanish and the country Colombia."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.nlu.expressions import Expression
from tests.nlu.world import NOW

_DIGITS = re.compile(r"\d[\d.,' ]*\d|\d")


def _dates(row: Expression) -> list[Any]:
    """Read with dateparser: days, and moments where an hour was said; months alone are counted by their month."""
    from dateparser.search import search_dates

    settings: dict[str, Any] = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "DATE_ORDER": "DMY"}
    values = []
    for _, moment in search_dates(row.said, languages=["es"], settings=settings) or []:
        wanted = str(row.values[len(values)]) if len(values) < len(row.values) else ""
        shape = "%Y-%m" if len(wanted) == len("2026-03") else "%Y-%m-%d"
        values.append(moment.strftime("%Y-%m-%dT%H:%M-05:00" if "T" in wanted else shape))
    return values


def _numbers(row: Expression) -> list[Any]:
    """Read with text2num, then babel with the separators of Colombia."""
    from babel.numbers import NumberFormatError, parse_decimal
    from text_to_num import alpha2digit

    values = []
    for match in _DIGITS.finditer(alpha2digit(row.said, "es")):
        try:
            values.append(int(parse_decimal(match[0].strip(), locale="es_CO")))
        except NumberFormatError:
            continue
    return values


def _phones(row: Expression) -> list[Any]:
    from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, format_number

    return [format_number(found.number, PhoneNumberFormat.E164) for found in PhoneNumberMatcher(row.said, "CO")]


def _documents(row: Expression) -> list[Any]:
    """Read with python-stdnum: whatever is a valid NIT, else what has the digits of a cédula."""
    from stdnum.co import nit

    values = []
    for match in re.finditer(r"\d[\d.\- ]*\d", row.said):
        digits = re.sub(r"\D", "", match[0])
        if nit.is_valid(digits) or len(digits) in range(5, 12):
            values.append(digits)
    return values


def _places(row: Expression) -> list[Any]:
    """Read with rapidfuzz: the place that is most like a part of the sentence."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        row.said, row.places, scorer=fuzz.partial_ratio, processor=utils.default_process, score_cutoff=86
    )
    return [best[0]] if best else []


def _alone(read: Callable[[Expression], list[Any]]) -> Callable[[Expression], list[tuple[Any, str]]]:
    """Give what a library finds the role that is wanted: no library tells a guess from what was said."""
    return lambda row: [(value, row.role) for value in read(row)]


#: Kind → the library and its reader. No public library reads the other kinds.
PEERS = {
    "fecha": ("dateparser", _alone(_dates)),
    "dinero": ("text2num + babel", _alone(_numbers)),
    "cuotas": ("text2num + babel", _alone(_numbers)),
    "telefono": ("phonenumbers", _alone(_phones)),
    "documento": ("python-stdnum", _alone(_documents)),
    "sector": ("rapidfuzz", _alone(_places)),
}
