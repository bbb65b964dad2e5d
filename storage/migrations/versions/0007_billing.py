"""Payments, receipts sent by people, documents drawn on demand, and how far an import came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import BIG, counted, day, index, moment, number, sealed, words, yes_no

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; bills learn how much of them is paid."""
    op.add_column("bills", sa.Column("abonado", BIG, nullable=False, server_default="0"))
    index("ix_bills_numero", "bills", ["numero"])
    op.create_table(
        "payments",
        counted(),
        words("referencia"),
        words("cuenta"),
        words("numero", null=True),
        day("pagada_on"),
        number("valor"),
        number("aplicado"),
        words("lugar", null=True),
        moment("at"),
        sa.ForeignKeyConstraint(["cuenta"], ["accounts.cuenta"]),
        sa.UniqueConstraint("referencia"),
        sqlite_autoincrement=True,
    )
    index("ix_payments_cuenta", "payments", ["cuenta", "pagada_on"])
    op.create_table(
        "payment_proofs",
        counted(),
        words("conversation_id"),
        words("cuenta"),
        day("pagada_on"),
        number("valor"),
        sealed("lugar", null=True),
        words("files"),
        yes_no("suspendida"),
        words("state"),
        moment("at"),
        moment("closed_at", null=True),
        words("closed_by", null=True),
        sealed("nota", null=True),
        sqlite_autoincrement=True,
    )
    index("ix_payment_proofs_open", "payment_proofs", ["at"], where="state = 'open'")
    index("ix_payment_proofs_cuenta", "payment_proofs", ["cuenta", "at"])
    index("ix_payment_proofs_conversation_id", "payment_proofs", ["conversation_id"])
    op.create_table(
        "papers",
        words("id", key=True),
        words("kind"),
        words("conversation_id"),
        sealed("content"),
        moment("at"),
    )
    index("ix_papers_at", "papers", ["at"])
    op.create_table(
        "imports",
        words("id", key=True),
        words("kind"),
        number("lines"),
        number("taken"),
        number("refused"),
        yes_no("done"),
        moment("at"),
    )


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
