"""Forgets what the law no longer asks to keep, a bounded piece at a time.

Ley 1581/2012 and Decreto 1377/2013 art. 11: personal data is kept no longer than its purpose or a legal duty needs.
The append-only tables only let go what is older than the moment written in ``retention_gate``, a row that exists inside
this transaction and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, delete, exists, insert, or_, select

from storage.repos.base import fixed
from storage.repos.files import WHILE_OPEN
from storage.rows.agreements import (
    AcceptanceRow,
    AgreementEventRow,
    AgreementPaymentRow,
    AgreementRow,
    InstalmentRow,
)
from storage.rows.base import table
from storage.rows.billing import ImportRow, PaperRow, PaymentProofRow, SuspensionRow
from storage.rows.cases import AlertRow, CaseEventRow, CaseRow, FileRow
from storage.rows.community import (
    AgendaBookingRow,
    ConfirmationRow,
    ImpostorReportRow,
    InterventionRow,
    LeaderRow,
    LeaderSectorRow,
)
from storage.rows.company import OutageRow
from storage.rows.disputes import DisputeRow
from storage.rows.identity import OneTimeCodeRow, PersonAccountRow, PersonLinkRow, PersonRow
from storage.rows.knowledge import QuestionRow
from storage.rows.learning import NluDoubtChoiceRow, NluDoubtRow
from storage.rows.messages import (
    ConversationRow,
    InboxRow,
    OutboxAttemptRow,
    OutboxRow,
    RetentionGateRow,
    TimerRow,
    TurnRow,
    WebSessionRow,
)
from storage.rows.notices import ErrandRow, NoticePrefRow, NoticeRow, NoticeWaveRow, SubscriptionRow
from storage.rows.people import AssistantComplaintRow, ConsentRow, EmergencyRow, HandoffRow, RatingRow
from storage.rows.providers import ConversationMoveRow, MessagePriceRow
from storage.rows.reports import OutageFollowerRow, OutageNewsRow, ReportEventRow, ReportFollowerRow, ReportRow
from storage.rows.work import AttemptRow, JobRunRow
from storage.uow import UnitOfWork

#: A case in one of these states is over; nothing else of a case is ever forgotten.
OVER = ("EN_FIRME", "DESISTIDO", "ARCHIVADO")
#: In these states of a work nobody looks at the photos of neighbours any more.
WORK_OVER = ("CONFIRMADA", "CANCELADA")
#: An agreement in one of these states is over; the books are kept ten years after (Código de Comercio art. 60).
AGREEMENT_OVER = ("RECHAZADO", "CUMPLIDO", "INCUMPLIDO", "ANULADO")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How many days each thing is kept; ``batch`` bounds the rows of a table that one call lets go."""

    messages_days: int = 730
    exchanges_days: int = 30
    sessions_days: int = 90
    loose_files_days: int = 90
    cases_days: int = 5 * 366
    consents_days: int = 5 * 366
    agreements_days: int = 10 * 366
    work_days: int = 90
    attempts_days: int = 2
    doubts_days: int = 90
    batch: int = 500


@dataclass(frozen=True, slots=True)
class Purged:
    """What was forgotten: rows by table, and the paths in the file store to erase once the transaction is committed.

    ``more`` tells that some table reached the batch: call again.
    """

    rows: dict[str, int] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    more: bool = False


def purge(uow: UnitOfWork, now: datetime, policy: RetentionPolicy) -> Purged:
    """Forget one batch of everything that is older than the policy keeps; repeating it is harmless.

    Conversations with something waiting, unsent, open or filed are kept whole. Run it in a work of its own and give the
    paths to ``FileStore.erase`` afterwards.
    """
    return _Purge(uow.conn, now, policy).run()


