"""Brings the tables to the version of this program; Alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.errors import SchemaMismatch, explain

if TYPE_CHECKING:
    from storage.postgres import PostgresBackend
    from storage.sqlite import SqliteBackend

#: The newest migration in ``storage/migrations/versions``; a test keeps the two together.
HEAD = "0016"
MIGRATIONS = Path(__file__).parent / "migrations"
#: Any number, the same for every process: only one upgrades at a time.
_UPGRADE_LOCK = 4_170_211
_HAS_VERSION = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT to_regclass('alembic_version')",
}


def upgrade(backend: SqliteBackend | PostgresBackend) -> None:
    """Run the migrations that are missing, in one transaction, while no other process does.

    Raises:
        SchemaMismatch: the tables were made by a newer program.
        DatabaseUnavailable: the database cannot be reached.
    """
    try:
        with backend.connect() as conn:
            if version(conn) != HEAD:
                _migrate(conn)
    except DBAPIError as error:
        raise explain(error).with_traceback(error.__traceback__) from None


def version(conn: Connection) -> str | None:
    """Return the version of the tables, or None when there are none yet."""
    if conn.execute(text(_HAS_VERSION[conn.dialect.name])).scalar() is None:
        return None
    found: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _migrate(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    sqlite = conn.dialect.name == "sqlite"
    if sqlite:
        conn.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, "head")
    except CommandError:
        if sqlite:
            conn.exec_driver_sql("ROLLBACK")
        message = f"the tables are at version {version(conn)}, which this program (version {HEAD}) does not know"
        raise SchemaMismatch(message) from None
    except BaseException:
        if sqlite:
            conn.exec_driver_sql("ROLLBACK")
        raise
    if sqlite:
        conn.exec_driver_sql("COMMIT")
    else:
        conn.commit()
