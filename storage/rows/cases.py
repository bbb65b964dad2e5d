"""Tables of the cases: what was filed, its history, its files and the alerts for staff."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, document, moment, number, sealed, where, words, yes_no


class RadicadoCounterRow(Row, table=True):
    """The last number given in a year; taken inside the transaction that files, so no number is skipped."""

    __tablename__ = "radicado_counters"

    year: int = number(key=True)
    last: int = number()


class CaseRow(Row, table=True):
    """A petición, queja, reclamo or recurso as it was filed; who and what are sealed, look-ups are blind."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("radicado"),
        UniqueConstraint("year", "number"),
        Index("ix_cases_conversation_id", "conversation_id"),
        Index("ix_cases_cuenta", "cuenta"),
        Index("ix_cases_documento", "documento_index"),
        Index("ix_cases_correo", "correo_index"),
        Index("ix_cases_telefono", "telefono_index"),
        Index("ix_cases_radicado_at", "radicado_at"),
        Index("ix_cases_due", "vence_on", **where("respondido_at is null")),
    )

    id: str = words(key=True)
    radicado: str = words()
    year: int = number()
    number: int = number()
    tipo: str = words()
    subtipo: str | None = words(null=True)
    termino: str = words()
    estado: str = words()
    canal: str = words()
    conversation_id: str | None = words(null=True)
    servicio: str | None = words(null=True)
    cuenta: str | None = words(null=True)
    cuenta_en_base: bool = yes_no()
    relato: bytes = sealed()
    persona: bytes = sealed()
    datos: bytes = sealed()
    respuesta: bytes | None = sealed(null=True)
    documento_index: str | None = words(null=True)
    correo_index: str | None = words(null=True)
    telefono_index: str | None = words(null=True)
    anonimo: bool = yes_no()
    notificacion: str | None = words(null=True)
    marcas: list[str] = document()
    anexos: list[str] = document()
    codigo_hash: str | None = words(null=True)
    recibido_at: datetime = moment()
    radicado_at: datetime = moment()
    vence_on: date | None = day(null=True)
    vence_b_on: date | None = day(null=True)
    respondido_at: datetime | None = moment(null=True)
    content_hash: str = words()


class CaseEventRow(Row, table=True):
    """Something that happened to a case; append-only."""

    __tablename__ = "case_events"
    __table_args__ = (
        Index("ix_case_events_case_id", "case_id", "id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    case_id: str = words(to="cases.id")
    at: datetime = moment()
    kind: str = words()
    actor: str = words()
    data: bytes = sealed()


class AlertRow(Row, table=True):
    """A deadline that staff must see; one of a kind per case."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        Index("ix_alerts_unseen", "at", **where("seen_at is null")),
        NEVER_AGAIN,
    )

    id: int = counted()
    case_id: str = words(to="cases.id")
    kind: str = words()
    at: datetime = moment()
    seen_at: datetime | None = moment(null=True)
    seen_by: str | None = words(null=True)


class FileRow(Row, table=True):
    """A photo or document that a person sent; its bytes are sealed in the file store at ``path``."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_conversation_id", "conversation_id"),
        Index("ix_files_case_id", "case_id", **where("case_id is not null")),
        Index("ix_files_path", "path"),
    )

    id: str = words(key=True)
    conversation_id: str = words()
    case_id: str | None = words(null=True)
    kind: str = words()
    mime: str = words()
    size: int = number()
    sha256: str | None = words(null=True)
    name: bytes | None = sealed(null=True)
    path: str | None = words(null=True)
    state: str = words()
    reason: str | None = words(null=True)
    created_at: datetime = moment()
