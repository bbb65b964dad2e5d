"""Tables about people who write: what they agreed to, who waits for a person, who is in danger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from storage.rows.base import NEVER_AGAIN, Row, counted, moment, number, sealed, where, words, yes_no


class ConsentRow(Row, table=True):
    """A yes or a no to a use of personal data, with the proof that Ley 1581 asks for; append-only."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_current", "conversation_id", "topic", "id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    topic: str = words()
    granted: bool = yes_no()
    version: str = words()
    text_sha256: str = words()
    channel: str = words()
    inbox_key: str = words()
    at: datetime = moment()


class HandoffRow(Row, table=True):
    """A conversation that waits for a person or has one; ``state``: queued, with_person, returned, closed."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open",
            "conversation_id",
            unique=True,
            **where("state in ('queued', 'with_person')"),
        ),
        Index("ix_handoffs_conversation_id", "conversation_id"),
        Index("ix_handoffs_queue", "opened_at", "id", **where("state = 'queued'")),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    reason: str = words()
    case_id: str | None = words(null=True)
    first: bool = yes_no()
    state: str = words()
    actor: str | None = words(null=True)
    opened_at: datetime = moment()
    taken_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)
    preferential: bool = yes_no()


class EmergencyRow(Row, table=True):
    """A danger that somebody reported; ``state``: open, attended."""

    __tablename__ = "emergencies"
    __table_args__ = (
        Index("ix_emergencies_open", "at", **where("state = 'open'")),
        Index("ix_emergencies_conversation_id", "conversation_id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    kind: str = words()
    report: bytes = sealed()
    place: bytes | None = sealed(null=True)
    state: str = words()
    at: datetime = moment()
    attended_at: datetime | None = moment(null=True)
    attended_by: str | None = words(null=True)


class RatingRow(Row, table=True):
    """A mark from 1 to 5, and what it is ``about``: interaction (one errand, ``flow``) or case (``case_id``)."""

    __tablename__ = "ratings"
    __table_args__ = (
        Index("ix_ratings_at", "at"),
        Index("ix_ratings_case_id", "case_id", **where("case_id is not null")),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    mark: int = number()
    at: datetime = moment()
    about: str = words()
    flow: str | None = words(null=True)
    case_id: str | None = words(null=True)
    comment: bytes | None = sealed(null=True)


class AssistantComplaintRow(Row, table=True):
    """What somebody said against the assistant itself, in their own words."""

    __tablename__ = "assistant_complaints"
    __table_args__ = (Index("ix_assistant_complaints_at", "at"), NEVER_AGAIN)

    id: int = counted()
    conversation_id: str = words()
    said: bytes = sealed()
    at: datetime = moment()
