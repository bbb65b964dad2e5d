"""What the company knows: accounts, bills, sectors and outages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, day, index, moment, number, sealed, words, yes_no

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "accounts",
        words("cuenta", key=True),
        words("servicios"),
        sealed("titular"),
        words("documento_index", null=True),
        sealed("direccion"),
        words("barrio", null=True),
        words("municipio", null=True),
        words("sector", null=True),
        number("estrato", null=True),
        words("uso"),
        words("estado"),
    )
    index("ix_accounts_documento", "accounts", ["documento_index"])
    index("ix_accounts_sector", "accounts", ["sector"])
    op.create_table(
        "outages",
        words("id", key=True),
        words("servicio"),
        words("tipo"),
        words("estado"),
        words("municipio"),
        words("zona"),
        words("circuito", null=True),
        words("causa", null=True),
        words("indicaciones", null=True),
        words("alcance", null=True),
        words("linea", null=True),
        moment("starts_at", null=True),
        moment("ends_at", null=True),
        moment("next_update_at", null=True),
        moment("restored_at", null=True),
        number("version"),
        words("autor"),
        moment("created_at"),
        moment("updated_at"),
    )
    index("ix_outages_open", "outages", ["servicio"], where="estado not in ('RESTABLECIDA', 'CERRADA', 'CANCELADA')")
    op.create_table(
        "sectors",
        words("id", key=True),
        words("nombre"),
        words("municipio"),
        words("polygon"),
    )
    op.create_table(
        "bills",
        counted(),
        words("cuenta"),
        words("servicio"),
        words("periodo"),
        words("numero", null=True),
        day("emitida_on"),
        day("vence_on"),
        number("total"),
        yes_no("pagada"),
        day("pagada_on", null=True),
        words("detalle"),
        sa.ForeignKeyConstraint(["cuenta"], ["accounts.cuenta"]),
        sa.UniqueConstraint("cuenta", "servicio", "periodo"),
        sqlite_autoincrement=True,
    )
    index("ix_bills_recent", "bills", ["cuenta", "periodo"])
    op.create_table(
        "outage_sectors",
        words("outage_id", key=True),
        words("sector", key=True),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"]),
    )
    index("ix_outage_sectors_sector", "outage_sectors", ["sector"])


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
