"""Cells as companies write them, into values; each reader raises ``ValueError`` with a reason for staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

#: Money, quantities and dates beyond these are mistakes of a column, not values.
MOST_PESOS = 10**11
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LONGEST = 500

_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_DOTTED = re.compile(r"-?\d{1,3}(?:\.\d{3})+", re.ASCII)
_CENTS = re.compile(r"(.+?)([.,])(\d{1,2})", re.ASCII)
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_PERIOD = re.compile(r"(\d{4})[-/]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/](\d{4})", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOT_DIGITS = re.compile(r"[\s.\-]")
_SPLIT = re.compile(r"[|+;,/\s]+")

SERVICES = ("agua", "alcantarillado", "aseo", "energia", "gas")
_ALSO = {"acueducto": "agua", "energía": "energia", "luz": "energia", "basura": "aseo"}
Reader = Callable[[str], Any]


def text(cell: str) -> str:
    """Return words: inner blanks single, at most 500 letters."""
    found = " ".join(cell.split())
    if len(found) > _LONGEST:
        raise ValueError(f"más de {_LONGEST} letras")
    return found


def digits(cell: str) -> str:
    """Return a number of identity without stops, hyphens and blanks."""
    found = _NOT_DIGITS.sub("", cell)
    if not found.isascii() or not found.isdigit():
        raise ValueError("solo van números")
    return found


def identity(cell: str) -> str:
    """Return an identity document without stops, hyphens and blanks; a passport has letters."""
    found = _NOT_DIGITS.sub("", cell).upper()
    if not found.isascii() or not found.isalnum() or not 3 <= len(found) <= 20:  # noqa: PLR2004  # §8.1 of the domain
        raise ValueError("no es un documento")
    return found


def pesos(cell: str) -> int:
    """Return whole pesos of ``$ 1.234.567``, ``1'234.567``, ``85000`` or ``85.000,00``.

    Cents other than zero are refused, and so is ``85,000``: it may be 85 or 85 thousand.
    """
    bare = re.sub(r"['’]", ".", re.sub(r"[\s$]|COP", "", cell))
    is_grouped = _DOTTED.fullmatch(bare) is not None
    if not is_grouped and (cents := _CENTS.fullmatch(bare)):
        bare, mark, after = cents.groups()
        is_grouped = _DOTTED.fullmatch(bare) is not None
        if mark == "." and is_grouped:
            raise ValueError("no se sabe qué separa el punto; escriba por ejemplo 1.234.567")
        if int(after):
            raise ValueError("debe venir en pesos enteros, sin centavos")
    if is_grouped:
        bare = bare.replace(".", "")
    if not _WHOLE.fullmatch(bare):
        raise ValueError("no es un valor en pesos; escriba por ejemplo 85.000 o 85000")
    found = int(bare)
    if abs(found) > MOST_PESOS:
        raise ValueError("es un valor demasiado grande")
    return found


def owed(cell: str) -> int:
    """Return whole pesos that are not negative."""
    found = pesos(cell)
    if found < 0:
        raise ValueError("no puede ser negativo")
    return found


def paid(cell: str) -> int:
    """Return whole pesos above zero."""
    found = pesos(cell)
    if found <= 0:
        raise ValueError("debe ser mayor que cero")
    return found


def quantity(cell: str) -> str:
    """Return a quantity that is not negative, as decimal text: ``18``, ``18,5`` and ``18.5`` are the same kind."""
    bare = cell.strip().replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        raise ValueError("no es una cantidad; escriba por ejemplo 18 o 18,5") from None
    if not found.is_finite() or found < 0 or found > 10**9:
        raise ValueError("no es una cantidad posible")
    return str(found)


def day(cell: str) -> date:
    """Return a date of ``2026-11-05``, ``20261105`` or ``05/11/2026`` (day first)."""
    bare = cell.strip()
    if found := _ISO.fullmatch(bare):
        year, month, number = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(bare):
        number, month, year = (int(part) for part in found.groups())
    else:
        raise ValueError("no es una fecha; escriba por ejemplo 2026-11-05 o 05/11/2026")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("el año no es posible")
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError("ese día no existe") from None


def period(cell: str) -> str:
    """Return ``YYYY-MM`` of ``2026-11``, ``202611`` or ``11/2026``."""
    found = _PERIOD.fullmatch(cell.strip())
    if found is None:
        raise ValueError("no es un período; escriba por ejemplo 2026-11")
    year, month, other, last = found.groups()
    if not _FIRST_YEAR <= int(year or last) <= _LAST_YEAR:
        raise ValueError("el año no es posible")
    return f"{year or last}-{int(month or other):02d}"


def service(cell: str) -> str:
    """Return the id of a service."""
    found = cell.strip().casefold()
    found = _ALSO.get(found, found)
    if found not in SERVICES:
        raise ValueError(f"no es un servicio; son: {', '.join(SERVICES)}")
    return found


def services(cell: str) -> tuple[str, ...]:
    """Return the ids of several services, written with blanks, ``|`` or ``+`` between them."""
    return tuple(dict.fromkeys(service(each) for each in _SPLIT.split(cell.strip()) if each))


def stratum(cell: str) -> int:
    """Return a stratum from 1 to 6."""
    if cell.strip() not in {"1", "2", "3", "4", "5", "6"}:
        raise ValueError("el estrato va de 1 a 6")
    return int(cell)


def days(cell: str) -> int:
    """Return days of a period."""
    if not cell.strip().isdecimal() or not 1 <= int(cell) <= 400:  # noqa: PLR2004  # a bill covers no more
        raise ValueError("los días van de 1 a 400")
    return int(cell)


def unit(cell: str) -> str:
    """Return ``m3`` or ``kWh``."""
    found = {"m3": "m3", "m³": "m3", "kwh": "kWh"}.get(cell.strip().casefold())
    if found is None:
        raise ValueError("la unidad es m3 o kWh")
    return found


def state(cell: str) -> str:
    """Return how an account stands."""
    found = cell.strip().casefold()
    if found not in {"activa", "suspendida", "retirada"}:
        raise ValueError("el estado es activa, suspendida o retirada")
    return found


def mail(cell: str) -> str:
    """Return an address of mail."""
    found = cell.strip()
    if not _EMAIL.fullmatch(found) or len(found) > 254:  # noqa: PLR2004  # RFC 5321
        raise ValueError("no es un correo")
    return found


def mobile(cell: str) -> str:
    """Return a Colombian mobile number in E.164."""
    found = re.sub(r"[\s.\-()]", "", cell)
    match = re.fullmatch(r"(?:\+?57)?(3\d{9})", found)
    if match is None:
        raise ValueError("no es un celular; escriba por ejemplo 300 111 2233")
    return f"+57{match[1]}"


def lines(cell: str) -> list[dict[str, Any]]:
    """Return the lines of a bill, written ``Cargo fijo=9.800|Subsidio=-3.775``."""
    found = []
    for part in filter(None, (each.strip() for each in cell.split("|"))):
        label, mark, value = part.rpartition("=")
        if not mark or not label.strip():
            raise ValueError("las líneas van como «concepto=valor|concepto=valor»")
        found.append({"concepto": text(label)[:120], "valor": pesos(value)})
    if len(found) > 40:  # noqa: PLR2004  # as many as a duplicate prints
        raise ValueError("más de 40 líneas")
    return found
