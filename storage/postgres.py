"""PostgreSQL: a pool of connections in threads, one transaction a work, serialization failures repeated."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from storage.crypto import Keyring
from storage.errors import CommitUnknown, StorageClosed, StorageError, explain
from storage.ticket import Ticket, Work, settle
from storage.uow import UnitOfWork

#: serialization_failure, deadlock_detected
_REPEAT = ("40001", "40P01")
_TRIES = 6
_FIRST_PAUSE_SECONDS = 0.005


class PostgresBackend:
    """A database on a server.

    Args:
        url: ``postgresql+psycopg://…``.
        keyring: seals and opens the personal columns.
        pool: how many transactions may run at once.
        safe: wait for the server's log (``synchronous_commit``); False is for tests only.
    """

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: URL, keyring: Keyring, *, pool: int, safe: bool) -> None:
        self._keyring = keyring
        options = {"timezone": "UTC", "lock_timeout": "15s", "idle_in_transaction_session_timeout": "60s"}
        if not safe:
            options["synchronous_commit"] = "off"
        self._engine = create_engine(
            url,
            pool_size=pool,
            max_overflow=0,
            hide_parameters=True,
            connect_args={
                "connect_timeout": 5,
                "application_name": "atiende",
                "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            },
        )
        # A read sees one snapshot, as in SQLite.
        self._snapshot = self._engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
        self._threads = ThreadPoolExecutor(pool, "storage")
        self._count = threading.Lock()
        self.works = 0
        self.commits = 0

    def connect(self, *, reading: bool = False) -> Connection:
        """Open a connection for the upgrade of the tables or for a test; the caller ends its transactions."""
        return (self._snapshot if reading else self._engine).connect()

    def write(self, ticket: Ticket) -> None:
        """Run a work in its own transaction; its future resolves after COMMIT.

        Raises:
            StorageClosed: the database was closed.
        """
        self._submit(self._serve, ticket)

    def read(self, work: Work) -> Future[Any]:
        """Run a work that only reads, on one snapshot.

        Raises:
            StorageClosed: the database was closed.
        """
        return self._submit(self._transaction, self._snapshot, work)

    def close(self) -> None:
        """Finish what was given, then close every connection; repeating it is harmless."""
        self._threads.shutdown()
        self._engine.dispose()

    def _submit(self, call: Any, *arguments: Any) -> Future[Any]:
        try:
            return self._threads.submit(call, *arguments)
        except RuntimeError:
            message = "the database was closed"
            raise StorageClosed(message) from None

    def _serve(self, ticket: Ticket) -> None:
        if ticket.dropped:
            return
        try:
            ticket.value = self._transaction(self._engine, ticket.work)
            with self._count:
                self.works += 1
                self.commits += 1
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller
            ticket.error = error
        settle([ticket])

    def _transaction(self, engine: Engine, work: Work) -> Any:
        pause = _FIRST_PAUSE_SECONDS
        for tries_left in range(_TRIES, 0, -1):
            committing = False
            try:
                with engine.connect() as conn:
                    unit = UnitOfWork(conn, self._keyring, "postgresql")
                    try:
                        value = work(unit)
                        unit.flush()
                    finally:
                        unit.release()
                    committing = True
                    conn.commit()
                    return value
            except DBAPIError as error:
                if committing and error.connection_invalidated:
                    message = "the connection broke while committing"
                    raise CommitUnknown(message) from None
                if tries_left == 1 or not _worth_repeating(error):
                    raise explain(error).with_traceback(error.__traceback__) from None
                time.sleep(pause)
                pause *= 2
        raise StorageError  # pragma: no cover - the last try returns or raises


def _worth_repeating(error: DBAPIError) -> bool:
    """Tell whether the server undid the work for reasons of its own: a conflict of locks, or a broken connection."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _REPEAT
