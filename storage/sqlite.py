"""SQLite: one writer thread whose works share a transaction (group commit), readers on connections of their own.

A flush to disk costs the same for one work as for sixty, so every work that is ready when the last commit ends joins
the next transaction, each inside a SAVEPOINT: one that fails is undone alone, and nobody is told "done" before COMMIT
has returned. Python's sqlite3 is told to open no transaction by itself (``isolation_level=None``).
"""

from __future__ import annotations

import os
import queue
import sqlite3
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.crypto import Keyring
from storage.errors import DatabaseUnavailable, StorageClosed, StorageError, explain
from storage.ticket import Ticket, Work, settle
from storage.uow import UnitOfWork

#: A group closes when this many works are in it or it has been open this long, whichever comes first.
GROUP_WORKS = 64
GROUP_SECONDS = 0.02
#: How long to wait for another process (the command line beside the service) that holds the write lock.
BUSY_SECONDS = 10.0


class SqliteBackend:
    """A database in one file.

    Args:
        url: ``sqlite:///path``; the file is created with mode 600.
        keyring: seals and opens the personal columns.
        readers: how many reads may run at once.
        safe: flush every commit to disk (``synchronous=FULL``); False is for tests only.

    Raises:
        DatabaseUnavailable: the file cannot be created or opened.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, url: URL, keyring: Keyring, *, readers: int, safe: bool) -> None:
        if not url.database or url.database == ":memory:":
            message = "SQLite needs a file: sqlite:///path/to/file.db"
            raise DatabaseUnavailable(message)
        _prepare(Path(url.database))
        self._keyring = keyring
        self._safe = safe
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_SECONDS},
        )
        self._waiting: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(readers, "storage-read")
        self._reader = threading.local()
        self._opened: list[Connection] = []
        self._closed = False
        self._closing = threading.Lock()
        self.works = 0
        self.commits = 0
        self._conn = self._keep(self.connect())
        self._raw = _raw(self._conn)
        self._writer = threading.Thread(target=self._serve, name="storage-write", daemon=True)
        self._writer.start()

    def connect(self, *, reading: bool = False) -> Connection:
        """Open one more connection with our pragmas; its transactions are begun and ended by hand.

        Raises:
            DatabaseUnavailable: the file cannot be opened or is no database.
        """
        try:
            conn = self._engine.connect()
            raw = _raw(conn)
            for pragma in (
                "journal_mode=WAL",
                f"synchronous={'FULL' if self._safe else 'OFF'}",
                "foreign_keys=ON",
                "secure_delete=FAST",
                "temp_store=MEMORY",
                "cache_size=-16000",
                "wal_autocheckpoint=2000",
                "journal_size_limit=67108864",
                f"query_only={'ON' if reading else 'OFF'}",
            ):
                raw.execute(f"PRAGMA {pragma}").fetchall()
            conn.begin()  # for SQLAlchemy only: it sends nothing and will never commit
        except (DBAPIError, sqlite3.Error) as error:
            message = f"the SQLite file cannot be opened ({type(error).__name__})"
            raise DatabaseUnavailable(message) from None
        return conn

    def write(self, ticket: Ticket) -> None:
        """Queue a work for the next group; its future resolves after COMMIT.

        Raises:
            StorageClosed: the database was closed.
        """
        with self._closing:
            if self._closed:
                message = "the database was closed"
                raise StorageClosed(message)
            self._waiting.put(ticket)

    def read(self, work: Work) -> Future[Any]:
        """Run a work that only reads, on one snapshot, in a reader thread.

        Raises:
            StorageClosed: the database was closed.
        """
        try:
            return self._readers.submit(self._read, work)
        except RuntimeError:
            message = "the database was closed"
            raise StorageClosed(message) from None

    def close(self) -> None:
        """Finish what is queued, then close every connection; repeating it is harmless."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._writer.join()
        self._readers.shutdown()
        for conn in self._opened:
            conn.close()
        self._engine.dispose()

    def _keep(self, conn: Connection) -> Connection:
        self._opened.append(conn)
        return conn

    def _read(self, work: Work) -> Any:
        conn = getattr(self._reader, "conn", None)
        if conn is None:
            conn = self._reader.conn = self._keep(self.connect(reading=True))
        raw = _raw(conn)
        unit = UnitOfWork(conn, self._keyring, "sqlite")
        try:
            raw.execute("BEGIN")
            return work(unit)
        except DBAPIError as error:
            raise explain(error).with_traceback(error.__traceback__) from None
        finally:
            unit.release()
            if raw.in_transaction:
                raw.execute("ROLLBACK")

    def _serve(self) -> None:
        while (ticket := self._waiting.get()) is not None:
            if self._group(ticket):
                return

    def _group(self, first: Ticket) -> bool:
        """Work on ``first`` and whatever is ready besides, commit once; return True when told to stop."""
        failure = self._execute("BEGIN IMMEDIATE")
        if failure is not None:
            return self._refuse(first, failure)
        group, stop = self._gather(first)
        well = [ticket for ticket in group if ticket.error is None]
        lost = not self._raw.in_transaction
        if not lost and well:
            lost = self._execute("COMMIT") is not None
            self.commits += not lost
        self._roll_back()
        settle(well if not lost else [])
        settle(ticket for ticket in group if ticket.error is not None)
        if lost:
            # A full volume makes SQLite undo everything at once; who did nothing wrong is worked again, alone.
            for ticket in well:
                self._alone(ticket)
        return stop

    def _refuse(self, first: Ticket, failure: StorageError) -> bool:
        """Tell everybody who waited as long as ``first`` that the database cannot be written now."""
        refused = [first]
        for _ in range(self._waiting.qsize()):
            ticket = self._waiting.get()
            if ticket is None:
                self._waiting.put(None)
                break
            refused.append(ticket)
        for ticket in refused:
            ticket.error = failure
        settle(refused)
        return False

    def _gather(self, first: Ticket) -> tuple[list[Ticket], bool]:
        """Work on tickets inside the open transaction until none is ready or the group is full."""
        ends_at = time.monotonic() + GROUP_SECONDS  # a duration, not the time of day
        group: list[Ticket] = []
        ticket: Ticket | None = first
        while ticket is not None:
            if not ticket.dropped:
                self._attempt(ticket)
                group.append(ticket)
            if len(group) >= GROUP_WORKS or time.monotonic() > ends_at or not self._raw.in_transaction:
                return group, False
            try:
                ticket = self._waiting.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _alone(self, ticket: Ticket) -> None:
        ticket.error = self._execute("BEGIN IMMEDIATE")
        if ticket.error is None:
            self._attempt(ticket)
        if ticket.error is None:
            ticket.error = self._execute("COMMIT")
            self.commits += ticket.error is None
        self._roll_back()
        settle([ticket])

    def _attempt(self, ticket: Ticket) -> None:
        """Run one work inside a savepoint and keep its value or its error in the ticket."""
        unit = UnitOfWork(self._conn, self._keyring, "sqlite")
        self.works += 1
        try:
            self._raw.execute("SAVEPOINT work")
            ticket.value = ticket.work(unit)
            unit.flush()
            self._raw.execute("RELEASE work")
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller, and the thread must live on
            ticket.error = _meaning(error)
            unit.release()
            if self._execute("ROLLBACK TO work") is not None or self._execute("RELEASE work") is not None:
                self._roll_back()
        else:
            unit.release()

    def _execute(self, command: str) -> StorageError | None:
        try:
            self._raw.execute(command)
        except sqlite3.Error as error:
            return explain(DBAPIError(command, None, error))
        return None

    def _roll_back(self) -> None:
        if self._raw.in_transaction:
            self._execute("ROLLBACK")


def _raw(conn: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", conn.connection.dbapi_connection)


def _meaning(error: BaseException) -> BaseException:
    if isinstance(error, sqlite3.Error):
        error = DBAPIError(None, None, error)
    return explain(error).with_traceback(error.__traceback__) if isinstance(error, DBAPIError) else error


def _prepare(path: Path) -> None:
    """Make sure that the file exists and that only its owner reads it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        message = f"the SQLite file cannot be created: {error.strerror}"
        raise DatabaseUnavailable(message) from None
