"""The life of the neighbourhood: leaders, works, commitments, appointments, badges and who pretends to have one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, day, index, moment, number, sealed, words, yes_no

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _leaders()
    _interventions()
    _commitments_and_agenda()
    _crews()


def _leaders() -> None:
    op.create_table(
        "leaders",
        counted(),
        words("conversation_id"),
        words("rol"),
        sealed("persona"),
        words("anexos"),
        day("desde_on", null=True),
        day("hasta_on", null=True),
        words("estado"),
        words("motivo", null=True),
        words("autor", null=True),
        moment("created_at"),
        moment("updated_at"),
        sqlite_autoincrement=True,
    )
    index("uq_leaders_request", "leaders", ["conversation_id", "rol"], where="estado = 'SOLICITADO'", unique=True)
    index("ix_leaders_conversation_id", "leaders", ["conversation_id"])
    index("ix_leaders_estado", "leaders", ["estado", "id"])
    op.create_table(
        "leader_sectors",
        number("leader_id", key=True),
        words("sector", key=True),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"]),
    )
    index("ix_leader_sectors_sector", "leader_sectors", ["sector"])


def _interventions() -> None:
    op.create_table(
        "interventions",
        counted(),
        words("tipo"),
        words("servicio", null=True),
        words("aspecto"),
        words("lugar"),
        words("indicaciones", null=True),
        words("cuadrilla"),
        words("anexos"),
        moment("starts_at"),
        moment("ends_at"),
        words("estado"),
        number("ronda"),
        moment("terminada_at", null=True),
        number("version"),
        number("avisada_version"),
        words("autor"),
        moment("created_at"),
        moment("updated_at"),
        sqlite_autoincrement=True,
    )
    index(
        "ix_interventions_open",
        "interventions",
        ["estado", "starts_at"],
        where="estado not in ('CONFIRMADA', 'CANCELADA')",
    )
    op.create_table(
        "intervention_sectors",
        number("intervention_id", key=True),
        words("sector", key=True),
        sa.ForeignKeyConstraint(["intervention_id"], ["interventions.id"]),
    )
    index("ix_intervention_sectors_sector", "intervention_sectors", ["sector"])
    op.create_table(
        "intervention_events",
        counted(),
        number("intervention_id"),
        moment("at"),
        words("estado"),
        words("actor"),
        words("nota", null=True),
        sa.ForeignKeyConstraint(["intervention_id"], ["interventions.id"]),
        sqlite_autoincrement=True,
    )
    index("ix_intervention_events_intervention_id", "intervention_events", ["intervention_id", "id"])
    op.create_table(
        "confirmations",
        counted(),
        number("intervention_id"),
        number("ronda"),
        words("conversation_id"),
        words("papel"),
        yes_no("resuelto"),
        sealed("motivo", null=True),
        words("anexos"),
        moment("at"),
        sa.ForeignKeyConstraint(["intervention_id"], ["interventions.id"]),
        sa.UniqueConstraint("intervention_id", "ronda", "conversation_id"),
        sqlite_autoincrement=True,
    )


def _commitments_and_agenda() -> None:
    op.create_table(
        "commitments",
        counted(),
        words("que"),
        words("sector"),
        words("responsable"),
        words("origen", null=True),
        day("acordado_on"),
        day("vence_on"),
        words("estado"),
        words("evidencia", null=True),
        day("cumplido_on", null=True),
        yes_no("conforme", null=True),
        moment("conforme_at", null=True),
        words("autor"),
        moment("created_at"),
        moment("updated_at"),
        sqlite_autoincrement=True,
    )
    index("ix_commitments_sector", "commitments", ["sector", "estado"])
    op.create_table(
        "agenda_slots",
        counted(),
        words("oficina"),
        words("sector", null=True),
        moment("starts_at"),
        number("minutos"),
        yes_no("lideres"),
        yes_no("cerrado"),
        sa.UniqueConstraint("oficina", "starts_at"),
        sqlite_autoincrement=True,
    )
    index("ix_agenda_slots_starts_at", "agenda_slots", ["starts_at"])
    op.create_table(
        "agenda_bookings",
        counted(),
        number("slot_id"),
        words("conversation_id"),
        sealed("tema", null=True),
        words("estado"),
        moment("at"),
        moment("ended_at", null=True),
        moment("reminded_at", null=True),
        sa.ForeignKeyConstraint(["slot_id"], ["agenda_slots.id"]),
        sqlite_autoincrement=True,
    )
    index("uq_agenda_bookings_slot", "agenda_bookings", ["slot_id"], where="estado = 'activa'", unique=True)
    index("ix_agenda_bookings_conversation_id", "agenda_bookings", ["conversation_id"])


def _crews() -> None:
    op.create_table(
        "crew_members",
        words("codigo", key=True),
        sealed("nombre"),
        words("oficio"),
        words("puede"),
        day("desde_on"),
        day("hasta_on", null=True),
        yes_no("activo"),
    )
    op.create_table(
        "crew_days",
        words("codigo", key=True),
        words("sector", key=True),
        day("dia_on", key=True),
        sa.ForeignKeyConstraint(["codigo"], ["crew_members.codigo"]),
    )
    op.create_table(
        "impostor_reports",
        counted(),
        words("conversation_id"),
        words("sector", null=True),
        words("codigo", null=True),
        yes_no("pide_dinero"),
        sealed("relato"),
        words("estado"),
        moment("at"),
        moment("attended_at", null=True),
        words("attended_by", null=True),
        sqlite_autoincrement=True,
    )
    index("ix_impostor_reports_open", "impostor_reports", ["at"], where="estado = 'open'")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
