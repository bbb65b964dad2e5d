"""What every repository stands on: the connection, the keys, and the two dialects' INSERT … ON CONFLICT."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Row, Table, literal_column
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.crypto import Keyring
from storage.types import keepable, pack, unpack

Dialect = Literal["sqlite", "postgresql"]
Insert = SqliteInsert | PostgresqlInsert
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
DIALECTS: tuple[Dialect, ...] = ("sqlite", "postgresql")


def upsert(table: Table) -> dict[Dialect, Insert]:
    """Return an INSERT into ``table`` for each dialect, ready for its ``on_conflict_…``."""
    return {"sqlite": sqlite_insert(table), "postgresql": postgresql_insert(table)}


def fixed(word: str) -> ColumnElement[str]:
    """Return ``word`` written into the statement: a bound value would hide partial indexes from the planner."""
    return literal_column(f"'{word}'")


class Repo:
    """The shared ground; a repository lives as long as one unit of work and never commits."""

    def __init__(self, conn: Connection, keyring: Keyring, dialect: Dialect) -> None:
        self._conn = conn
        self._keys = keyring
        self._dialect: Dialect = dialect

    def _run(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        return self._conn.execute(statement, values)

    def _first(self, statement: Executable, values: Any = None) -> AnyRow | None:
        return self._conn.execute(statement, values).first()

    def _all(self, statement: Executable, values: Any = None) -> list[AnyRow]:
        return list(self._conn.execute(statement, values).all())

    # A place is built from columns, so it is written the way the database keeps them.

    def _seal(self, value: Any, place: str) -> bytes:
        return self._keys.seal(pack(value), keepable(place))

    def _open(self, sealed: bytes, place: str) -> Any:
        return unpack(self._keys.open(bytes(sealed), keepable(place)))

    def _seal_text(self, value: str | None, place: str) -> bytes | None:
        return None if value is None else self._keys.seal(value.encode("utf-8", "surrogatepass"), keepable(place))

    def _open_text(self, sealed: bytes | None, place: str) -> str | None:
        if sealed is None:
            return None
        return self._keys.open(bytes(sealed), keepable(place)).decode("utf-8", "surrogatepass")
