"""Tables of the main road: what came in, how the talk stands, what was decided, what goes out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, moment, number, sealed, where, words


class InboxRow(Row, table=True):
    """A thing a person did, kept before it is thought about; ``state``: new, done, dead."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "key"),
        Index("ix_inbox_waiting", "conversation_id", **where("state = 'new'")),
        Index("ix_inbox_transcript", "conversation_id", "seq"),
        NEVER_AGAIN,
    )

    id: int = counted()
    channel: str = words()
    account: str = words()
    key: str = words()
    conversation_id: str = words()
    kind: str = words()
    address: bytes = sealed()
    payload: bytes = sealed()
    sent_at: datetime = moment()
    received_at: datetime = moment()
    attempts: int = number()
    state: str = words()
    outcome: str | None = words(null=True)
    turn: int | None = number(null=True)
    seq: int | None = number(null=True)
    finished_at: datetime | None = moment(null=True)


class ConversationRow(Row, table=True):
    """How the talk with one address stands; ``state`` is one sealed document, ``version`` guards it."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_not_bot", "mode", **where("mode <> 'bot'")),)

    id: str = words(key=True)
    version: int = number()
    seq: int = number()
    mode: str = words()
    state: bytes = sealed()
    address: bytes = sealed()
    last_inbound_at: datetime | None = moment(null=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class TurnRow(Row, table=True):
    """What was understood and what followed in one turn; append-only."""

    __tablename__ = "turns"

    conversation_id: str = words(key=True)
    turn: int = number(key=True)
    inbox_id: int | None = number(null=True)
    record: bytes = sealed()
    at: datetime = moment()


class OutboxRow(Row, table=True):
    """A thing to say, written in the transaction that decided it and sent after.

    ``state``: queued, sending, sent, delivered, read, unknown, failed, dead. ``fence`` rises with every claim and every
    mark, so a sender that lost its lease cannot write any more.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_due", "channel", "account", "priority", "id", "not_before", **where("state = 'queued'")),
        Index("ix_outbox_unsent", "conversation_id", "priority", "id", **where("state in ('queued', 'sending')")),
        Index("ix_outbox_leases", "lease_until", **where("state = 'sending'")),
        Index("ix_outbox_trouble", "state", "state_at", **where("state in ('unknown', 'failed', 'dead')")),
        Index("ix_outbox_transcript", "conversation_id", "seq"),
        Index("ix_outbox_ref", "ref", **where("ref is not null")),
        Index("ix_outbox_inbox", "inbox_id", **where("inbox_id is not null")),
        NEVER_AGAIN,
    )

    id: int = counted()
    key: str = words()
    conversation_id: str = words()
    channel: str = words()
    account: str = words()
    kind: str = words()
    address: bytes = sealed()
    payload: bytes = sealed()
    seq: int = number()
    priority: int = number()
    inbox_id: int | None = number(null=True)
    created_at: datetime = moment()
    not_before: datetime = moment()
    not_after: datetime | None = moment(null=True)
    state: str = words()
    state_at: datetime = moment()
    fence: int = number()
    attempts: int = number()
    lease_until: datetime | None = moment(null=True)
    worker: str | None = words(null=True)
    ref: str | None = words(null=True)
    code: str | None = words(null=True)


class OutboxAttemptRow(Row, table=True):
    """One try to send, with the redacted exchange; append-only."""

    __tablename__ = "outbox_attempts"
    __table_args__ = (
        Index("ix_outbox_attempts_outbox_id", "outbox_id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    outbox_id: int = number()
    fence: int = number()
    at: datetime = moment()
    verdict: str = words()
    code: str = words()
    exchange: bytes = sealed()


class TimerRow(Row, table=True):
    """A question that wants to be reminded or given up at ``due_at``; one of a kind per conversation."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("conversation_id", "kind"),
        Index("ix_timers_due_at", "due_at"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    kind: str = words()
    slot: str = words()
    turn: int = number()
    due_at: datetime = moment()


class WebSessionRow(Row, table=True):
    """A browser that holds a secret; only the hash of the secret is kept."""

    __tablename__ = "web_sessions"
    __table_args__ = (Index("ix_web_sessions_seen_at", "seen_at"),)

    secret_hash: str = words(key=True)
    conversation_id: str = words()
    origin: str = words()
    created_at: datetime = moment()
    seen_at: datetime = moment()


class RetentionGateRow(Row, table=True):
    """Filled only inside a purge: until when an append-only table may be deleted from; its triggers look here."""

    __tablename__ = "retention_gate"

    name: str = words(key=True)
    before_at: datetime = moment()
