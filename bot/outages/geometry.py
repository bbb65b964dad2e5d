"""Points and polygons on the ground, in degrees of WGS 84: what lies inside what, and how far apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.kernel.ground import Point

_METRES_A_DEGREE = 111_195.0
#: Side of a cell: wide enough that what is within reach of a report lies in its cell or in one beside it.
CELL_M = 220.0
#: Nearer to an edge than this, in degrees (a centimetre), is on it.
_ON_THE_EDGE = 1e-7


def contains(geometry: Mapping[str, Any], point: Point) -> bool:
    """Tell whether ``point`` (latitude, longitude) lies in a GeoJSON Polygon or MultiPolygon; its edges belong to it.

    A ray to the east crosses the border of a polygon an odd number of times from inside. Anything else than these two
    geometries contains nothing.
    """
    for rings in _polygons(geometry):
        if rings and _inside(rings[0], point):
            # A hole is outside, its edge is not.
            return all(_on_edge(hole, point) or not _inside(hole, point) for hole in rings[1:])
    return False


def _inside(ring: Any, point: Point) -> bool:
    y, x = point
    corners = np.asarray(ring, dtype=float)[:, :2]
    if len(corners) < 3:  # noqa: PLR2004 - fewer corners enclose nothing
        return False
    low, high = corners.min(axis=0) - _ON_THE_EDGE, corners.max(axis=0) + _ON_THE_EDGE
    if not (low[0] <= x <= high[0] and low[1] <= y <= high[1]):
        return False
    if _on_edge(ring, point):
        return True
    x1, y1 = corners[:, 0], corners[:, 1]
    x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
    straddles = (y1 > y) != (y2 > y)
    rise = np.where(y2 == y1, 1.0, y2 - y1)
    crossings = straddles & (x < (x2 - x1) * (y - y1) / rise + x1)
    return bool(np.count_nonzero(crossings) % 2)


def _on_edge(ring: Any, point: Point) -> bool:
    """Tell whether the point lies on the border itself: within a centimetre of one of its lines."""
    here = np.asarray([point[1], point[0]])
    start = np.asarray(ring, dtype=float)[:, :2]
    along = np.roll(start, -1, axis=0) - start
    length = np.maximum((along**2).sum(axis=1), 1e-30)
    part = np.clip(((here - start) * along).sum(axis=1) / length, 0.0, 1.0)
    nearest = start + along * part[:, None]
    return bool((((here - nearest) ** 2).sum(axis=1) <= _ON_THE_EDGE**2).any())


def centre(geometry: Mapping[str, Any]) -> Point | None:
    """Return the middle of the box around a geometry, or None when it has no corners."""
    corners = [corner for rings in _polygons(geometry) for corner in (rings[0] if rings else ())]
    if not corners:
        return None
    spread = np.asarray(corners, dtype=float)[:, :2]
    lon, lat = (spread.min(axis=0) + spread.max(axis=0)) / 2
    return float(lat), float(lon)


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    """Return the polygons of a geometry, each a list of rings: its border, then its holes."""
    found = list(geometry.get("coordinates") or ())
    return {"Polygon": [found], "MultiPolygon": found}.get(str(geometry.get("type")), [])


def cell(point: Point) -> str:
    """Return the name of the square of the ground, some 220 m wide, in which ``point`` lies."""
    row, column = _cell(point)
    return f"{row}:{column}"


def cells_around(point: Point, radius_m: float) -> list[str]:
    """Return the cells in which something within ``radius_m`` of ``point`` may lie."""
    reach = math.ceil(radius_m / CELL_M)
    row, _ = _cell(point)
    found = []
    for step in range(-reach, reach + 1):
        # Columns depend on the row: degrees of longitude grow narrower away from the equator.
        _, column = _cell_of(row + step, point[1])
        found += [f"{row + step}:{column + side}" for side in range(-reach, reach + 1)]
    return found


def _cell(point: Point) -> tuple[int, int]:
    return _cell_of(math.floor(point[0] * _METRES_A_DEGREE / CELL_M), point[1])


def _cell_of(row: int, longitude: float) -> tuple[int, int]:
    latitude = row * CELL_M / _METRES_A_DEGREE
    wide = _METRES_A_DEGREE * max(math.cos(math.radians(latitude)), 0.01)
    return row, math.floor(longitude * wide / CELL_M)
