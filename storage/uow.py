"""One transaction seen from inside: the repositories over one connection; whoever opened it commits."""

from __future__ import annotations

import contextlib
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from storage.crypto import Keyring
from storage.repos.agenda import Agenda
from storage.repos.agreements import Agreements
from storage.repos.alerts import Alerts
from storage.repos.attempts import Attempts
from storage.repos.base import Dialect
from storage.repos.cases import Cases
from storage.repos.codes import Codes
from storage.repos.commitments import Commitments
from storage.repos.consents import Consents
from storage.repos.conversations import Conversations
from storage.repos.crews import Crews
from storage.repos.customers import Customers
from storage.repos.disputes import Disputes
from storage.repos.doubts import Doubts
from storage.repos.emergencies import Emergencies
from storage.repos.errands import Errands
from storage.repos.files import Files
from storage.repos.handoffs import Handoffs
from storage.repos.imports import Imports
from storage.repos.inbox import Inbox
from storage.repos.interventions import Interventions
from storage.repos.jobs import Jobs
from storage.repos.leaders import Leaders
from storage.repos.notices import Notices
from storage.repos.outage_news import OutageNews
from storage.repos.outages import Outages
from storage.repos.outbox import Outbox
from storage.repos.papers import Papers
from storage.repos.payment_proofs import PaymentProofs
from storage.repos.payments import Payments
from storage.repos.people import People
from storage.repos.providers import Providers
from storage.repos.questions import Questions
from storage.repos.ratings import Ratings
from storage.repos.reports import Reports
from storage.repos.subscriptions import Subscriptions
from storage.repos.suspensions import Suspensions
from storage.repos.territory import Territory
from storage.repos.timers import Timers
from storage.repos.turns import Turns
from storage.repos.waiting import Waiting
from storage.repos.waves import Waves
from storage.repos.web_sessions import WebSessions


