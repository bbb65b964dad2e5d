"""What actions may look at: read-only doors that the host implements, one file a subject.

A new errand adds its file here, its field below, and its implementation in ``bot/turn/ports``.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.actions.ports.accounts import AccountsPort, AccountView
from dialogs.actions.ports.agreements import (
    AgreementsPort,
    AgreementView,
    ChoiceView,
    FinancedView,
    OfferView,
    ProspectView,
)
from dialogs.actions.ports.attention import AttentionPort, PlaceView
from dialogs.actions.ports.bill_rules import BillRulesPort, BillTimes, DeviationView, WayToPay
from dialogs.actions.ports.billing import (
    BillingDown,
    BillingPort,
    BillLine,
    BillView,
    Consumption,
    DebtView,
    OwedBill,
)
from dialogs.actions.ports.cases import CasesPort, CaseView
from dialogs.actions.ports.community import (
    BadgeView,
    CommitmentView,
    CommunityPort,
    CutView,
    FiguresView,
    LeaderView,
    SectorView,
    TimeView,
    WorkView,
)
from dialogs.actions.ports.company import ClockPort, CompanyPort, OfficeView
from dialogs.actions.ports.consents import ConsentsPort, ConsentState
from dialogs.actions.ports.identity import Destination, DoorView, IdentityPort, LinkedAccount, OwnAccount, PersonView
from dialogs.actions.ports.knowledge import ArticleView, KnowledgePort, LessonView, PointView, SearchView
from dialogs.actions.ports.notices import NoticesPort, TopicView, WantedView, WishesView
from dialogs.actions.ports.outages import OutagesPort, OutageView, ReportView, SpotView, ToldView


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything an action is given."""

    accounts: AccountsPort
    agreements: AgreementsPort
    bill_rules: BillRulesPort
    attention: AttentionPort
    billing: BillingPort
    cases: CasesPort
    clock: ClockPort
    community: CommunityPort
    company: CompanyPort
    consents: ConsentsPort
    identity: IdentityPort
    knowledge: KnowledgePort
    notices: NoticesPort
    outages: OutagesPort


__all__ = [
    "AccountView",
    "AccountsPort",
    "AgreementView",
    "AgreementsPort",
    "ArticleView",
    "AttentionPort",
    "BadgeView",
    "BillLine",
    "BillRulesPort",
    "BillTimes",
    "BillView",
    "BillingDown",
    "BillingPort",
    "CaseView",
    "CasesPort",
    "ChoiceView",
    "ClockPort",
    "CommitmentView",
    "CommunityPort",
    "CompanyPort",
    "ConsentState",
    "ConsentsPort",
    "Consumption",
    "CutView",
    "DebtView",
    "Destination",
    "DeviationView",
    "DoorView",
    "FiguresView",
    "FinancedView",
    "IdentityPort",
    "KnowledgePort",
    "LeaderView",
    "LessonView",
    "LinkedAccount",
    "NoticesPort",
    "OfferView",
    "OfficeView",
    "OutageView",
    "OutagesPort",
    "OwedBill",
    "OwnAccount",
    "PersonView",
    "PlaceView",
    "PointView",
    "Ports",
    "ProspectView",
    "QueueView",
    "ReportView",
    "SearchView",
    "SectorView",
    "SpotView",
    "TimeView",
    "ToldView",
    "TopicView",
    "WantedView",
    "WayToPay",
    "WishesView",
    "WorkView",
]
