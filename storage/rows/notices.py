"""Tables of what we begin: messages by notice, errands that wait for a quiet moment, and what people asked to get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, document, moment, number, sealed, where, words, yes_no


class NoticeRow(Row, table=True):
    """A message that somebody was chosen for: ``state`` queued, skipped (with its ``reason``) or cancelled.

    What became of a queued one is in its outbox row, whose key is ``notice.`` and this ``key``. ``contact_on`` is the
    day that it takes of the limits of Ley 2300; ``token`` begins the tokens of its buttons, whose meaning is sealed.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notices_contacts", "person", "contact_on", **where("contact_on is not null")),
        Index("ix_notices_wave", "wave_id", "state", **where("wave_id is not null")),
        Index("ix_notices_buttons", "conversation_id", "token", **where("token is not null")),
        Index("ix_notices_created_at", "created_at"),
        NEVER_AGAIN,
    )

    id: int = counted()
    key: str = words()
    conversation_id: str = words()
    person: str = words()
    channel: str = words()
    wave_id: int | None = number(null=True)
    topic: str | None = words(null=True)
    clase: str = words()
    response: str = words()
    state: str = words()
    reason: str | None = words(null=True)
    contact_on: date | None = day(null=True)
    token: str | None = words(null=True)
    choices: bytes | None = sealed(null=True)
    not_before: datetime = moment()
    created_at: datetime = moment()


class ErrandRow(Row, table=True):
    """A flow that we begin once its conversation is quiet; ``state``: waiting, begun, dropped (with its ``reason``)."""

    __tablename__ = "errands"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_errands_due", "due_at", "id", **where("state = 'waiting'")),
        Index("ix_errands_conversation", "conversation_id", **where("state = 'waiting'")),
        NEVER_AGAIN,
    )

    id: int = counted()
    key: str = words()
    conversation_id: str = words()
    flow: str = words()
    slots: bytes = sealed()
    clase: str = words()
    urgent: bool = yes_no()
    topic: str | None = words(null=True)
    due_at: datetime = moment()
    expires_at: datetime = moment()
    attempts: int = number()
    state: str = words()
    reason: str | None = words(null=True)
    created_at: datetime = moment()
    finished_at: datetime | None = moment(null=True)


class SubscriptionRow(Row, table=True):
    """What a conversation asked to get, or not to get any more; ``sector`` is empty for a topic without territory."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("conversation_id", "topic", "sector"),
        Index("ix_subscriptions_audience", "topic", "sector", "conversation_id", **where("state = 'on'")),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    topic: str = words()
    sector: str = words()
    state: str = words()
    since_at: datetime = moment()
    ended_at: datetime | None = moment(null=True)


class NoticePrefRow(Row, table=True):
    """How a conversation wants to be written to: hours of its own, nothing at all, or not possible (blocked)."""

    __tablename__ = "notice_prefs"

    conversation_id: str = words(key=True)
    hours: str = words()
    off_at: datetime | None = moment(null=True)
    blocked_at: datetime | None = moment(null=True)
    updated_at: datetime = moment()


class NoticeWaveRow(Row, table=True):
    """One text for many people; ``state``: draft, running, paused, cancelled, done. ``cursor`` is how far it came."""

    __tablename__ = "notice_waves"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notice_waves_running", "id", **where("state = 'running'")),
        NEVER_AGAIN,
    )

    id: int = counted()
    key: str = words()
    topic: str = words()
    clase: str = words()
    response: str = words()
    values: bytes = sealed()
    sectors: list[Any] | None = document(null=True)
    urgent: bool = yes_no()
    state: str = words()
    author: str = words()
    approver: str | None = words(null=True)
    cursor: str = words()
    not_after: datetime | None = moment(null=True)
    created_at: datetime = moment()
    approved_at: datetime | None = moment(null=True)
    finished_at: datetime | None = moment(null=True)
