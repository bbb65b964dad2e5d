"""Outages, places and reports of faults, as people may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

#: What a text or a pin says of a place: a pin in a sector, an address, a sector we know, a neighbourhood we do not
#: know, some words, nothing; or somebody else's ground: another town, outside our sectors, the sea or abroad.
PlaceKind = Literal["punto", "direccion", "sector", "barrio", "vago", "nada", "otra_ciudad", "fuera", "mar"]


@dataclass(frozen=True, slots=True)
class OutageView:
    """An open outage in words people know; ``vuelve_at`` is an ISO moment or empty when nobody knows yet.

    ``estado`` is that of the domain in lower case (``en_curso``, ``avisada``…), ``fase`` is ``en_curso`` or
    ``anunciado``; the moments are ISO or empty.
    """

    servicio: str
    sector: str
    causa: str
    vuelve_at: str
    estado: str = ""
    desde_at: str = ""
    id: str = ""
    fase: str = "en_curso"
    indicaciones: str = ""
    noticia_at: str = ""
    actualizado_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotView:
    """A place as far as it is known; ``texto`` is how it is read back, ``sector`` the id, ``km`` how far outside."""

    estado: PlaceKind
    texto: str = ""
    sector: str = ""
    barrio: str = ""
    direccion: str = ""
    municipio: str = ""
    ciudad: str = ""
    km: int = 0
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldView:
    """What a message tells of a fault besides its place; ``sigue``: it asks about a report that exists.

    ``servicios`` are those of which a fault of kind ``tipo`` can be.
    """

    servicio: str = ""
    tipo: str = ""
    servicios: tuple[str, ...] = ()
    critico: bool = False
    numero: str = ""
    sigue: bool = False
    relato: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as anybody who has its number may see it: nothing of who reported it. ``metros`` only when measured."""

    id: str
    numero: str
    servicio: str
    tipo: str
    estado: str
    creado_at: str
    actualizado_at: str = ""
    metros: int | None = None
    personas: int = 1


class OutagesPort(Protocol):
    """Reads outages, places and reports; outages are public."""

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        """Return the outages open now, newest first, perhaps of one sector or service only."""
        ...

    async def reaching(self, servicio: str, place: Mapping[str, Any]) -> Sequence[OutageView]:
        """Return the open outages that reach a place (a ``SpotView`` as a mapping), those going on first."""
        ...

    async def place(self, text: str, before: Mapping[str, Any] | None = None) -> SpotView:
        """Read ``text`` (words, or a pin as «latitude, longitude») as a place; ``before`` is what was known of it."""
        ...

    async def told(self, text: str) -> ToldView:
        """Read what a message tells of a fault besides its place."""
        ...

    async def near(self, fault: Mapping[str, Any], place: Mapping[str, Any], conversation_id: str) -> ReportView | None:
        """Return the open report that is most likely the same fault (``servicio``, ``tipo``), or None."""
        ...

    async def report(self, numero: str) -> ReportView | None:
        """Return the report of that number, or None."""
        ...

    async def reports_of(self, conversation_id: str) -> Sequence[ReportView]:
        """Return what was reported or joined in this conversation, the newest first, at most five."""
        ...

    async def is_suspended(self, cuenta: str) -> bool:
        """Tell whether an account is suspended for non-payment: to be told to its verified person only."""
        ...
