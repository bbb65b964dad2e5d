"""A place as people tell it (a pin, an address, a neighbourhood, some words) found on the ground of the utility."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.kernel.clock import local
from bot.nlu.entities import sector as sectors
from bot.nlu.entities.direccion import read_address
from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold, squeeze
from bot.outages.territory import folded
from dialogs.actions.ports.outages import SpotView

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.ground import Point
    from bot.nlu.entities.sector import Gazetteer
    from bot.outages.territory import Territory

_PIN = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d+)\s*[,;]\s*(-?\d{1,3}\.\d+)(?![\d.])")
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_NEIGHBOURHOOD = re.compile(r" BRR .*\Z")
_LONGEST = 200
_LONGEST_NAME = 4
#: A single word nearly like the name of a sector counts only if it is long: short ones are like anything.
_SHORTEST_GUESS = 6
_NOT_A_NAME = frozenset("barrio sector vereda servicio ustedes desde anoche ayer vecino vecinos".split())
_LEAD = re.compile(
    r"\A(?:es |queda |esta |estoy |vivo |somos |pues |aqui |aca |alla |por |en |de |del |el |la )*"
    r"(?:barrio|sector|vereda|urbanizacion|conjunto)\b"
)


def read_place(
    text: str,
    territory: Territory,
    gazetteer: Gazetteer,
    *,
    home: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
) -> SpotView:
    """Return the place that ``text`` tells, joined with what was known ``before`` of it.

    ``home`` is the town of an address without sector: the utility's own, unless the person says another.
    """
    pin = _pin(text)
    if pin is not None:
        return _at(pin, territory)
    other = territory.other_town(text)
    if other:
        return SpotView(estado="otra_ciudad", ciudad=other, texto=text.strip()[:_LONGEST])
    known = dict(before or {})
    direccion = read_address(text) or str(known.get("direccion") or "")
    found = _sector(text, gazetteer, now, is_answer=before is not None)
    sector = territory.sector(found) or territory.sector(str(known.get("sector") or ""))
    barrio = sector.nombre if sector else (found or str(known.get("barrio") or ""))
    if barrio:
        # The neighbourhood is told by its own name, once.
        direccion = _NEIGHBOURHOOD.sub("", direccion)
    if not (direccion or barrio):
        words = " ".join(text.split())[:_LONGEST]
        return SpotView(estado="vago" if words else "nada", texto=words, direccion="", municipio=home)
    municipio = sector.municipio if sector else home
    kind = "direccion" if direccion else "sector" if sector else "barrio"
    return SpotView(
        estado=kind,  # type: ignore[arg-type]  # one of the three
        texto=", ".join(part for part in (direccion, barrio, municipio) if part),
        sector=sector.id if sector else "",
        barrio=barrio,
        direccion=direccion,
        municipio=municipio,
    )


def _pin(text: str) -> Point | None:
    found = _PIN.search(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > _MOST_LATITUDE or abs(longitude) > _MOST_LONGITUDE:
        return None
    return latitude, longitude


def _at(pin: Point, territory: Territory) -> SpotView:
    spot = territory.locate(pin)
    if spot.sector is None:
        kind = "mar" if spot.lies == "mar" else "fuera"
        return SpotView(estado=kind, km=round(spot.distance_km), lat=pin[0], lon=pin[1])  # type: ignore[arg-type]
    return SpotView(
        estado="punto",
        texto=f"el punto que envió, en {spot.sector.nombre}, {spot.sector.municipio}",
        sector=spot.sector.id,
        barrio=spot.sector.nombre,
        municipio=spot.sector.municipio,
        lat=pin[0],
        lon=pin[1],
    )


def _sector(text: str, gazetteer: Gazetteer, now: datetime, *, is_answer: bool) -> str:
    """Return the id of the sector that is named, the name of a neighbourhood nobody knows, or an empty text."""
    reading = Reading(text, fold(text), local(now))
    sectors.read(reading, gazetteer)
    named = [str(entity.value) for entity in reading.found if entity.name == "sector"]
    if named:
        return named[0]
    guess = _nearly(text, gazetteer)
    if guess:
        return guess
    # To «¿en qué barrio?» the words themselves are the neighbourhood.
    said = " ".join(text.split())[:_LONGEST]
    return said if is_answer and re.search(r"[^\W\d_]{3}", said) else ""


def _nearly(text: str, gazetteer: Gazetteer) -> str:
    """Return the sector whose name is nearly a piece of ``text``: «esperansa», «los almendro»."""
    words = _LEAD.sub("", squeeze(fold(text[:_LONGEST]).text)).split()
    for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            piece = words[start : start + size]
            phrase = " ".join(piece)
            if len(phrase) < _SHORTEST_GUESS or (size == 1 and piece[0] in _NOT_A_NAME):
                continue
            found = gazetteer.nearest(phrase)
            if found is not None:
                return found
    return ""


def names(territory: Territory) -> dict[str, str]:
    """Return what people may call each sector, with and without its first word: «la esperanza», «esperanza»."""
    found: dict[str, str] = {}
    for sector in territory.sectors:
        found[sector.nombre] = sector.id
        words = folded(sector.nombre).split()
        rest = " ".join(words[1:])
        if (
            len(words) > 1
            and words[0] in {"la", "el", "los", "las", "vereda", "barrio"}
            and len(rest) >= _SHORTEST_GUESS
        ):
            found.setdefault(rest, sector.id)
    return found
