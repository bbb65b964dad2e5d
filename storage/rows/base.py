"""What every table shares: one registry, names for constraints, and short spellings of the usual columns."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Boolean, Column, Date, ForeignKey, LargeBinary, MetaData, Table, inspect, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.types import Counted, Document, Moment, Words

#: Every constraint has a predictable name, so that a migration can find it in both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


#: For tables that count by themselves: SQLite would give the number of a deleted last row to the next one.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """The root of all tables of Atiende."""


def table(row: type[Row]) -> Table:
    """Return the table behind ``row``, for statements of SQLAlchemy Core."""
    return cast("Table", inspect(row).local_table)


def counted() -> Any:
    """Return a primary key that counts up by itself."""
    return Field(default=None, sa_column=Column(Counted, primary_key=True, autoincrement=True))


def words(*, key: bool = False, null: bool = False, to: str | None = None) -> Any:
    """Return a text column; ``to`` is ``table.column`` of a foreign key."""
    return _column(Words(), key=key, null=null, to=to)


def moment(*, null: bool = False, key: bool = False) -> Any:
    """Return a column with an aware moment in UTC."""
    return _column(Moment(), null=null, key=key)


def sealed(*, null: bool = False) -> Any:
    """Return a column with sealed bytes; only a repository opens them."""
    return _column(LargeBinary(), null=null)


def day(*, null: bool = False, key: bool = False) -> Any:
    """Return a column with a calendar date of Bogotá."""
    return _column(Date(), null=null, key=key)


def yes_no(*, null: bool = False) -> Any:
    """Return a column that is true or false, or perhaps not known yet."""
    return _column(Boolean(), null=null)


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index partial in both databases; statements must repeat ``condition`` literally."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def document(*, null: bool = False) -> Any:
    """Return a column with a JSON document that holds no personal data."""
    return _column(Document(), null=null)


def number(*, null: bool = False, key: bool = False, to: str | None = None) -> Any:
    """Return a whole number of up to 64 bits."""
    return _column(Counted, null=null, key=key, to=to)


def _column(kind: Any, *, key: bool = False, null: bool = False, to: str | None = None) -> Any:
    links = [ForeignKey(to)] if to else []
    column: Column[Any] = Column(kind, *links, primary_key=key, nullable=null, autoincrement=False)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)
