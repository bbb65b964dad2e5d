"""Fresh databases with tables for each test, in a few milliseconds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.crypto import Keyring
from storage.db import Database
from tests.support.postgres import PostgresDatabases, PostgresServer

#: Points the suite at a PostgreSQL that already runs; its user must be allowed to create databases.
URL_VARIABLE = "ATIENDE_TEST_DATABASE_URL"


class Databases:
    """Makes upgraded databases of either kind; the PostgreSQL server starts with the first that needs it."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring
        self._server: PostgresServer | None = None
        self._postgres: PostgresDatabases | None = None
        self._templates: dict[str, str] = {}
        self._free: list[str] = []
        self._count = 0

    @contextmanager
    def url(self, dialect: str, *, empty: bool = False) -> Iterator[str]:
        """Yield the URL of a fresh database, with the tables of this version unless ``empty``."""
        if dialect == "sqlite":
            yield self._sqlite(empty=empty)
            return
        postgres = self._on_server()
        if empty:
            url = postgres.empty()
        else:
            url = self._free.pop() if self._free else postgres.clone(self._template("postgresql"))
        try:
            yield url
        finally:
            if empty:
                postgres.drop(url)
            else:
                postgres.reuse(url)
                self._free.append(url)

    def close(self) -> None:
        """Remove what was made and stop the server."""
        if self._postgres is not None:
            for url in [*self._free, *filter(None, [self._templates.get("postgresql")])]:
                self._postgres.drop(url)
        if self._server is not None:
            self._server.stop()

    def _sqlite(self, *, empty: bool) -> str:
        self._count += 1
        path = self._folder / f"{self._count}.db"
        if not empty:
            shutil.copyfile(self._template("sqlite").removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def _template(self, dialect: str) -> str:
        if dialect not in self._templates:
            url = f"sqlite:///{self._folder}/template.db" if dialect == "sqlite" else self._on_server().empty()
            database = Database.open(url, self._keyring, safe=False)
            try:
                database.upgrade()
            finally:
                database.close_now()
            self._templates[dialect] = url
        return self._templates[dialect]

    def _on_server(self) -> PostgresDatabases:
        if self._postgres is None:
            url = os.environ.get(URL_VARIABLE, "")
            if not url:
                self._server = PostgresServer()
                url = self._server.url
            self._postgres = PostgresDatabases(url)
        return self._postgres
