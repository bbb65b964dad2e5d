"""The queue for a person, and how often opinions are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a person stands: ``turno`` counts from 1 (0 when nobody is awaited), ``espera_min`` in minutes.

    ``proxima_apertura`` is an ISO moment, empty while the offices attend.
    """

    estado: Literal["ninguna", "en_fila", "con_persona"]
    turno: int
    espera_min: int
    abierto: bool
    proxima_apertura: str


class AttentionPort(Protocol):
    """The queue as it stands, and the settings of the attention."""

    async def place(self, conversation_id: str) -> PlaceView:
        """Return where the person of a conversation stands."""
        ...

    def opinion_every_days(self) -> int:
        """Return for how many days nobody is asked for an opinion twice."""
        ...
