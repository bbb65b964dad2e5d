"""The tables of what understanding got wrong, kept until staff have looked at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index

from storage.rows.base import NEVER_AGAIN, Row, counted, document, moment, number, sealed, words


class NluDoubtRow(Row, table=True):
    """Words that were not understood, or understood wrongly: masked, sealed, and one row however often they are said.

    ``text_index`` is a blind index of the words in one spelling. ``only_by`` is the blind index of the conversation as
    long as a single one said them, so that whoever takes the authorisation back takes them along.
    """

    __tablename__ = "nlu_doubts"
    __table_args__ = (
        Index("uq_nlu_doubts_text", "text_index", unique=True),
        Index("ix_nlu_doubts_state", "state", "heard"),
        Index("ix_nlu_doubts_touched_at", "touched_at"),
        Index("ix_nlu_doubts_only_by", "only_by"),
        NEVER_AGAIN,
    )

    id: int = counted()
    text_index: str = words()
    said: bytes = sealed()
    reason: str = words()
    asked: str = words()
    ranking: list[list[Any]] = document()
    heard: int = number()
    only_by: str | None = words(null=True)
    language: str = words()
    model_sha256: str = words()
    state: str = words()
    label: str | None = words(null=True)
    decided_by: str | None = words(null=True)
    first_at: datetime = moment()
    touched_at: datetime = moment()


class NluDoubtChoiceRow(Row, table=True):
    """How often people who said something began this errand next: their own answer to what they had meant."""

    __tablename__ = "nlu_doubt_choices"

    doubt_id: int = number(key=True, to="nlu_doubts.id")
    intent: str = words(key=True)
    times: int = number()
