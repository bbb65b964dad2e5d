"""Cases as their own authors may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its own author may see it. Dates are ISO 8601; ``dias`` are business days left, negative when late.

    ``recurso_hasta`` is the last day to appeal its answer in time, empty when its notice is not on record.
    ``retiro_pedido``: the author asked to withdraw it and staff have not closed it yet.
    """

    caso_id: str
    radicado: str
    tipo: str
    servicio: str
    estado: str
    radicado_at: str
    vence_on: str
    dias: int
    respuesta: str = ""
    respondido_at: str = ""
    anexos: int = 0
    requiere: str = ""
    cuenta: str = ""
    recurso_hasta: str = ""
    recurso_tarde: bool = False
    retiro_pedido: bool = False


class CasesPort(Protocol):
    """Reads cases, for their own authors only."""

    async def of_conversation(self, conversation_id: str, limit: int = 5) -> Sequence[CaseView]:
        """Return the newest cases of the person, filed from this channel identity or another of theirs."""
        ...

    async def open_with_code(self, radicado: str, codigo: str, origin: str, call: str = "") -> CaseView | str:
        """Return the case, or ``"no"`` (unknown or wrong code, indistinguishable), or ``"bloqueado"`` (too many tries).

        ``origin`` is the conversation that asks; five tries an hour per radicado and per origin. ``call`` names the try:
        made again by a repeated turn, it counts once.
        """
        ...

    async def mine(self, radicado: str, conversation_id: str) -> CaseView | None:
        """Return the case if the person filed it, else None."""
        ...
