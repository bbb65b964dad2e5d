"""Which points of attention are nearest to a pin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.kernel.ground import metres


class Located(Protocol):
    """Something with a place in degrees, WGS 84."""

    @property
    def lat(self) -> float | None:
        """The latitude."""
        ...

    @property
    def lon(self) -> float | None:
        """The longitude."""
        ...


PlaceT = TypeVar("PlaceT", bound=Located)


def nearest(points: Sequence[PlaceT], lat: float, lon: float, most: int = 3) -> list[tuple[PlaceT, int]]:
    """Return the ``most`` nearest points with their distance in metres, nearest first; those without place are left."""
    measured = [
        (point, round(metres((lat, lon), (point.lat, point.lon))))
        for point in points
        if point.lat is not None and point.lon is not None
    ]
    return sorted(measured, key=lambda each: each[1])[:most]


def centre(polygon: object) -> tuple[float, float] | None:
    """Return (lat, lon) of the middle of a GeoJSON polygon's outer ring, or None when it is not one."""
    rings = polygon.get("coordinates") if isinstance(polygon, dict) else None
    if not rings or not rings[0]:
        return None
    ring = rings[0][:-1] or rings[0]
    return sum(float(point[1]) for point in ring) / len(ring), sum(float(point[0]) for point in ring) / len(ring)
