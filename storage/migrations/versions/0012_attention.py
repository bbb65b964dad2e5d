"""Preferential attention in the queue, what a mark is about, and what people say of the assistant itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, index, moment, sealed, words

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("handoffs", sa.Column("preferential", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ratings", sa.Column("about", sa.Text(), nullable=False, server_default="interaction"))
    op.add_column("ratings", sa.Column("flow", sa.Text(), nullable=True))
    op.add_column("ratings", sa.Column("case_id", sa.Text(), nullable=True))
    op.add_column("ratings", sa.Column("comment", sa.LargeBinary(), nullable=True))
    index("ix_ratings_case_id", "ratings", ["case_id"], where="case_id is not null")
    op.create_table(
        "assistant_complaints",
        counted(),
        words("conversation_id"),
        sealed("said"),
        moment("at"),
        sqlite_autoincrement=True,
    )
    index("ix_assistant_complaints_at", "assistant_complaints", ["at"])


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
