"""What actions may look at, read from the database, the law and the settings: one file a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.billing import rules as billing_rules
from bot.notices import catalog as notice_catalog
from bot.notices.links import Links
from bot.turn.ports.accounts import StoredAccounts
from bot.turn.ports.agreements import StoredAgreements
from bot.turn.ports.attention import StoredAttention
from bot.turn.ports.bill_rules import CatalogBillRules
from bot.turn.ports.cases import StoredCases
from bot.turn.ports.community import StoredCommunity
from bot.turn.ports.company import CompanyFacts
from bot.turn.ports.consents import StoredConsents
from bot.turn.ports.identity import StoredIdentity
from bot.turn.ports.knowledge import KnownThings
from bot.turn.ports.notices import StoredNotices
from bot.turn.ports.outages import StoredOutages
from dialogs.actions.ports import Ports

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.pqr.law import Law
    from bot.turn.hours import OfficeHours
    from dialogs.actions.ports import BillingPort
    from storage.db import Database


def make_ports(
    database: Database,
    settings: Settings,
    law: Law,
    clock: Clock,
    hours: OfficeHours,
    ids: Ids,
    billing: BillingPort,
) -> Ports:
    """Return the doors that actions are given."""
    return Ports(
        accounts=StoredAccounts(database, settings),
        bill_rules=CatalogBillRules(database, billing_rules.of_settings(settings), clock),
        attention=StoredAttention(database, settings, clock, hours),
        agreements=StoredAgreements(database, settings, law, clock),
        billing=billing,
        cases=StoredCases(database, law, clock),
        clock=clock,
        community=StoredCommunity(database, settings, clock),
        company=CompanyFacts(settings, hours),
        consents=StoredConsents(database, settings),
        identity=StoredIdentity(database, settings, clock, ids),
        knowledge=KnownThings(database, settings, hours),
        notices=StoredNotices(
            database,
            settings,
            clock,
            catalog=notice_catalog.load(settings.dialogos.carpeta / "catalog"),
            links=Links(database.keyring, settings),
        ),
        outages=StoredOutages(database, settings, clock),
    )
