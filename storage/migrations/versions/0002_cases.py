"""Cases with their history, files, consents, people who are waiting, jobs and rate limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import append_only, counted, day, index, moment, number, sealed, words, yes_no

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "attempts",
        counted(),
        words("key"),
        moment("at"),
        sqlite_autoincrement=True,
    )
    index("ix_attempts_key", "attempts", ["key", "at"])
    op.create_table(
        "cases",
        words("id", key=True),
        words("radicado"),
        number("year"),
        number("number"),
        words("tipo"),
        words("subtipo", null=True),
        words("termino"),
        words("estado"),
        words("canal"),
        words("conversation_id", null=True),
        words("servicio", null=True),
        words("cuenta", null=True),
        yes_no("cuenta_en_base"),
        sealed("relato"),
        sealed("persona"),
        sealed("datos"),
        sealed("respuesta", null=True),
        words("documento_index", null=True),
        words("correo_index", null=True),
        words("telefono_index", null=True),
        yes_no("anonimo"),
        words("notificacion", null=True),
        words("marcas"),
        words("anexos"),
        words("codigo_hash", null=True),
        moment("recibido_at"),
        moment("radicado_at"),
        day("vence_on", null=True),
        day("vence_b_on", null=True),
        moment("respondido_at", null=True),
        words("content_hash"),
        sa.UniqueConstraint("radicado"),
        sa.UniqueConstraint("year", "number"),
    )
    index("ix_cases_conversation_id", "cases", ["conversation_id"])
    index("ix_cases_correo", "cases", ["correo_index"])
    index("ix_cases_cuenta", "cases", ["cuenta"])
    index("ix_cases_documento", "cases", ["documento_index"])
    index("ix_cases_due", "cases", ["vence_on"], where="respondido_at is null")
    index("ix_cases_radicado_at", "cases", ["radicado_at"])
    index("ix_cases_telefono", "cases", ["telefono_index"])
    op.create_table(
        "consents",
        counted(),
        words("conversation_id"),
        words("topic"),
        yes_no("granted"),
        words("version"),
        words("text_sha256"),
        words("channel"),
        words("inbox_key"),
        moment("at"),
        sqlite_autoincrement=True,
    )
    index("ix_consents_current", "consents", ["conversation_id", "topic", "id"])
    op.create_table(
        "emergencies",
        counted(),
        words("conversation_id"),
        words("kind"),
        sealed("report"),
        sealed("place", null=True),
        words("state"),
        moment("at"),
        moment("attended_at", null=True),
        words("attended_by", null=True),
        sqlite_autoincrement=True,
    )
    index("ix_emergencies_conversation_id", "emergencies", ["conversation_id"])
    index("ix_emergencies_open", "emergencies", ["at"], where="state = 'open'")
    op.create_table(
        "files",
        words("id", key=True),
        words("conversation_id"),
        words("case_id", null=True),
        words("kind"),
        words("mime"),
        number("size"),
        words("sha256", null=True),
        sealed("name", null=True),
        words("path", null=True),
        words("state"),
        words("reason", null=True),
        moment("created_at"),
    )
    index("ix_files_case_id", "files", ["case_id"], where="case_id is not null")
    index("ix_files_conversation_id", "files", ["conversation_id"])
    index("ix_files_path", "files", ["path"])
    op.create_table(
        "handoffs",
        counted(),
        words("conversation_id"),
        words("reason"),
        words("case_id", null=True),
        yes_no("first"),
        words("state"),
        words("actor", null=True),
        moment("opened_at"),
        moment("taken_at", null=True),
        moment("closed_at", null=True),
        sqlite_autoincrement=True,
    )
    index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    index("ix_handoffs_queue", "handoffs", ["opened_at", "id"], where="state = 'queued'")
    index("uq_handoffs_open", "handoffs", ["conversation_id"], where="state in ('queued', 'with_person')", unique=True)
    op.create_table(
        "job_runs",
        words("job", key=True),
        moment("due_at", key=True),
        moment("started_at"),
        moment("finished_at", null=True),
        words("result", null=True),
        words("error", null=True),
    )
    op.create_table(
        "radicado_counters",
        number("year", key=True),
        number("last"),
    )
    op.create_table(
        "alerts",
        counted(),
        words("case_id"),
        words("kind"),
        moment("at"),
        moment("seen_at", null=True),
        words("seen_by", null=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.UniqueConstraint("case_id", "kind"),
        sqlite_autoincrement=True,
    )
    index("ix_alerts_unseen", "alerts", ["at"], where="seen_at is null")
    op.create_table(
        "case_events",
        counted(),
        words("case_id"),
        moment("at"),
        words("kind"),
        words("actor"),
        sealed("data"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sqlite_autoincrement=True,
    )
    index("ix_case_events_case_id", "case_events", ["case_id", "id"])
    for table in ("case_events", "consents"):
        append_only(table)


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
