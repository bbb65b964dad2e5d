"""The table of questions that no article answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from storage.rows.base import NEVER_AGAIN, Row, counted, moment, sealed


class QuestionRow(Row, table=True):
    """What somebody asked and the assistant did not know; sealed, and without who asked."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (Index("ix_unanswered_questions_at", "at"), NEVER_AGAIN)

    id: int = counted()
    question: bytes = sealed()
    at: datetime = moment()
