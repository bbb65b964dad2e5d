"""Everything that can go wrong while keeping things, as one tree.

StorageError
├── DatabaseUnavailable    cannot be opened or reached, is locked, or the connection broke: nothing was written
│   └── DatabaseFull       no room left on the volume: reads go on, writes are refused
├── CommitUnknown          the connection broke while committing: the work may be there or not
├── SchemaMismatch         the tables are older or newer than this program
├── VersionConflict        the conversation moved since it was read: repeat the turn
├── Conflict               a rule of the tables (unique, not null, foreign key, append-only) refused the change
├── NotFound               the row to change does not exist
├── NaiveMoment            a datetime without time zone was given
├── BadKeyring             the text of the keys is not readable
├── WrongKey               none of what is kept opens with the keys at hand
├── SealBroken             sealed bytes were altered, moved to another row, or their key is missing
└── StorageClosed          used after ``close``

No message carries a value of a row, so that errors can be logged.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, DontWrapMixin


class StorageError(Exception):
    """Root of every error that the storage raises on purpose; its text is fit for an operator."""


class DatabaseUnavailable(StorageError):
    """The database cannot be opened or reached, or stayed locked; nothing of the work was written."""


class DatabaseFull(DatabaseUnavailable):
    """The volume (or the page limit) of the database is full; reads still work."""


class CommitUnknown(StorageError):
    """The connection broke while committing; the unique keys of inbox and outbox make a repeat harmless."""


class SchemaMismatch(StorageError):
    """The tables belong to another version of the program."""


class VersionConflict(StorageError):
    """Somebody else saved the conversation since it was loaded; the caller repeats its turn."""


class Conflict(StorageError):
    """A rule of the tables refused the change: unique, not null, foreign key or append-only."""


class NotFound(StorageError):
    """The row to change does not exist."""


class NaiveMoment(StorageError, DontWrapMixin, ValueError):
    """A datetime without time zone was given; every moment kept is aware."""


class BadKeyring(StorageError, ValueError):
    """The text that should hold the keys is not readable."""


class SealBroken(StorageError):
    """Sealed bytes were altered, belong to another row, or were sealed with a key that is not at hand."""


class WrongKey(StorageError):
    """None of what is kept opens with the keys at hand: they are those of another database."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("the data key is not the one this database was sealed with: set the right ATIENDE_DATA_KEY")


class StorageClosed(StorageError):
    """The database was used after it had been closed."""


#: SQLite's primary result codes and PostgreSQL's SQLSTATE (whole, then its class of two characters).
_SQLITE = {5: DatabaseUnavailable, 6: DatabaseUnavailable, 10: DatabaseUnavailable, 13: DatabaseFull, 19: Conflict}
_POSTGRESQL: dict[str, type[StorageError]] = {
    "53100": DatabaseFull,
    "53": DatabaseUnavailable,
    "08": DatabaseUnavailable,
    "57": DatabaseUnavailable,
    "55": DatabaseUnavailable,
    "40": DatabaseUnavailable,
    "23": Conflict,
    "42P01": SchemaMismatch,
}


def explain(error: DBAPIError) -> StorageError:
    """Return the error of this tree that says what a driver's error means, without a value of any row."""
    cause = error.orig
    sqlite_code = getattr(cause, "sqlite_errorcode", None)
    sqlstate = getattr(cause, "sqlstate", None)
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    if isinstance(sqlite_code, int):
        kind = _SQLITE.get(sqlite_code & 0xFF, StorageError)
        name = getattr(cause, "sqlite_errorname", sqlite_code)

        return kind(f"SQLite {name}: {cause}")
    if sqlstate:
        kind = _POSTGRESQL.get(sqlstate, _POSTGRESQL.get(sqlstate[:2], StorageError))
        return kind(f"PostgreSQL {type(cause).__name__} ({sqlstate})" + (f": {constraint}" if constraint else ""))
    if error.connection_invalidated or type(cause).__name__ in ("OperationalError", "InterfaceError"):
        return DatabaseUnavailable(f"the database cannot be reached ({type(cause).__name__})")
    return StorageError(f"the database refused a statement ({type(cause).__name__})")
