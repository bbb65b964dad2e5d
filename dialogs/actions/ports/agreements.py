"""Payment agreements as an action may see them. Everything here is personal: ask for verification first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from dialogs.actions.ports.billing import DebtView

#: Why a wish cannot be met: more than the assistant may give, instalments too small, or no count fits the purse.
PlanRefusal = Literal["muchas", "pequenas", "imposible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """One row of the table of simulations; whole pesos. ``ultima`` differs from ``valor`` by the rounding."""

    cuotas: int
    valor: int
    ultima: int
    interes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectView:
    """What an account could be offered today. ``motivo`` and ``salida`` tell kindly why it is offered nothing."""

    puede: bool
    motivo: str
    salida: str
    deuda: int
    en_reclamo: int
    inicial: int
    tasa: str
    opciones: tuple[ChoiceView, ...]
    mas: int
    de_asesor: int
    dias: tuple[int, ...]
    arriendo_personal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """Terms that could be accepted now.

    ``terminos`` are the figures and dates that must not change until they are accepted; ``texto`` is the whole agreement;
    ``debe`` is what billing said: ``total``, ``vencidas``, ``dias``; ``facturas`` the bills it is about (``agua 2026-10``).
    """

    cuotas: int
    valor: int
    ultima: int
    inicial: int
    primera_on: str
    interes: int
    total: int
    terminos: Mapping[str, Any]
    debe: Mapping[str, int]
    texto: str
    facturas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """An agreement as it stands; dates are ISO 8601, money whole pesos. ``proxima`` is 0 for the initial payment."""

    id: str
    numero: str
    estado: str
    cuotas: int
    base: int
    pagado: int
    saldo: int
    mora: int
    motivo: str
    solicitado_at: str
    proxima: int | None = None
    proxima_valor: int = 0
    proxima_on: str = ""
    atrasadas: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancedView:
    """What of a debt is paid by instalments: ``valor`` whole pesos of the bills ``facturas`` (``agua 2026-10``)."""

    acuerdo: AgreementView
    valor: int
    facturas: frozenset[str]


class AgreementsPort(Protocol):
    """Simulates agreements and reads those that exist; it keeps nothing."""

    async def prospect(self, cuenta: str, debt: DebtView) -> ProspectView | None:
        """Return what the account could be offered for ``debt``; None when no policy holds today."""
        ...

    async def offer(
        self, cuenta: str, debt: DebtView, cuotas: int, *, dia: int | None, firma: str, autorizado: bool, cuidado: bool
    ) -> OfferView | PlanRefusal:
        """Return the terms of ``cuotas`` instalments with the whole text, or why not."""
        ...

    async def for_purse(self, cuenta: str, debt: DebtView, al_mes: int) -> int | PlanRefusal:
        """Return the fewest instalments of at most ``al_mes`` pesos, or why there are none."""
        ...

    async def of_account(self, cuenta: str) -> AgreementView | None:
        """Return the agreement of the account that is open, else its newest, else None."""
        ...

    async def financed(self, cuenta: str, debt: DebtView) -> FinancedView | None:
        """Return what of ``debt`` an agreement that runs pays by instalments; None when none runs."""
        ...
