"""How much of a place may be kept of somebody who did not authorise the use of their data (Ley 1581/2012)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_STREETS = re.compile(r"[A-Z]{2,3} [^#]+ # \d+[A-Z]*")
_DECIMALS = 3


def coarse(place: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place as it serves a crew and points at no house: the crossing of streets, a point within some 100 m."""
    kept: dict[str, Any] = {}
    crossing = _STREETS.match(str(place.get("direccion") or ""))
    if crossing:
        kept["direccion"] = crossing[0]
    if place.get("point"):
        kept["point"] = [round(float(degrees), _DECIMALS) for degrees in place["point"]]
    return kept
