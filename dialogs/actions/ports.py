"""What actions may look at: read-only doors that the host implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


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


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its own author may see it. Dates are ISO 8601; ``dias`` are business days left, negative when late."""

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


@dataclass(frozen=True, slots=True)
class DueView:
    """A legal term counted from a moment: last day (ISO date) and its length as words for people."""

    vence_on: str
    dias: int
    unidad: str


@dataclass(frozen=True, slots=True)
class OfficeView:
    """Whether the offices attend now; ``proxima_apertura`` is an ISO moment, ``horario`` a text for people."""

    abierto: bool
    proxima_apertura: str
    horario: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue for a person: how many wait and the expected wait in minutes."""

    en_espera: int
    espera_min: int


class AccountsPort(Protocol):
    """Reads the customer base."""

    async def find(self, cuenta: str) -> AccountView | None:
        """Return the account under ``cuenta`` (digits), or None."""
        ...

    def is_account(self, cuenta: str, servicio: str = "") -> bool:
        """Tell whether ``cuenta`` has the shape of an account number of the service (configured)."""
        ...


class CasesPort(Protocol):
    """Reads cases, for their own authors only."""

    async def of_conversation(self, conversation_id: str, limit: int = 5) -> Sequence[CaseView]:
        """Return the newest cases filed from this very channel identity."""
        ...

    async def open_with_code(self, radicado: str, codigo: str, origin: str) -> CaseView | str:
        """Return the case, or ``"no"`` (unknown or wrong code, indistinguishable), or ``"bloqueado"`` (too many tries).

        ``origin`` is the conversation that asks; five tries an hour per radicado and per origin.
        """
        ...

    async def mine(self, radicado: str, conversation_id: str) -> CaseView | None:
        """Return the case if it was filed from this channel identity, else None."""
        ...


class CalendarPort(Protocol):
    """Counts legal terms."""

    def due(self, term: str, moment: datetime) -> DueView:
        """Return the end of ``term`` (a key of the terms matrix) counted from ``moment`` (aware)."""
        ...


class CompanyPort(Protocol):
    """Facts of the utility, from configuration."""

    def info(self) -> Mapping[str, Any]:
        """Return the ``empresa`` block of the settings as plain values."""
        ...

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether the offices are open at ``moment`` (aware) and when they open next."""
        ...

    async def queue(self) -> QueueView:
        """Return how many people wait for an adviser."""
        ...


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The consent text in force: ``version`` and what was decided for it (``True``, ``False`` or None)."""

    version: str
    granted: bool | None


class ConsentsPort(Protocol):
    """Reads what the person has authorised."""

    async def state(self, conversation_id: str, topic: str = "datos") -> ConsentState:
        """Return the decision of this conversation about ``topic`` under the version in force."""
        ...


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


class ClockPort(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything an action is given."""

    accounts: AccountsPort
    cases: CasesPort
    calendar: CalendarPort
    company: CompanyPort
    consents: ConsentsPort
    outages: OutagesPort
    clock: ClockPort
    extra: Mapping[str, Any] = field(default_factory=dict)
