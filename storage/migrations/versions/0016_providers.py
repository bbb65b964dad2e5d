"""What a provider says apart from messages: our templates, what a message cost, and people who moved."""

from __future__ import annotations

from alembic import op

from storage.migrations.columns import index, moment, number, words, yes_no

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "template_facts",
        words("name", key=True),
        words("language", key=True),
        words("what", key=True),
        words("value"),
        moment("at"),
    )
    op.create_table(
        "message_prices",
        words("ref", key=True),
        number("outbox_id"),
        words("category"),
        words("model"),
        words("kind"),
        yes_no("billable"),
        yes_no("delivered"),
        moment("at"),
    )
    index("ix_message_prices_outbox_id", "message_prices", ["outbox_id"])
    index("ix_message_prices_at", "message_prices", ["at"])
    op.create_table(
        "conversation_moves",
        words("named", key=True),
        words("conversation_id"),
        moment("at"),
    )


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
