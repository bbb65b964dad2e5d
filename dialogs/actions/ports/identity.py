"""Who writes, what is theirs, and the door of one-time codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

DoorState = Literal["abierta", "no_encontrada", "sin_contacto", "bloqueada"]
Tried = Literal["bien", "mal", "vencido", "agotado", "bloqueada"]


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account of the person; ``verificada`` when a code proved it, ``apodo`` is the person's own word for it."""

    cuenta: str
    relacion: str
    verificada: bool
    barrio: str
    sector: str
    apodo: str = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who writes in a conversation; all empty when nobody was ever verified there."""

    persona_id: str
    nombre: str
    cuentas: tuple[LinkedAccount, ...]
    tiene_documento: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a code may go: ``medio`` is correo or sms, ``a`` the address under its mask."""

    medio: str
    a: str


@dataclass(frozen=True, slots=True)
class DoorView:
    """Whether an account may be proved now, and where its codes would go; ``envios`` says whether one more may leave."""

    estado: DoorState
    destinos: tuple[Destination, ...] = ()
    envios: bool = True


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account in full, for the person who proved it and nobody else; ``servicios`` are ids of services."""

    cuenta: str
    titular: str
    direccion: str
    barrio: str
    servicios: tuple[str, ...]
    estrato: int | None
    uso: str
    estado: str


class IdentityPort(Protocol):
    """Knows persons and tries codes."""

    async def who(self, conversation_id: str) -> PersonView:
        """Return who writes in the conversation."""
        ...

    async def is_verified(self, conversation_id: str, cuenta: str) -> bool:
        """Tell whether the person who writes here proved the account; what is personal of it is told to nobody else."""
        ...

    async def own_account(self, conversation_id: str, cuenta: str) -> OwnAccount | None:
        """Return an account that the person who writes here proved, or None."""
        ...

    async def door(self, conversation_id: str, cuenta: str) -> DoorView:
        """Tell whether the account may be proved from here now; with an empty ``cuenta`` only whether one may go on."""
        ...

    async def try_code(self, conversation_id: str, cuenta: str, proposito: str, codigo: str, call_id: str) -> Tried:
        """Try a code; a wrong one counts at once, and the same ``call_id`` counts only once."""
        ...
