"""Tables of what a provider says apart from messages: our templates, what a message cost, and people who moved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from storage.rows.base import Row, moment, number, words, yes_no


class TemplateFactRow(Row, table=True):
    """The last thing a provider said of one of our templates, by ``what``: state, category, quality, reason, words."""

    __tablename__ = "template_facts"

    name: str = words(key=True)
    language: str = words(key=True)
    what: str = words(key=True)
    value: str = words()
    at: datetime = moment()


class MessagePriceRow(Row, table=True):
    """What a provider says one message of an outbox row costs; ``ref`` is its id there."""

    __tablename__ = "message_prices"
    __table_args__ = (
        Index("ix_message_prices_outbox_id", "outbox_id"),
        Index("ix_message_prices_at", "at"),
    )

    ref: str = words(key=True)
    outbox_id: int = number()
    category: str = words()
    model: str = words()
    kind: str = words()
    billable: bool = yes_no()
    delivered: bool = yes_no()
    at: datetime = moment()


class ConversationMoveRow(Row, table=True):
    """Whose address changed: what comes for the conversation ``named`` belongs to ``conversation_id``."""

    __tablename__ = "conversation_moves"

    named: str = words(key=True)
    conversation_id: str = words()
    at: datetime = moment()