class UnitOfWork:
    """What a work receives: repositories that read and write in one transaction.

    A work may be run again (the database asked for a retry), so it does nothing but read and write through this object
    and return a value. It never commits; what it raises undoes what it did and reaches the caller. It must let out any
    error of the database that it meets: PostgreSQL refuses the rest of that transaction.
    """

    def __init__(self, conn: Connection, keyring: Keyring, dialect: Dialect) -> None:
        self.conn = conn
        self.keyring = keyring
        self.dialect: Dialect = dialect

    @cached_property
    def session(self) -> Session:
        """A SQLModel session inside this transaction, for rare reads and writes.

        It lives in a savepoint of its own, so that a flush that fails undoes this work and not its neighbours.
        """
        return Session(self.conn, join_transaction_mode="create_savepoint", expire_on_commit=False)

    def flush(self) -> None:
        """Write what the session still holds back; the database calls it at the end of the work."""
        if "session" in self.__dict__:
            self.session.commit()  # gives its savepoint back; the transaction stays open

    def release(self) -> None:
        """Let the session go; the database calls it when the work is over, well or badly."""
        if "session" in self.__dict__:
            # Nothing to undo when the database has undone the whole transaction by itself.
            with contextlib.suppress(SQLAlchemyError):
                self.session.close()
            del self.__dict__["session"]

    @cached_property
    def inbox(self) -> Inbox:
        """What people did."""
        return Inbox(self.conn, self.keyring, self.dialect)

    @cached_property
    def conversations(self) -> Conversations:
        """How each talk stands."""
        return Conversations(self.conn, self.keyring, self.dialect)

    @cached_property
    def turns(self) -> Turns:
        """What was understood and what followed."""
        return Turns(self.conn, self.keyring, self.dialect)

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be said."""
        return Outbox(self.conn, self.keyring, self.dialect)

    @cached_property
    def timers(self) -> Timers:
        """Reminders and expiries of questions."""
        return Timers(self.conn, self.keyring, self.dialect)

    @cached_property
    def web_sessions(self) -> WebSessions:
        """Browsers that hold a secret."""
        return WebSessions(self.conn, self.keyring, self.dialect)

    @cached_property
    def cases(self) -> Cases:
        """What was filed, with its history."""
        return Cases(self.conn, self.keyring, self.dialect)

    @cached_property
    def disputes(self) -> Disputes:
        """Money under claim."""
        return Disputes(self.conn, self.keyring, self.dialect)

    @cached_property
    def alerts(self) -> Alerts:
        """Deadlines that staff must see."""
        return Alerts(self.conn, self.keyring, self.dialect)

    @cached_property
    def suspensions(self) -> Suspensions:
        """Orders to suspend a service."""
        return Suspensions(self.conn, self.keyring, self.dialect)

    @cached_property
    def agreements(self) -> Agreements:
        """Payment agreements."""
        return Agreements(self.conn, self.keyring, self.dialect)

    @cached_property
    def files(self) -> Files:
        """What is known of photos and documents."""
        return Files(self.conn, self.keyring, self.dialect)

    @cached_property
    def consents(self) -> Consents:
        """Every yes and no to a use of personal data."""
        return Consents(self.conn, self.keyring, self.dialect)

    @cached_property
    def handoffs(self) -> Handoffs:
        """Who waits for a person."""
        return Handoffs(self.conn, self.keyring, self.dialect)

    @cached_property
    def emergencies(self) -> Emergencies:
        """Dangers that were reported."""
        return Emergencies(self.conn, self.keyring, self.dialect)

    @cached_property
    def customers(self) -> Customers:
        """Accounts, bills and sectors."""
        return Customers(self.conn, self.keyring, self.dialect)

    @cached_property
    def outages(self) -> Outages:
        """Interruptions of a service."""
        return Outages(self.conn, self.keyring, self.dialect)

    @cached_property
    def outage_news(self) -> OutageNews:
        """Who follows an outage, what is to be told, and what operations have to decide."""
        return OutageNews(self.conn, self.keyring, self.dialect)

    @cached_property
    def reports(self) -> Reports:
        """Faults that people told of."""
        return Reports(self.conn, self.keyring, self.dialect)

    @cached_property
    def jobs(self) -> Jobs:
        """Runs of scheduled jobs."""
        return Jobs(self.conn, self.keyring, self.dialect)

    @cached_property
    def questions(self) -> Questions:
        """Questions that no article answered."""
        return Questions(self.conn, self.keyring, self.dialect)

    @cached_property
    def doubts(self) -> Doubts:
        """What understanding got wrong."""
        return Doubts(self.conn, self.keyring, self.dialect)

    @cached_property
    def ratings(self) -> Ratings:
        """Marks given to the attention."""
        return Ratings(self.conn, self.keyring, self.dialect)

    @cached_property
    def attempts(self) -> Attempts:
        """Tries that are counted against a limit."""
        return Attempts(self.conn, self.keyring, self.dialect)

    @cached_property
    def papers(self) -> Papers:
        """Documents drawn on demand."""
        return Papers(self.conn, self.keyring, self.dialect)

    @cached_property
    def imports(self) -> Imports:
        """How far files came."""
        return Imports(self.conn, self.keyring, self.dialect)

    @cached_property
    def payments(self) -> Payments:
        """Money that came in."""
        return Payments(self.conn, self.keyring, self.dialect)

    @cached_property
    def payment_proofs(self) -> PaymentProofs:
        """Receipts that people sent."""
        return PaymentProofs(self.conn, self.keyring, self.dialect)

    @cached_property
    def errands(self) -> Errands:
        """Flows that we begin."""
        return Errands(self.conn, self.keyring, self.dialect)

    @cached_property
    def notices(self) -> Notices:
        """Messages that people were chosen for."""
        return Notices(self.conn, self.keyring, self.dialect)

    @cached_property
    def providers(self) -> Providers:
        """What providers say apart from messages."""
        return Providers(self.conn, self.keyring, self.dialect)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What people asked to get, and how."""
        return Subscriptions(self.conn, self.keyring, self.dialect)

    @cached_property
    def people(self) -> People:
        """Which conversations and accounts are of one human being."""
        return People(self.conn, self.keyring, self.dialect)

    @cached_property
    def codes(self) -> Codes:
        """One-time codes that prove something."""
        return Codes(self.conn, self.keyring, self.dialect)

    @cached_property
    def leaders(self) -> Leaders:
        """Who speaks for a sector."""
        return Leaders(self.conn, self.keyring, self.dialect)

    @cached_property
    def interventions(self) -> Interventions:
        """What the company does in the street."""
        return Interventions(self.conn, self.keyring, self.dialect)

    @cached_property
    def commitments(self) -> Commitments:
        """What the company promised to a sector."""
        return Commitments(self.conn, self.keyring, self.dialect)

    @cached_property
    def agenda(self) -> Agenda:
        """Times in which an office attends, and who has them."""
        return Agenda(self.conn, self.keyring, self.dialect)

    @cached_property
    def crews(self) -> Crews:
        """Badges of who works in the street."""
        return Crews(self.conn, self.keyring, self.dialect)

    @cached_property
    def territory(self) -> Territory:
        """Counts of a sector."""
        return Territory(self.conn, self.keyring, self.dialect)

    @cached_property
    def waiting(self) -> Waiting:
        """What waits until its person writes."""
        return Waiting(self.conn, self.keyring, self.dialect)

    @cached_property
    def waves(self) -> Waves:
        """One text for many."""
        return Waves(self.conn, self.keyring, self.dialect)
