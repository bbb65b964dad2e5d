"""Tables of the machine's own work: job runs and counted tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index

from storage.rows.base import NEVER_AGAIN, Row, counted, document, moment, words


class JobRunRow(Row, table=True):
    """A run of a job that was due; one per job and due moment, whoever wakes it."""

    __tablename__ = "job_runs"

    job: str = words(key=True)
    due_at: datetime = moment(key=True)
    started_at: datetime = moment()
    finished_at: datetime | None = moment(null=True)
    result: dict[str, Any] | None = document(null=True)
    error: str | None = words(null=True)


class AttemptRow(Row, table=True):
    """A try that is counted against a limit; ``key`` is a blind index of what was tried."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_key", "key", "at"),
        NEVER_AGAIN,
    )

    id: int = counted()
    key: str = words()
    at: datetime = moment()
