"""Which open outage reaches a place, and whether it is going on or only announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.outages.territory import folded

if TYPE_CHECKING:
    from storage.repos.outages import OutageRecord

Phase = Literal["en_curso", "anunciado"]

#: States of an outage that is known and has not begun by itself.
_ANNOUNCED = frozenset({"PROGRAMADA", "AVISADA"})
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Where:
    """A place as far as it is known: sector id, words of the neighbourhood, town."""

    sector: str = ""
    barrio: str = ""
    municipio: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An outage that reaches the place, and its phase."""

    outage: OutageRecord
    phase: Phase


def phase(outage: OutageRecord, now: datetime) -> Phase:
    """Return whether an open outage goes on or is only announced; a plan whose hour has come goes on."""
    begins = outage.starts_at
    if outage.estado in _ANNOUNCED and (begins is None or begins > now):
        return "anunciado"
    return "en_curso"


def reaches(outage: OutageRecord, where: Where) -> bool:
    """Tell whether an outage reaches a place: by its sectors, or, where it has none, by the words of its zone."""
    if outage.sectores:
        return bool(where.sector) and where.sector in outage.sectores
    zone = f" {folded(outage.zona).replace(',', ' ')} "
    names = [folded(name) for name in (where.barrio, where.sector.replace("_", " "))]
    return any(len(name) >= _SHORTEST_NAME and f" {name} " in zone for name in names if name)


def match(outages: Iterable[OutageRecord], servicio: str, where: Where, now: datetime) -> Sequence[Match]:
    """Return the open outages of a service that reach a place: those going on first, then by when they begin.

    A plan whose end has passed, and that nobody closed, explains nothing any more.
    """
    outages = (one for one in outages if one.estado not in _ANNOUNCED or one.ends_at is None or one.ends_at > now)
    found = [
        Match(outage, phase(outage, now))
        for outage in outages
        if outage.servicio == servicio and reaches(outage, where)
    ]
    return sorted(found, key=lambda each: (each.phase == "anunciado", each.outage.starts_at or now, each.outage.id))
