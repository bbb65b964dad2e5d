"""Reports of faults, who follows them and outages, proposals of outages, and what has to be told of all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, index, moment, number, sealed, words, yes_no

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

_OPEN = "estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table("report_counters", number("year", key=True), number("last"))
    op.create_table(
        "reports",
        words("id", key=True),
        words("numero"),
        number("year"),
        number("seq"),
        words("servicio"),
        words("tipo"),
        words("estado"),
        words("canal"),
        words("conversation_id", null=True),
        words("cuenta", null=True),
        words("municipio", null=True),
        words("sector", null=True),
        words("cell", null=True),
        words("place_index", null=True),
        sealed("place"),
        sealed("story", null=True),
        words("anexos"),
        yes_no("critico"),
        words("outage_id", null=True),
        number("reopened"),
        number("version"),
        moment("created_at"),
        moment("updated_at"),
        sa.UniqueConstraint("numero"),
        sa.UniqueConstraint("year", "seq"),
    )
    for name, column in (("cell", "cell"), ("place", "place_index"), ("sector", "sector")):
        index(f"ix_reports_{name}", "reports", [column], where=_OPEN)
    index("ix_reports_conversation", "reports", ["conversation_id"])
    index("ix_reports_outage", "reports", ["outage_id"], where="outage_id is not null")
    index("ix_reports_created_at", "reports", ["created_at"])
    index("ix_reports_restored", "reports", ["updated_at"], where="estado = 'RESTABLECIDA'")
    op.create_table(
        "report_events",
        counted(),
        words("report_id"),
        moment("at"),
        words("kind"),
        words("actor"),
        words("data"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"]),
        sqlite_autoincrement=True,
    )
    index("ix_report_events_report", "report_events", ["report_id", "id"])
    op.create_table(
        "report_followers",
        counted(),
        words("report_id"),
        words("conversation_id", null=True),
        yes_no("critico"),
        moment("at"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"]),
        sa.UniqueConstraint("report_id", "conversation_id"),
        sqlite_autoincrement=True,
    )
    index("ix_report_followers_conversation", "report_followers", ["conversation_id"])
    op.create_table(
        "outage_followers",
        words("outage_id", key=True),
        words("conversation_id", key=True),
        words("sector", null=True),
        moment("at"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"]),
    )
    index("ix_outage_followers_conversation", "outage_followers", ["conversation_id"])
    op.create_table(
        "outage_proposals",
        counted(),
        words("servicio"),
        words("zona"),
        words("sector", null=True),
        words("estado"),
        number("reportes"),
        moment("at"),
        moment("decided_at", null=True),
        words("decided_by", null=True),
        words("outage_id", null=True),
        sqlite_autoincrement=True,
    )
    index("ix_outage_proposals_open", "outage_proposals", ["servicio", "zona"], where="estado = 'abierta'", unique=True)
    op.create_table(
        "outage_news",
        counted(),
        words("subject"),
        words("subject_id"),
        number("version"),
        words("estado"),
        moment("at"),
        moment("told_at", null=True),
        sa.UniqueConstraint("subject", "subject_id", "version"),
        sqlite_autoincrement=True,
    )
    index("ix_outage_news_untold", "outage_news", ["id"], where="told_at is null")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
