"""The invented municipality of the demo: eight sectors as polygons and the words people use for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MUNICIPIO = "Valle Verde"
#: South-west corner of the municipality, degrees WGS 84; it lies where no town is.
_SOUTH, _WEST = 4.2000, -75.3000
_STEP = 0.0090


@dataclass(frozen=True, slots=True)
class Place:
    """A sector: its place in a grid of cells about a kilometre wide, its stratum and the streets it has."""

    id: str
    nombre: str
    row: int
    column: int
    estrato: int
    vias: tuple[str, ...]

    @property
    def polygon(self) -> dict[str, Any]:
        """The sector as a GeoJSON polygon."""
        south, west = _SOUTH + self.row * _STEP, _WEST + self.column * _STEP
        north, east = south + _STEP, west + _STEP
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}


PLACES = (
    Place("la_esperanza", "La Esperanza", 0, 0, 2, ("CL 3", "CL 4", "CL 5", "KR 8")),
    Place("el_carmen", "El Carmen", 0, 1, 1, ("CL 1", "CL 2", "KR 11", "KR 12")),
    Place("centro", "Centro", 1, 0, 3, ("CL 10", "CL 11", "KR 5", "KR 6")),
    Place("villa_verde", "Villa Verde", 1, 1, 3, ("CL 14", "CL 15", "KR 9")),
    Place("los_almendros", "Los Almendros", 2, 0, 4, ("CL 20", "CL 21", "TV 3")),
    Place("la_pradera", "La Pradera", 2, 1, 2, ("DG 24", "CL 25", "KR 14")),
    Place("san_jose", "San José", 3, 0, 2, ("CL 30", "CL 31", "KR 2")),
    Place("el_roble", "Vereda El Roble", 3, 1, 1, ("KM 3 VÍA AL ROBLE", "VDA EL ROBLE")),
)
