"""The rules of bills, read for actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.billing.deviation import deviation
from bot.kernel.clock import local_date
from dialogs.actions.ports import BillTimes, Consumption, DeviationView, WayToPay

if TYPE_CHECKING:
    from bot.billing.rules import BillingRules
    from bot.kernel.clock import Clock
    from storage.db import Database


class CatalogBillRules:
    """The catalog's rules, and the money under claim."""

    def __init__(self, database: Database, rules: BillingRules, clock: Clock) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        bills = rules.bills
        self.times = BillTimes(bills.reconexion_horas, bills.revision_pago_dias, bills.dias_normales)

    def deviation(self, used: Sequence[Consumption], estrato: int | None = None) -> DeviationView | None:
        """Compare the newest consumption of one service with those before it."""
        return deviation(self._rules.bills, used, estrato)

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        """Return the ways to pay that hold today."""
        return tuple(
            WayToPay(way.clase, way.nombre, way.detalle, way.url or "")
            for way in self._rules.ways(local_date(self._clock.now()))
        )

    async def disputed(self, cuenta: str) -> int:
        """Return the whole pesos of the account that are under claim."""
        return await self._database.read(lambda uow: uow.disputes.amount(cuenta))
