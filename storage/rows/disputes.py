"""The table of money under claim."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, moment, number, where, words


class DisputeRow(Row, table=True):
    """Money of an account that a case discusses (Ley 142 arts. 154-155), open until its decision is notified."""

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("case_id"),
        Index("ix_disputes_open", "cuenta", **where("closed_at is null")),
        NEVER_AGAIN,
    )

    id: int = counted()
    case_id: str = words(to="cases.id")
    cuenta: str = words()
    servicio: str | None = words(null=True)
    periodo: str | None = words(null=True)
    valor: int | None = number(null=True)
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(null=True)
    reason: str | None = words(null=True)
