"""What a message tells of a fault besides its place: the kind, who depends on the service, the number of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.outages.territory import folded

if TYPE_CHECKING:
    from bot.outages.catalog import Catalog

_NUMBER = re.compile(r"\br(?:eporte)?\s*(?:no\s*|numero\s*)?(20\d\d)\s*0*(\d{1,9})\b")
_BARE_NUMBER = re.compile(r"\A\s*(20\d\d)\s*[-/ ]\s*0*(\d{1,9})\s*\Z")
_FOLLOWS_UP = re.compile(
    r"\b(?:mi reporte|el reporte|lo que reporte|que reporte|ya reporte|reporte que hice|habia reportado|ya lo reporte|"
    r"(?:estado|numero) (?:de|del) (?:mi |el )?reporte)\b"
)
#: Something was told when a message has so many words.
_FEWEST_WORDS = 4
_LONGEST_STORY = 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """What was heard; empty where nothing was. ``follows_up``: it speaks of a report that exists already."""

    servicio: str = ""
    tipo: str = ""
    critico: bool = False
    numero: str = ""
    follows_up: bool = False
    story: str = ""


def read(text: str, catalog: Catalog, served: Iterable[str]) -> Told:
    """Read a message as a person wrote it; the payload of a button tells nothing."""
    if text.startswith("/"):
        return Told()
    said = folded(text)
    kind = next((kind for phrase, kind in catalog.words if phrase in said), "")
    numero = report_number(text)
    return Told(
        servicio=catalog.service_of(kind, served) if kind else "",
        tipo=kind,
        critico=any(re.search(rf"\b{re.escape(word)}", said) for word in catalog.faults.criticos),
        numero=numero,
        follows_up=bool(numero) or _FOLLOWS_UP.search(said) is not None,
        story=text.strip()[:_LONGEST_STORY] if len(said.split()) >= _FEWEST_WORDS else "",
    )


def report_number(text: str) -> str:
    """Return the number of a report as it is kept (``R-2026-000123``), however it was typed, or an empty text."""
    found = _NUMBER.search(folded(text)) or _BARE_NUMBER.match(text)
    return write_number(int(found[1]), int(found[2])) if found else ""


def write_number(year: int, seq: int) -> str:
    """Return the number of the ``seq``-th report of a year."""
    return f"R-{year}-{seq:06d}"
