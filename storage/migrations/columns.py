"""Short spellings for migrations; they never change, because old migrations lean on them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def counted(name: str = "id") -> sa.Column[Any]:
    """Return a primary key that counts up by itself."""
    return sa.Column(name, BIG, primary_key=True, autoincrement=True)


def number(name: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    """Return a whole number of up to 64 bits."""
    return sa.Column(name, BIG, primary_key=key, nullable=null, autoincrement=False)


def words(name: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    """Return a text."""
    return sa.Column(name, sa.Text(), primary_key=key, nullable=null)


def moment(name: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    """Return an aware moment."""
    return sa.Column(name, sa.DateTime(timezone=True), primary_key=key, nullable=null)


def day(name: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    """Return a calendar date."""
    return sa.Column(name, sa.Date(), primary_key=key, nullable=null)


def yes_no(name: str, *, null: bool = False) -> sa.Column[Any]:
    """Return a boolean, or perhaps an unknown one."""
    return sa.Column(name, sa.Boolean(), nullable=null)


def sealed(name: str, *, null: bool = False) -> sa.Column[Any]:
    """Return sealed bytes."""
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def index(name: str, table: str, columns: list[str], *, where: str | None = None, unique: bool = False) -> None:
    """Create an index, partial when ``where`` is given."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def append_only(table: str) -> None:
    """Make the database itself refuse to change ``table``, and to delete from it but for an open retention gate.

    The table has a column ``at``; a gate is a row of ``retention_gate`` with the table's name and a moment, and only
    lets go what is older than that moment.
    """
    gate = f"EXISTS (SELECT 1 FROM retention_gate WHERE name = '{table}' AND OLD.at < before_at)"  # noqa: S608 - our own table names
    refuse = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{refuse}'); END"
        )
        op.execute(
            f"CREATE TRIGGER keep_{table}_delete BEFORE DELETE ON {table} WHEN NOT {gate} "
            f"BEGIN SELECT RAISE(ABORT, '{refuse}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF {gate} THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = '{refuse}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER keep_{table}_rows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
    )
    op.execute(
        f"CREATE TRIGGER keep_{table}_whole BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}()"
    )
