"""The main road: inbox, conversations, turns, outbox, timers, web sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import append_only, counted, index, moment, number, sealed, words

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversations",
        words("id", key=True),
        number("version"),
        number("seq"),
        words("mode"),
        sealed("state"),
        sealed("address"),
        moment("last_inbound_at", null=True),
        moment("created_at"),
        moment("updated_at"),
    )
    index("ix_conversations_not_bot", "conversations", ["mode"], where="mode <> 'bot'")
    op.create_table(
        "inbox",
        counted(),
        words("channel"),
        words("account"),
        words("key"),
        words("conversation_id"),
        words("kind"),
        sealed("address"),
        sealed("payload"),
        moment("sent_at"),
        moment("received_at"),
        number("attempts"),
        words("state"),
        words("outcome", null=True),
        number("turn", null=True),
        number("seq", null=True),
        moment("finished_at", null=True),
        sa.UniqueConstraint("channel", "account", "key"),
        sqlite_autoincrement=True,
    )
    index("ix_inbox_transcript", "inbox", ["conversation_id", "seq"])
    index("ix_inbox_waiting", "inbox", ["conversation_id"], where="state = 'new'")
    op.create_table(
        "outbox",
        counted(),
        words("key"),
        words("conversation_id"),
        words("channel"),
        words("account"),
        words("kind"),
        sealed("address"),
        sealed("payload"),
        number("seq"),
        number("priority"),
        number("inbox_id", null=True),
        moment("created_at"),
        moment("not_before"),
        moment("not_after", null=True),
        words("state"),
        moment("state_at"),
        number("fence"),
        number("attempts"),
        moment("lease_until", null=True),
        words("worker", null=True),
        words("ref", null=True),
        words("code", null=True),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    index("ix_outbox_due", "outbox", ["channel", "account", "priority", "id", "not_before"], where="state = 'queued'")
    index("ix_outbox_inbox", "outbox", ["inbox_id"], where="inbox_id is not null")
    index("ix_outbox_leases", "outbox", ["lease_until"], where="state = 'sending'")
    index("ix_outbox_ref", "outbox", ["ref"], where="ref is not null")
    index("ix_outbox_transcript", "outbox", ["conversation_id", "seq"])
    index("ix_outbox_trouble", "outbox", ["state", "state_at"], where="state in ('unknown', 'failed', 'dead')")
    index("ix_outbox_unsent", "outbox", ["conversation_id", "priority", "id"], where="state in ('queued', 'sending')")
    op.create_table(
        "outbox_attempts",
        counted(),
        number("outbox_id"),
        number("fence"),
        moment("at"),
        words("verdict"),
        words("code"),
        sealed("exchange"),
        sqlite_autoincrement=True,
    )
    index("ix_outbox_attempts_outbox_id", "outbox_attempts", ["outbox_id"])
    op.create_table(
        "retention_gate",
        words("name", key=True),
        moment("before_at"),
    )
    op.create_table(
        "timers",
        counted(),
        words("conversation_id"),
        words("kind"),
        words("slot"),
        number("turn"),
        moment("due_at"),
        sa.UniqueConstraint("conversation_id", "kind"),
        sqlite_autoincrement=True,
    )
    index("ix_timers_due_at", "timers", ["due_at"])
    op.create_table(
        "turns",
        words("conversation_id", key=True),
        number("turn", key=True),
        number("inbox_id", null=True),
        sealed("record"),
        moment("at"),
    )
    op.create_table(
        "web_sessions",
        words("secret_hash", key=True),
        words("conversation_id"),
        words("origin"),
        moment("created_at"),
        moment("seen_at"),
    )
    index("ix_web_sessions_seen_at", "web_sessions", ["seen_at"])
    for table in ("turns", "outbox_attempts"):
        append_only(table)


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
