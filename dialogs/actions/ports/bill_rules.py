"""The rules around a bill: what is an unusual consumption, how one pays, how long things take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from dialogs.actions.ports.billing import Consumption


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationView:
    """A consumption against the usual one; ``sentido`` is ``alto`` or ``bajo`` when it is out of ``desde``–``hasta``.

    ``cambio`` is the change in whole per cent, None from nothing. ``porcentaje`` is the limit of the rule ``umbral``.
    With ``sin_historia`` nothing could be compared: ``faltan`` periods are missing.
    """

    servicio: str
    unidad: str
    regla: str
    actual: Decimal
    periodos: int
    promedio: Decimal | None = None
    desde: Decimal | None = None
    hasta: Decimal | None = None
    cambio: int | None = None
    porcentaje: int | None = None
    sentido: str = ""
    faltan: int = 0


@dataclass(frozen=True, slots=True)
class WayToPay:
    """A way to pay that holds today; ``clase`` is virtual or punto."""

    clase: str
    nombre: str
    detalle: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class BillTimes:
    """How long things take: hours until reconnection, business days to look at a payment, days of a usual month."""

    reconexion_horas: int
    revision_pago_dias: int
    dias_normales: int


class BillRulesPort(Protocol):
    """Knows the rules of bills, from the catalog, and what is under claim."""

    times: BillTimes

    def deviation(self, used: Sequence[Consumption], estrato: int | None = None) -> DeviationView | None:
        """Compare the newest consumption of one service with those before it; None without a rule or a consumption."""
        ...

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        """Return the ways to pay that hold today."""
        ...

    async def disputed(self, cuenta: str) -> int:
        """Return the whole pesos of the account that are under claim, which nobody has to pay meanwhile."""
        ...
