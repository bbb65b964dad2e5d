"""The one door to the database: works go in, each becomes one transaction, and what returns is durable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.crypto import Keyring
from storage.errors import DatabaseUnavailable, StorageError
from storage.ticket import Ticket
from storage.uow import UnitOfWork

if TYPE_CHECKING:
    from storage.postgres import PostgresBackend
    from storage.sqlite import SqliteBackend

T = TypeVar("T")

_WRITER = "storage-write"


@dataclass(frozen=True, slots=True)
class Counters:
    """How many works were written and in how many commits, since the database was opened."""

    works: int
    commits: int


class Database:
    """One database, SQLite or PostgreSQL, behind the same five verbs."""

    def __init__(self, backend: SqliteBackend | PostgresBackend, keyring: Keyring) -> None:
        self._backend = backend
        self.keyring = keyring
        self.dialect: Literal["sqlite", "postgresql"] = backend.dialect

    @classmethod
    def open(cls, url: str, keyring: Keyring, *, pool: int = 8, safe: bool = True) -> Database:
        """Open ``sqlite:///file`` or ``postgresql+psycopg://…``.

        Args:
            url: where; a password in it never reaches an error message.
            keyring: the keys of the personal columns.
            pool: how many reads (SQLite) or transactions (PostgreSQL) may run at once.
            safe: whether a commit waits until it is on disk; False is for tests only.

        Raises:
            DatabaseUnavailable: the URL is of another kind, or the file cannot be opened.
        """
        try:
            parsed = make_url(url)
        except ArgumentError:
            message = "the database URL is not readable; write sqlite:///file.db or postgresql+psycopg://user@host/name"
            raise DatabaseUnavailable(message) from None
        if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
            from storage.sqlite import SqliteBackend

            return cls(SqliteBackend(parsed, keyring, readers=pool, safe=safe), keyring)
        if parsed.drivername in ("postgresql", "postgresql+psycopg"):
            from storage.postgres import PostgresBackend

            server = parsed.set(drivername="postgresql+psycopg")
            return cls(PostgresBackend(server, keyring, pool=pool, safe=safe), keyring)
        message = f"the database kind {parsed.drivername!r} is not one of: sqlite, postgresql+psycopg"
        raise DatabaseUnavailable(message)

    @property
    def counters(self) -> Counters:
        """What was written since the start; works ÷ commits is the size of the groups."""
        return Counters(self._backend.works, self._backend.commits)

    def upgrade(self) -> None:
        """Bring the tables to the version of this program; one quick query when they are there already.

        Raises:
            SchemaMismatch: they were made by a newer program.
            DatabaseUnavailable: the server cannot be reached.
        """
        from storage.migrate import upgrade

        upgrade(self._backend)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` in one transaction and return its value once it is durable.

        What the work raises undoes this work alone and is raised here. A caller that is cancelled while it waits does
        not know whether the work was done.

        Raises:
            StorageError: the database refused; see ``storage.errors``.
        """
        ticket = Ticket(work, asyncio.get_running_loop())
        self._backend.write(ticket)
        return cast("T", await cast("asyncio.Future[Any]", ticket.future))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` on one snapshot of the database; writing in it is refused.

        Raises:
            StorageError: the database refused; see ``storage.errors``.
        """
        return cast("T", await asyncio.wrap_future(self._backend.read(work)))

    def write_now(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do what ``write`` does and wait for it: for the command line and for threads.

        Raises:
            StorageError: the database refused, or the caller is itself a work.
        """
        if threading.current_thread().name == _WRITER:
            message = "a work cannot wait for another work"
            raise StorageError(message)
        ticket = Ticket(work, None)
        self._backend.write(ticket)
        return cast("T", ticket.future.result())

    def read_now(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do what ``read`` does and wait for it.

        Raises:
            StorageError: the database refused; see ``storage.errors``.
        """
        return cast("T", self._backend.read(work).result())

    async def close(self) -> None:
        """Finish what was given and close every connection, without holding up the event loop."""
        await asyncio.to_thread(self._backend.close)

    def close_now(self) -> None:
        """Finish what was given and close every connection."""
        self._backend.close()
