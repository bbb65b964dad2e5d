"""Money under claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, index, moment, number, words

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "disputes",
        counted(),
        words("case_id"),
        words("cuenta"),
        words("servicio", null=True),
        words("periodo", null=True),
        number("valor", null=True),
        moment("opened_at"),
        moment("closed_at", null=True),
        words("reason", null=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.UniqueConstraint("case_id"),
        sqlite_autoincrement=True,
    )
    index("ix_disputes_open", "disputes", ["cuenta"], where="closed_at is null")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
