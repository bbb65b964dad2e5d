"""Which sector a point lies in: ray casting over the polygons that the company drew (GeoJSON, WGS 84)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.repos.customers import SectorRecord


def sector_at(sectors: Iterable[SectorRecord], latitude: float, longitude: float) -> SectorRecord | None:
    """Return the sector that holds the point (degrees), or None when it lies in none of them."""
    return next((one for one in sectors if _holds(one.polygon, latitude, longitude)), None)


def _holds(geometry: Mapping[str, Any], latitude: float, longitude: float) -> bool:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or ()
    polygons = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else ()
    return any(
        rings
        and _inside(rings[0], latitude, longitude)
        and not any(_inside(hole, latitude, longitude) for hole in rings[1:])
        for rings in polygons
    )


def _inside(ring: Sequence[Sequence[float]], latitude: float, longitude: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        crosses = (y1 > latitude) != (y2 > latitude)
        if crosses and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
