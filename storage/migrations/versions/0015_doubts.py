"""What understanding got wrong, masked, until staff have labelled it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, index, moment, number, sealed, words

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "nlu_doubts",
        counted(),
        words("text_index"),
        sealed("said"),
        words("reason"),
        words("asked"),
        words("ranking"),
        number("heard"),
        words("only_by", null=True),
        words("language"),
        words("model_sha256"),
        words("state"),
        words("label", null=True),
        words("decided_by", null=True),
        moment("first_at"),
        moment("touched_at"),
        sqlite_autoincrement=True,
    )
    index("uq_nlu_doubts_text", "nlu_doubts", ["text_index"], unique=True)
    index("ix_nlu_doubts_state", "nlu_doubts", ["state", "heard"])
    index("ix_nlu_doubts_touched_at", "nlu_doubts", ["touched_at"])
    index("ix_nlu_doubts_only_by", "nlu_doubts", ["only_by"])
    op.create_table(
        "nlu_doubt_choices",
        number("doubt_id", key=True),
        words("intent", key=True),
        number("times"),
        sa.ForeignKeyConstraint(["doubt_id"], ["nlu_doubts.id"]),
    )


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
