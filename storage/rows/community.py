"""Tables of the life of the neighbourhood: leaders, works, what was promised, appointments, and who knocks at the door."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint

from storage.rows.base import NEVER_AGAIN, Row, counted, day, document, moment, number, sealed, where, words, yes_no


class LeaderRow(Row, table=True):
    """Somebody who says to represent neighbours; ``estado``: SOLICITADO, VERIFICADO, RECHAZADO, VENCIDO."""

    __tablename__ = "leaders"
    __table_args__ = (
        Index("uq_leaders_request", "conversation_id", "rol", unique=True, **where("estado = 'SOLICITADO'")),
        Index("ix_leaders_conversation_id", "conversation_id"),
        Index("ix_leaders_estado", "estado", "id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    conversation_id: str = words()
    rol: str = words()
    persona: bytes = sealed()
    anexos: list[str] = document()
    desde_on: date | None = day(null=True)
    hasta_on: date | None = day(null=True)
    estado: str = words()
    motivo: str | None = words(null=True)
    autor: str | None = words(null=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class LeaderSectorRow(Row, table=True):
    """That a leader stands for a sector."""

    __tablename__ = "leader_sectors"
    __table_args__ = (Index("ix_leader_sectors_sector", "sector"),)

    leader_id: int = number(key=True, to="leaders.id")
    sector: str = words(key=True)


class InterventionRow(Row, table=True):
    """A work, visit, brigade, meeting or talk in sectors; ``ronda`` counts how often it was done over."""

    __tablename__ = "interventions"
    __table_args__ = (
        Index("ix_interventions_open", "estado", "starts_at", **where("estado not in ('CONFIRMADA', 'CANCELADA')")),
        NEVER_AGAIN,
    )

    id: int = counted()
    tipo: str = words()
    servicio: str | None = words(null=True)
    aspecto: str = words()
    lugar: str = words()
    indicaciones: str | None = words(null=True)
    cuadrilla: list[str] = document()
    anexos: list[str] = document()
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    estado: str = words()
    ronda: int = number()
    terminada_at: datetime | None = moment(null=True)
    version: int = number()
    avisada_version: int = number()
    autor: str = words()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class InterventionSectorRow(Row, table=True):
    """That an intervention reaches a sector."""

    __tablename__ = "intervention_sectors"
    __table_args__ = (Index("ix_intervention_sectors_sector", "sector"),)

    intervention_id: int = number(key=True, to="interventions.id")
    sector: str = words(key=True)


class InterventionEventRow(Row, table=True):
    """A change of an intervention: who, when, to what, and why."""

    __tablename__ = "intervention_events"
    __table_args__ = (Index("ix_intervention_events_intervention_id", "intervention_id", "id"), NEVER_AGAIN)

    id: int = counted()
    intervention_id: int = number(to="interventions.id")
    at: datetime = moment()
    estado: str = words()
    actor: str = words()
    nota: str | None = words(null=True)


class ConfirmationRow(Row, table=True):
    """What a neighbour says of a finished work; one answer a conversation and round, the last one counts."""

    __tablename__ = "confirmations"
    __table_args__ = (UniqueConstraint("intervention_id", "ronda", "conversation_id"), NEVER_AGAIN)

    id: int = counted()
    intervention_id: int = number(to="interventions.id")
    ronda: int = number()
    conversation_id: str = words()
    papel: str = words()
    resuelto: bool = yes_no()
    motivo: bytes | None = sealed(null=True)
    anexos: list[str] = document()
    at: datetime = moment()


class CommitmentRow(Row, table=True):
    """Something the company promised to a sector; ``estado``: ABIERTO, CUMPLIDO, ANULADO."""

    __tablename__ = "commitments"
    __table_args__ = (Index("ix_commitments_sector", "sector", "estado"), NEVER_AGAIN)

    id: int = counted()
    que: str = words()
    sector: str = words()
    responsable: str = words()
    origen: str | None = words(null=True)
    acordado_on: date = day()
    vence_on: date = day()
    estado: str = words()
    evidencia: str | None = words(null=True)
    cumplido_on: date | None = day(null=True)
    conforme: bool | None = yes_no(null=True)
    conforme_at: datetime | None = moment(null=True)
    autor: str = words()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class AgendaSlotRow(Row, table=True):
    """A time in which an office attends one person; ``lideres`` keeps it for verified leaders."""

    __tablename__ = "agenda_slots"
    __table_args__ = (
        UniqueConstraint("oficina", "starts_at"),
        Index("ix_agenda_slots_starts_at", "starts_at"),
        NEVER_AGAIN,
    )

    id: int = counted()
    oficina: str = words()
    sector: str | None = words(null=True)
    starts_at: datetime = moment()
    minutos: int = number()
    lideres: bool = yes_no()
    cerrado: bool = yes_no()


class AgendaBookingRow(Row, table=True):
    """Who has a time; ``estado``: activa, cancelada. The index lets nobody take a time that is taken."""

    __tablename__ = "agenda_bookings"
    __table_args__ = (
        Index("uq_agenda_bookings_slot", "slot_id", unique=True, **where("estado = 'activa'")),
        Index("ix_agenda_bookings_conversation_id", "conversation_id"),
        NEVER_AGAIN,
    )

    id: int = counted()
    slot_id: int = number(to="agenda_slots.id")
    conversation_id: str = words()
    tema: bytes | None = sealed(null=True)
    estado: str = words()
    at: datetime = moment()
    ended_at: datetime | None = moment(null=True)
    reminded_at: datetime | None = moment(null=True)


class CrewMemberRow(Row, table=True):
    """Somebody who works in the street, by the code of the badge; there is no document here to confirm."""

    __tablename__ = "crew_members"

    codigo: str = words(key=True)
    nombre: bytes = sealed()
    oficio: str = words()
    puede: str = words()
    desde_on: date = day()
    hasta_on: date | None = day(null=True)
    activo: bool = yes_no()


class CrewDayRow(Row, table=True):
    """That a badge is sent to a sector on a day, besides what the interventions say."""

    __tablename__ = "crew_days"

    codigo: str = words(key=True, to="crew_members.codigo")
    sector: str = words(key=True)
    dia_on: date = day(key=True)


class ImpostorReportRow(Row, table=True):
    """Somebody at the door who may not be ours; ``estado``: open, attended."""

    __tablename__ = "impostor_reports"
    __table_args__ = (Index("ix_impostor_reports_open", "at", **where("estado = 'open'")), NEVER_AGAIN)

    id: int = counted()
    conversation_id: str = words()
    sector: str | None = words(null=True)
    codigo: str | None = words(null=True)
    pide_dinero: bool = yes_no()
    relato: bytes = sealed()
    estado: str = words()
    at: datetime = moment()
    attended_at: datetime | None = moment(null=True)
    attended_by: str | None = words(null=True)
