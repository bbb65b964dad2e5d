"""How far apart two points of the ground are."""

from __future__ import annotations

import math

Point = tuple[float, float]

_EARTH_M = 6_371_000.0


def metres(one: Point, other: Point) -> float:
    """Return the distance over the ground between two points (latitude, longitude), WGS 84 degrees; within 0.5 %."""
    (lat1, lon1), (lat2, lon2) = one, other
    half_lat, half_lon = math.radians(lat2 - lat1) / 2, math.radians(lon2 - lon1) / 2
    part = (
        math.sin(half_lat) ** 2 + math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * math.sin(half_lon) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(part)))
