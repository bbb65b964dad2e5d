"""Outages as anybody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutageView:
    """An open outage in words people know; ``vuelve_at`` is an ISO moment or empty when nobody knows yet.

    ``estado`` is that of the domain in lower case (``en_curso``, ``avisada``…); ``desde_at`` an ISO moment or empty.
    """

    servicio: str
    sector: str
    causa: str
    vuelve_at: str
    estado: str = ""
    desde_at: str = ""


class OutagesPort(Protocol):
    """Reads outages; they are public."""

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        """Return the outages open now, newest first, perhaps of one sector or service only."""
        ...
