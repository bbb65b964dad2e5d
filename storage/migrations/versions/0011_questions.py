"""Questions that no article answered."""

from __future__ import annotations

from alembic import op

from storage.migrations.columns import counted, index, moment, sealed

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table("unanswered_questions", counted(), sealed("question"), moment("at"), sqlite_autoincrement=True)
    index("ix_unanswered_questions_at", "unanswered_questions", ["at"])


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
