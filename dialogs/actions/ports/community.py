"""The neighbourhood as an action may see it: places, works, leaders, commitments, figures, times and badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SectorView:
    """A sector that the company knows."""

    id: str
    nombre: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work; moments are ISO 8601, ``estado`` in lower case, ``papel``: as what the person may speak of it, or empty."""

    id: int
    tipo: str
    aspecto: str
    lugar: str
    desde_at: str
    hasta_at: str
    estado: str
    indicaciones: str = ""
    papel: str = ""


@dataclass(frozen=True, slots=True)
class LeaderView:
    """What a person asked for as a leader; ``estado`` in lower case, ``sectores`` are names, ``ids`` their sectors."""

    rol: str
    estado: str
    sectores: tuple[str, ...]
    ids: tuple[str, ...]
    vigente: bool
    hasta_on: str = ""
    motivo: str = ""


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A promise to a sector; ``estado``: abierto, vencido, cumplido; ``conforme`` is the word of the sector, or None."""

    id: int
    que: str
    responsable: str
    vence_on: str
    estado: str
    evidencia: str = ""
    conforme: bool | None = None


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Figures of a sector; None where too few people stand behind one, ``minimo`` says how few."""

    cortes: int
    obras: int
    reportes: int | None
    solicitudes: int | None
    dias_respuesta: float | None
    minimo: int


@dataclass(frozen=True, slots=True)
class CutView:
    """An open outage of a sector, for a text that is passed on."""

    servicio: str
    causa: str
    desde_at: str
    vuelve_at: str


@dataclass(frozen=True, slots=True)
class TimeView:
    """A time of the consultorio comunal; ``reserva`` is the number of the person's booking, 0 while it is free."""

    id: int
    oficina: str
    desde_at: str
    minutos: int
    reserva: int = 0


@dataclass(frozen=True, slots=True)
class BadgeView:
    """Whether somebody is ours: si, otro_sector, no, documento, bloqueado; the rest only with a yes."""

    estado: str
    nombre: str = ""
    oficio: str = ""
    puede: str = ""


class CommunityPort(Protocol):
    """Reads the life of the neighbourhood; nothing of it tells one neighbour from another."""

    async def places_in(self, text: str) -> Sequence[SectorView]:
        """Return the sectors that a text names (by id, name or a name nearly right) or whose point it holds."""
        ...

    async def places_like(self, text: str, most: int = 5) -> Sequence[SectorView]:
        """Return the sectors whose names are most like a text, the likest first."""
        ...

    async def home(self, conversation_id: str) -> Sequence[SectorView]:
        """Return the sectors of the person: those they speak for, and those of the accounts they proved."""
        ...

    async def works(self, sector: str) -> Sequence[WorkView]:
        """Return what is coming or going on in a sector, the earliest first."""
        ...

    async def to_confirm(self, conversation_id: str) -> Sequence[WorkView]:
        """Return the finished works that the person may speak of, the newest first."""
        ...

    async def cuts(self, sector: str) -> Sequence[CutView]:
        """Return the open outages of a sector."""
        ...

    async def leader(self, conversation_id: str) -> Sequence[LeaderView]:
        """Return what the person asked for as a leader, the newest first."""
        ...

    def proof(self, rol: str) -> str:
        """Return the document that proves a role, in words."""
        ...

    async def commitments(self, sector: str) -> Sequence[CommitmentView]:
        """Return the promises to a sector: what is open first, by date."""
        ...

    async def figures(self, sector: str) -> FiguresView:
        """Return the figures of a sector that may be told."""
        ...

    async def free_times(self, conversation_id: str) -> Sequence[TimeView]:
        """Return the times of the consultorio comunal that the person may take, the earliest first."""
        ...

    async def own_time(self, conversation_id: str) -> TimeView | None:
        """Return the coming time that the person has, or None."""
        ...

    async def badge(self, said: str, sector: str, conversation_id: str) -> BadgeView:
        """Tell whether the bearer of a badge, or somebody of that name, is sent to the sector today.

        It writes one thing, like ``open_with_code``: a wrong try counts in the transaction that finds it wrong.
        """
        ...
