"""Orders to suspend a service for non-payment, and which reports say that somebody depends on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, day, index, moment, number, sealed, words

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "suspensions",
        counted(),
        words("cuenta"),
        number("deuda"),
        day("avisada_on"),
        moment("ordered_at"),
        words("ordered_by"),
        sealed("revision", null=True),
        moment("lifted_at", null=True),
        words("lifted_by", null=True),
        words("lifted_reason", null=True),
        sa.ForeignKeyConstraint(["cuenta"], ["accounts.cuenta"]),
        sqlite_autoincrement=True,
    )
    index("uq_suspensions_open", "suspensions", ["cuenta"], where="lifted_at is null", unique=True)
    index("ix_reports_cuenta", "reports", ["cuenta"], where="cuenta is not null")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
