"""Persons, what is theirs, the codes that prove it, and the contacts of accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import counted, index, moment, number, sealed, words, yes_no

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and add the two contacts to accounts."""
    op.create_table(
        "persons",
        words("id", key=True),
        sealed("nombre", null=True),
        words("documento_index", null=True),
        moment("created_at"),
        moment("updated_at"),
    )
    index("ix_persons_documento", "persons", ["documento_index"])
    op.create_table(
        "person_links",
        words("conversation_id", key=True),
        words("person_id"),
        moment("linked_at"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"]),
    )
    index("ix_person_links_person_id", "person_links", ["person_id"])
    op.create_table(
        "person_accounts",
        words("person_id", key=True),
        words("cuenta", key=True),
        words("relacion"),
        sealed("apodo", null=True),
        yes_no("verified"),
        moment("linked_at"),
        moment("verified_at", null=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"]),
    )
    index("ix_person_accounts_cuenta", "person_accounts", ["cuenta"])
    op.create_table(
        "one_time_codes",
        counted(),
        words("conversation_id"),
        words("cuenta"),
        words("purpose"),
        words("medio"),
        words("code_hash"),
        moment("at"),
        moment("expires_at"),
        number("tries"),
        words("state"),
        words("last_call", null=True),
        sqlite_autoincrement=True,
    )
    index(
        "uq_one_time_codes_live",
        "one_time_codes",
        ["conversation_id", "cuenta", "purpose"],
        where="state in ('open', 'right')",
        unique=True,
    )
    index("ix_one_time_codes_cuenta", "one_time_codes", ["cuenta", "at"])
    index("ix_one_time_codes_at", "one_time_codes", ["at"])
    op.add_column("accounts", sealed("telefono", null=True))
    op.add_column("accounts", sealed("correo", null=True))


def downgrade() -> None:
    """Refuse: going back would throw records away.

    Raises:
        NotImplementedError: always.
    """
    message = "restore a backup instead of going back"
    raise NotImplementedError(message)
