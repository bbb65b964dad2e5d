"""Marks that people give to the attention."""

from __future__ import annotations

from alembic import op

from storage.migrations.columns import counted, index, moment, number, words

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ratings", counted(), words("conversation_id"), number("mark"), moment("at"), sqlite_autoincrement=True
    )
    index("ix_ratings_at", "ratings", ["at"])


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
