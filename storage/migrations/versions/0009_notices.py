"""Messages that we begin: notices, errands, subscriptions, preferences and waves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, day, index, moment, number, sealed, words, yes_no

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _notices()
    _errands()
    _subscriptions()
    _waves()


def _notices() -> None:
    op.create_table(
        "notices",
        counted(),
        words("key"),
        words("conversation_id"),
        words("person"),
        words("channel"),
        number("wave_id", null=True),
        words("topic", null=True),
        words("clase"),
        words("response"),
        words("state"),
        words("reason", null=True),
        day("contact_on", null=True),
        words("token", null=True),
        sealed("choices", null=True),
        moment("not_before"),
        moment("created_at"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    index("ix_notices_contacts", "notices", ["person", "contact_on"], where="contact_on is not null")
    index("ix_notices_wave", "notices", ["wave_id", "state"], where="wave_id is not null")
    index("ix_notices_buttons", "notices", ["conversation_id", "token"], where="token is not null")
    index("ix_notices_created_at", "notices", ["created_at"])


def _errands() -> None:
    op.create_table(
        "errands",
        counted(),
        words("key"),
        words("conversation_id"),
        words("flow"),
        sealed("slots"),
        words("clase"),
        yes_no("urgent"),
        words("topic", null=True),
        moment("due_at"),
        moment("expires_at"),
        number("attempts"),
        words("state"),
        words("reason", null=True),
        moment("created_at"),
        moment("finished_at", null=True),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    index("ix_errands_due", "errands", ["due_at", "id"], where="state = 'waiting'")
    index("ix_errands_conversation", "errands", ["conversation_id"], where="state = 'waiting'")


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        counted(),
        words("conversation_id"),
        words("topic"),
        words("sector"),
        words("state"),
        moment("since_at"),
        moment("ended_at", null=True),
        sa.UniqueConstraint("conversation_id", "topic", "sector"),
        sqlite_autoincrement=True,
    )
    index("ix_subscriptions_audience", "subscriptions", ["topic", "sector", "conversation_id"], where="state = 'on'")
    op.create_table(
        "notice_prefs",
        words("conversation_id", key=True),
        words("hours"),
        moment("off_at", null=True),
        moment("blocked_at", null=True),
        moment("updated_at"),
    )


def _waves() -> None:
    op.create_table(
        "notice_waves",
        counted(),
        words("key"),
        words("topic"),
        words("clase"),
        words("response"),
        sealed("values"),
        words("sectors", null=True),
        yes_no("urgent"),
        words("state"),
        words("author"),
        words("approver", null=True),
        words("cursor"),
        moment("not_after", null=True),
        moment("created_at"),
        moment("approved_at", null=True),
        moment("finished_at", null=True),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    index("ix_notice_waves_running", "notice_waves", ["id"], where="state = 'running'")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
