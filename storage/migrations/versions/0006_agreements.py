"""Payment agreements: what was agreed, its instalments, payments, history and proof."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import append_only, counted, day, index, moment, number, sealed, words, yes_no

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table("agreement_counters", number("year", key=True), number("last"))
    op.create_table(
        "agreements",
        words("id", key=True),
        words("numero"),
        words("cuenta"),
        words("conversation_id"),
        words("estado"),
        words("politica"),
        words("perfil"),
        words("quien"),
        number("base"),
        number("en_reclamo"),
        number("inicial"),
        number("capital"),
        number("interes"),
        number("cuotas"),
        number("dia_pago"),
        words("tasa_mensual_pct"),
        words("mora_anual_pct"),
        yes_no("reacuerdo"),
        yes_no("automatico"),
        sealed("texto"),
        sealed("datos"),
        moment("solicitado_at"),
        moment("decidido_at", null=True),
        moment("vigente_at", null=True),
        moment("terminado_at", null=True),
        sa.UniqueConstraint("numero"),
    )
    open_ones = "estado in ('SOLICITADO', 'APROBADO', 'VIGENTE')"
    index("uq_agreements_open", "agreements", ["cuenta"], unique=True, where=open_ones)
    index("ix_agreements_cuenta", "agreements", ["cuenta", "solicitado_at"])
    index("ix_agreements_conversation_id", "agreements", ["conversation_id"])
    index("ix_agreements_estado", "agreements", ["estado", "solicitado_at"])
    op.create_table(
        "agreement_instalments",
        words("agreement_id", key=True),
        number("numero", key=True),
        day("vence_on", null=True),
        number("valor"),
        number("capital"),
        number("interes"),
        number("saldo"),
        number("pagado"),
        day("pagada_on", null=True),
        moment("incumplida_at", null=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"]),
    )
    index("ix_agreement_instalments_due", "agreement_instalments", ["vence_on"], where="pagada_on is null")
    op.create_table(
        "agreement_payments",
        counted(),
        words("agreement_id"),
        words("ref"),
        number("valor"),
        day("pagado_on"),
        words("actor"),
        moment("at"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"]),
        sa.UniqueConstraint("agreement_id", "ref"),
        sqlite_autoincrement=True,
    )
    append_only("agreement_payments")
    op.create_table(
        "agreement_events",
        counted(),
        words("agreement_id"),
        moment("at"),
        words("kind"),
        words("actor"),
        sealed("data"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"]),
        sqlite_autoincrement=True,
    )
    index("ix_agreement_events_agreement_id", "agreement_events", ["agreement_id", "id"])
    append_only("agreement_events")
    op.create_table(
        "agreement_acceptances",
        counted(),
        words("agreement_id"),
        words("text_sha256"),
        words("palabra"),
        yes_no("otp_verificado"),
        words("conversation_id"),
        words("channel"),
        words("inbox_key"),
        moment("at"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"]),
        sa.UniqueConstraint("agreement_id"),
        sqlite_autoincrement=True,
    )
    append_only("agreement_acceptances")


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
