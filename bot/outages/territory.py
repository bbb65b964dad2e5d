"""The ground that the utility serves: its sectors, where a point lies, and names of other towns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.kernel.ground import Point, metres
from bot.outages.geometry import centre, contains

#: Where a point lies: in a sector, in the country but in none of ours, or in no country we know (the sea).
Lies = Literal["sector", "fuera", "mar"]

_BEFORE_TOWN = r"(?:\A|,\s*|\d[a-z]?\s+|\b(?:en|de|desde|municipio|ciudad|municipio de|ciudad de|aca en|alla en)\s+)"
#: After the name of a town the sentence ends or goes on: «Bello Horizonte» is no town.
_AFTER_TOWN = (
    r"(?=\Z|,|\s(?:y|no|ni|a|al|con|desde|hace|que|pero|por|hay|se|llevamos|llevo|estamos|estoy|esta|queda|tampoco|"
    r"antioquia|cundinamarca|valle|tolima|caldas|risaralda|quindio|huila|meta|boyaca|santander|atlantico|bolivar|"
    r"magdalena|cesar|cordoba|sucre|narino|cauca|colombia)\b)"
)
_STREET_WORD = re.compile(
    r"\b(?:barrio|sector|vereda|calle|carrera|avenida|av|via|conjunto|urbanizacion|edificio|unidad|parque|plaza|"
    r"estadio|colegio|hospital|terminal|comuna|finca|tienda|almacen|cl|cll|kr|cra)\s+(?:de\s+|la\s+|el\s+|a\s+)*\Z"
)


@dataclass(frozen=True, slots=True)
class Sector:
    """A piece of the territory: its id, its name, its town and its GeoJSON polygon."""

    id: str
    nombre: str
    municipio: str
    polygon: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a point lies: ``sector`` when it is in one, else how far (km) the nearest one is."""

    lies: Lies
    sector: Sector | None = None
    distance_km: float = 0.0


class Territory:
    """The sectors of the utility, the outline of the country, and the names of towns that are not ours."""

    def __init__(
        self, sectors: Iterable[Sector], *, outline: Mapping[str, Any], towns: Sequence[str], home: str = ""
    ) -> None:
        """Take the sectors, a rough GeoJSON outline of the country, names of towns, and the utility's own town."""
        self.sectors = tuple(sectors)
        self._outline = outline
        self.municipalities = tuple(
            dict.fromkeys([*(sector.municipio for sector in self.sectors), *([home] if home else [])])
        )
        ours = {folded(name) for name in self.municipalities} | {folded(sector.nombre) for sector in self.sectors}
        self._towns = {folded(town): town for town in towns if folded(town) not in ours}
        names = "|".join(sorted((re.escape(name) for name in self._towns), key=len, reverse=True))
        self._town = re.compile(rf"{_BEFORE_TOWN}(?P<town>{names})\b{_AFTER_TOWN}") if names else None

    def sector(self, sector_id: str) -> Sector | None:
        """Return a sector by its id, or None."""
        return next((sector for sector in self.sectors if sector.id == sector_id), None)

    def locate(self, point: Point) -> Spot:
        """Tell in which sector ``point`` lies, or how far from the nearest one; far out it is the sea or abroad."""
        for sector in self.sectors:
            if contains(sector.polygon, point):
                return Spot("sector", sector)
        middles = [middle for sector in self.sectors if (middle := centre(sector.polygon)) is not None]
        distance = min((metres(point, middle) for middle in middles), default=0.0) / 1_000
        inside = not self._outline or contains(self._outline, point)
        return Spot("fuera" if inside else "mar", None, distance)

    def other_town(self, text: str) -> str:
        """Return the town of somebody else that ``text`` speaks of as the place, or an empty text."""
        if self._town is None:
            return ""
        said = folded(text)
        for match in self._town.finditer(said):
            if not _STREET_WORD.search(said[: match.start("town")]):
                return self._towns[match["town"]]
        return ""


def folded(text: str) -> str:
    """Return ``text`` in lower case, without accents and with single spaces; commas stay."""
    spread = unicodedata.normalize("NFD", text.lower())
    kept = "".join(mark if mark.isalnum() or mark == "," else " " for mark in spread if not unicodedata.combining(mark))
    return " ".join(kept.split())