class _Purge:
    def __init__(self, conn: Connection, now: datetime, policy: RetentionPolicy) -> None:
        self._conn = conn
        self._now = now
        self._policy = policy
        self._rows: dict[str, int] = {}
        self._more = False

    def run(self) -> Purged:
        """Do all of it in the order in which tables lean on one another."""
        policy = self._policy
        attempts, runs, sessions = table(AttemptRow), table(JobRunRow), table(WebSessionRow)
        codes = table(OneTimeCodeRow)
        self._delete(attempts, attempts.c.at < self._before(policy.attempts_days))
        self._delete(codes, codes.c.at < self._before(policy.attempts_days))
        self._delete(runs, runs.c.due_at < self._before(policy.work_days), key="due_at")
        self._delete(sessions, sessions.c.seen_at < self._before(policy.sessions_days), key="secret_hash")
        questions = table(QuestionRow)
        self._delete(questions, questions.c.at < self._before(policy.messages_days))
        self._doubts(self._before(policy.doubts_days))
        self._delete_kept(table(OutboxAttemptRow), policy.exchanges_days)
        # Before the records that keep files while they are open: without their record nothing would ever let them go.
        paths = self._files(table(FileRow).c.created_at < self._before(policy.loose_files_days))
        self._messages(policy.messages_days)
        self._notices(policy.messages_days)
        self._providers(self._before(policy.messages_days))
        self._billing(policy)
        self._people()
        self._reports(self._before(policy.messages_days))
        self._neighbours(self._before(policy.messages_days))
        paths += self._agreements(self._before(policy.agreements_days))
        paths += self._cases(self._before(policy.cases_days))
        self._delete_kept(table(ConsentRow), policy.consents_days)
        return Purged(self._rows, self._unused(paths), self._more)

    def _before(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _doubts(self, before: datetime) -> None:
        """Forget words that were not understood, whatever staff decided on them, once nobody says them any more."""
        doubts, choices = table(NluDoubtRow), table(NluDoubtChoiceRow)
        old = select(doubts.c.id).where(doubts.c.touched_at < before).limit(self._policy.batch)
        ids = list(self._conn.execute(old).scalars())
        if ids:
            self._count(choices, self._conn.execute(delete(choices).where(choices.c.doubt_id.in_(ids))).rowcount)
            self._count(doubts, self._conn.execute(delete(doubts).where(doubts.c.id.in_(ids))).rowcount)

    def _providers(self, before: datetime) -> None:
        """Forget what old messages cost, and who moved where once neither conversation is there any more."""
        prices, moves, talks = table(MessagePriceRow), table(ConversationMoveRow), table(ConversationRow)
        self._delete(prices, prices.c.at < before, key="ref")
        # The old number keeps leading elsewhere while the talk that was named by it lives: a stranger may have it now.
        gone = ~exists().where(talks.c.id.in_([moves.c.conversation_id, moves.c.named]))
        self._delete(moves, moves.c.at < before, gone, key="named")

    def _messages(self, days: int) -> None:
        before = self._before(days)
        inbox, outbox, talks = table(InboxRow), table(OutboxRow), table(ConversationRow)
        handoffs, dangers, timers = table(HandoffRow), table(EmergencyRow), table(TimerRow)
        self._delete(inbox, inbox.c.state != fixed("new"), inbox.c.received_at < before)
        self._delete(outbox, outbox.c.state.not_in([fixed("queued"), fixed("sending")]), outbox.c.created_at < before)
        self._delete_kept(table(TurnRow), days, key="conversation_id")
        self._delete(handoffs, handoffs.c.closed_at < before)
        self._delete(dangers, dangers.c.attended_at < before)
        marks, complaints = table(RatingRow), table(AssistantComplaintRow)
        self._delete(marks, marks.c.at < before)
        self._delete(complaints, complaints.c.at < before)
        self._delete(
            talks,
            talks.c.updated_at < before,
            *(
                ~exists().where(other.c.conversation_id == talks.c.id)
                for other in (inbox, outbox, handoffs, dangers, timers, table(AgreementRow), table(CaseRow))
            ),
            *self._nothing_to_come(talks),
        )

    def _nothing_to_come(self, talks: Table) -> tuple[ColumnElement[bool], ...]:
        """Return what says that nobody waits for a message of ours in a talk: no subscription, errand or open payment."""
        wanted, errands, proofs = table(SubscriptionRow), table(ErrandRow), table(PaymentProofRow)
        return (
            ~exists().where(proofs.c.conversation_id == talks.c.id, proofs.c.state == fixed("open")),
            ~exists().where(wanted.c.conversation_id == talks.c.id, wanted.c.state == fixed("on")),
            ~exists().where(errands.c.conversation_id == talks.c.id, errands.c.state == fixed("waiting")),
        )

    def _notices(self, days: int) -> None:
        """Forget what we began and how it ended, and the wishes of talks that are gone."""
        before, talks = self._before(days), table(ConversationRow)
        notices, errands, waves = table(NoticeRow), table(ErrandRow), table(NoticeWaveRow)
        self._delete(notices, notices.c.created_at < before, notices.c.not_before < before)
        self._delete(errands, errands.c.finished_at < before)
        self._delete(waves, waves.c.finished_at < before)
        for wishes in (table(SubscriptionRow), table(NoticePrefRow)):
            gone = ~exists().where(talks.c.id == wishes.c.conversation_id)
            self._delete(wishes, gone, key="conversation_id")

    def _billing(self, policy: RetentionPolicy) -> None:
        """Forget offered documents, payments that staff decided on, how far old imports came, and suspensions long over."""
        papers, proofs, imports = table(PaperRow), table(PaymentProofRow), table(ImportRow)
        self._delete(papers, papers.c.at < self._before(policy.loose_files_days))
        self._delete(proofs, proofs.c.closed_at < self._before(policy.messages_days))
        self._delete(imports, imports.c.at < self._before(policy.work_days))
        orders = table(SuspensionRow)
        self._delete(orders, orders.c.lifted_at < self._before(policy.cases_days))

    def _people(self) -> None:
        """Cut persons from conversations that are gone, and erase those who have none left."""
        talks, links = table(ConversationRow), table(PersonLinkRow)
        persons, accounts = table(PersonRow), table(PersonAccountRow)
        self._delete(links, ~exists().where(talks.c.id == links.c.conversation_id), key="conversation_id")
        alone = ~exists().where(links.c.person_id == persons.c.id)
        gone = list(self._conn.execute(select(persons.c.id).where(alone).limit(self._policy.batch)).scalars())
        if gone:
            self._count(accounts, self._conn.execute(delete(accounts).where(accounts.c.person_id.in_(gone))).rowcount)
            self._count(persons, self._conn.execute(delete(persons).where(persons.c.id.in_(gone))).rowcount)

    def _reports(self, before: datetime) -> None:
        """Forget reports that are over, with who joined them; an outage stays, those who followed it do not."""
        reports, events, joined = table(ReportRow), table(ReportEventRow), table(ReportFollowerRow)
        outages, followers, told = table(OutageRow), table(OutageFollowerRow), table(OutageNewsRow)
        over = select(reports.c.id).where(
            reports.c.estado.in_([fixed("CERRADA"), fixed("CANCELADA")]), reports.c.updated_at < before
        )
        ids = list(self._conn.execute(over.limit(self._policy.batch)).scalars())
        if ids:
            for child in (events, joined):
                self._count(child, self._conn.execute(delete(child).where(child.c.report_id.in_(ids))).rowcount)
            self._count(reports, self._conn.execute(delete(reports).where(reports.c.id.in_(ids))).rowcount)
        self._delete(told, told.c.told_at < before)
        ended = select(outages.c.id).where(
            outages.c.estado.in_([fixed("RESTABLECIDA"), fixed("CERRADA"), fixed("CANCELADA")]),
            outages.c.updated_at < before,
        )
        self._delete(followers, followers.c.outage_id.in_(ended), key="outage_id")

    def _neighbours(self, before: datetime) -> None:
        """Forget what single neighbours said and asked for; works, commitments and leaders in office stay."""
        bookings, answers, warnings = table(AgendaBookingRow), table(ConfirmationRow), table(ImpostorReportRow)
        self._delete(bookings, bookings.c.at < before)
        self._delete(answers, answers.c.at < before)
        self._delete(warnings, warnings.c.attended_at < before)
        leaders, sectors = table(LeaderRow), table(LeaderSectorRow)
        over = select(leaders.c.id).where(
            leaders.c.estado.in_([fixed("RECHAZADO"), fixed("VENCIDO")]), leaders.c.updated_at < before
        )
        ids = list(self._conn.execute(over.limit(self._policy.batch)).scalars())
        if ids:
            self._count(sectors, self._conn.execute(delete(sectors).where(sectors.c.leader_id.in_(ids))).rowcount)
            self._count(leaders, self._conn.execute(delete(leaders).where(leaders.c.id.in_(ids))).rowcount)

    def _cases(self, before: datetime) -> list[str]:
        cases, events = table(CaseRow), table(CaseEventRow)
        newer = exists().where(events.c.case_id == cases.c.id, events.c.at >= before)
        over = select(cases.c.id).where(cases.c.estado.in_(OVER), cases.c.radicado_at < before, ~newer)
        ids = list(self._conn.execute(over.limit(self._policy.batch)).scalars())
        if not ids:
            return []
        self._gate(events, before)
        self._count(events, self._conn.execute(delete(events).where(events.c.case_id.in_(ids))).rowcount)
        self._shut(events)
        for beside in (table(AlertRow), table(DisputeRow)):
            self._count(beside, self._conn.execute(delete(beside).where(beside.c.case_id.in_(ids))).rowcount)
        paths = self._files(table(FileRow).c.case_id.in_(ids), loose=False)
        self._count(cases, self._conn.execute(delete(cases).where(cases.c.id.in_(ids))).rowcount)
        return paths

    def _agreements(self, before: datetime) -> list[str]:
        agreements = table(AgreementRow)
        over = select(agreements.c.id).where(
            agreements.c.estado.in_(AGREEMENT_OVER), agreements.c.terminado_at < before
        )
        ids = list(self._conn.execute(over.limit(self._policy.batch)).scalars())
        for part in (table(AgreementEventRow), table(AgreementPaymentRow), table(AcceptanceRow)):
            if ids:
                self._gate(part, before)
                self._count(part, self._conn.execute(delete(part).where(part.c.agreement_id.in_(ids))).rowcount)
                self._shut(part)
        parts = table(InstalmentRow)
        if not ids:
            return []
        self._count(parts, self._conn.execute(delete(parts).where(parts.c.agreement_id.in_(ids))).rowcount)
        self._count(agreements, self._conn.execute(delete(agreements).where(agreements.c.id.in_(ids))).rowcount)
        return self._files(table(FileRow).c.case_id.in_(ids), loose=False)

    def _files(self, old: ColumnElement[bool], *, loose: bool = True) -> list[str]:
        files = table(FileRow)
        wanted = select(files.c.id, files.c.path).where(old)
        if loose:
            wanted = wanted.where(self._is_loose(files)).limit(self._policy.batch)
        found = self._conn.execute(wanted).all()
        if found:
            gone = delete(files).where(files.c.id.in_([row.id for row in found]))
            self._count(files, self._conn.execute(gone).rowcount)
        return [row.path for row in found if row.path]

    def _is_loose(self, files: Table) -> ColumnElement[bool]:
        """Return what says that nothing keeps a file: no owner, or one that is open no more, or is gone."""
        reports, proofs, works, leaders = (
            table(row) for row in (ReportRow, PaymentProofRow, InterventionRow, LeaderRow)
        )
        long = self._before(self._policy.loose_files_days)
        in_time = or_(works.c.terminada_at.is_(None), works.c.terminada_at >= long)
        is_open: tuple[tuple[str, Table, ColumnElement[bool]], ...] = (
            ("report", reports, reports.c.estado.not_in([fixed("CERRADA"), fixed("CANCELADA")])),
            ("payment", proofs, proofs.c.state == fixed("open")),
            ("work", works, works.c.estado.not_in([fixed(state) for state in WORK_OVER]) & in_time),
            ("leader", leaders, leaders.c.estado.not_in([fixed("RECHAZADO"), fixed("VENCIDO")])),
        )
        still = (
            files.c.case_id.in_(select(fixed(f"{WHILE_OPEN}{kind}:").op("||")(cast(kept.c.id, Text))).where(open_now))
            for kind, kept, open_now in is_open
        )
        return or_(files.c.case_id.is_(None), files.c.case_id.startswith(WHILE_OPEN) & ~or_(*still))

    def _unused(self, paths: list[str]) -> list[str]:
        """Return the paths that no file row names any more: equal files share one."""
        if not paths:
            return []
        files = table(FileRow)
        used = set(self._conn.execute(select(files.c.path).where(files.c.path.in_(paths))).scalars())
        return sorted(set(paths) - used)

    def _delete_kept(self, kept: Table, days: int, *, key: str = "id") -> None:
        """Delete the old rows of an append-only table, through its gate."""
        before = self._before(days)
        self._gate(kept, before)
        self._delete(kept, kept.c.at < before, key=key)
        self._shut(kept)

    def _delete(self, old: Table, *conditions: ColumnElement[bool], key: str = "id") -> None:
        """Delete at most a batch; where ``key`` is not unique, all rows of the keys of a batch that fit."""
        some = select(old.c[key]).where(*conditions).limit(self._policy.batch)
        self._count(old, self._conn.execute(delete(old).where(old.c[key].in_(some), *conditions)).rowcount)

    def _count(self, of: Table, rows: int) -> None:
        if rows:
            self._rows[of.name] = self._rows.get(of.name, 0) + rows
        self._more = self._more or rows >= self._policy.batch

    def _gate(self, kept: Table, before: datetime) -> None:
        self._conn.execute(insert(table(RetentionGateRow)).inline(), {"name": kept.name, "before_at": before})

    def _shut(self, kept: Table) -> None:
        gates = table(RetentionGateRow)
        self._conn.execute(delete(gates).where(gates.c.name == kept.name))
