"""Tables of what people report of the service: faults, who joined them, and what follows for operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, document, moment, number, sealed, where, words, yes_no

#: The condition of the partial indexes over reports that are still worked on; statements repeat it literally.
REPORT_IS_OPEN = "estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')"


class ReportCounterRow(Row, table=True):
    """The last number of a report given in a year; taken inside the transaction that keeps it."""

    __tablename__ = "report_counters"

    year: int = number(key=True)
    last: int = number()


class ReportRow(Row, table=True):
    """A fault that somebody told of; where and in what words are sealed, what is needed to match stays coarse.

    ``cell`` is a square some two hundred metres wide; ``place_index`` a blind index of the address.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("numero"),
        UniqueConstraint("year", "seq"),
        Index("ix_reports_cell", "cell", **where(REPORT_IS_OPEN)),
        Index("ix_reports_place", "place_index", **where(REPORT_IS_OPEN)),
        Index("ix_reports_sector", "sector", **where(REPORT_IS_OPEN)),
        Index("ix_reports_conversation", "conversation_id"),
        Index("ix_reports_outage", "outage_id", **where("outage_id is not null")),
        Index("ix_reports_created_at", "created_at"),
        Index("ix_reports_cuenta", "cuenta", **where("cuenta is not null")),
        Index("ix_reports_restored", "updated_at", **where("estado = 'RESTABLECIDA'")),
    )

    id: str = words(key=True)
    numero: str = words()
    year: int = number()
    seq: int = number()
    servicio: str = words()
    tipo: str = words()
    estado: str = words()
    canal: str = words()
    conversation_id: str | None = words(null=True)
    cuenta: str | None = words(null=True)
    municipio: str | None = words(null=True)
    sector: str | None = words(null=True)
    cell: str | None = words(null=True)
    place_index: str | None = words(null=True)
    place: bytes = sealed()
    story: bytes | None = sealed(null=True)
    anexos: list[str] = document()
    critico: bool = yes_no()
    outage_id: str | None = words(null=True)
    reopened: int = number()
    version: int = number()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ReportEventRow(Row, table=True):
    """Something that happened to a report; ``data`` holds nothing of the person."""

    __tablename__ = "report_events"
    __table_args__ = (Index("ix_report_events_report", "report_id", "id"), NEVER_AGAIN)

    id: int = counted()
    report_id: str = words(to="reports.id")
    at: datetime = moment()
    kind: str = words()
    actor: str = words()
    data: dict[str, Any] = document()


class ReportFollowerRow(Row, table=True):
    """Somebody who has the same fault and joined its report; without authorisation of data they have no talk here."""

    __tablename__ = "report_followers"
    __table_args__ = (
        UniqueConstraint("report_id", "conversation_id"),
        Index("ix_report_followers_conversation", "conversation_id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    report_id: str = words(to="reports.id")
    conversation_id: str | None = words(null=True)
    critico: bool = yes_no()
    at: datetime = moment()


class OutageFollowerRow(Row, table=True):
    """Somebody who asked to be told of an outage."""

    __tablename__ = "outage_followers"
    __table_args__ = (Index("ix_outage_followers_conversation", "conversation_id"),)

    outage_id: str = words(key=True, to="outages.id")
    conversation_id: str = words(key=True)
    sector: str | None = words(null=True)
    at: datetime = moment()


class OutageProposalRow(Row, table=True):
    """Many reports of one service in one zone: perhaps an outage; operations decide. One open per zone."""

    __tablename__ = "outage_proposals"
    __table_args__ = (
        Index("ix_outage_proposals_open", "servicio", "zona", unique=True, **where("estado = 'abierta'")),
        NEVER_AGAIN,
    )

    id: int = counted()
    servicio: str = words()
    zona: str = words()
    sector: str | None = words(null=True)
    estado: str = words()
    reportes: int = number()
    at: datetime = moment()
    decided_at: datetime | None = moment(null=True)
    decided_by: str | None = words(null=True)
    outage_id: str | None = words(null=True)


class OutageNewsRow(Row, table=True):
    """A change of a report or an outage that its people have to be told of."""

    __tablename__ = "outage_news"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "version"),
        Index("ix_outage_news_untold", "id", **where("told_at is null")),
        NEVER_AGAIN,
    )

    id: int = counted()
    subject: str = words()
    subject_id: str = words()
    version: int = number()
    estado: str = words()
    at: datetime = moment()
    told_at: datetime | None = moment(null=True)
