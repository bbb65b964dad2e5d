"""Which adapter an installation uses: its own tables, or the company's system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.billing.database import DatabaseBilling

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from dialogs.actions.ports import BillingPort
    from storage.db import Database


def billing_of(settings: Settings, database: Database, clock: Clock, ids: Ids) -> BillingPort:
    """Return what answers about bills."""
    system = settings.facturacion.sistema
    if system is None:
        return DatabaseBilling(database, clock)
    from bot.billing.http import HttpBilling  # only who asks another system pays for it

    return HttpBilling(system, clock, ids)
