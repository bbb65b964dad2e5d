"""The customer base as an action may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AccountView:
    """What may be shown of an account to somebody who has not proved to be its holder.

    ``direccion`` and ``titular`` come masked (``Cl 5 # **``, ``M*** G***``); ``servicios`` are ids of services.
    """

    cuenta: str
    servicios: tuple[str, ...]
    direccion: str
    barrio: str
    sector: str
    titular: str


class AccountsPort(Protocol):
    """Reads the customer base."""

    async def find(self, cuenta: str) -> AccountView | None:
        """Return the account under ``cuenta`` (digits), or None."""
        ...

    def is_account(self, cuenta: str, servicio: str = "") -> bool:
        """Tell whether ``cuenta`` has the shape of an account number of the service, or of any (configured)."""
        ...
