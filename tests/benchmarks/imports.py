"""A million bills from a file, against reading the same file and inserting the same rows bare; and how much memory."""

from __future__ import annotations

import csv
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.figure import Figure

ROWS = 1_000_000
ACCOUNTS = 20_000
_HEAD = "cuenta;servicio;periodo;emitida_on;vence_on;total;numero;consumo;dias;lectura_anterior;lectura_actual\n"
_MEGA = 1_000_000
_LIMIT_MB = 300
#: Lines a second that a small machine has to reach.
_LEAST_RATE = 5_000


def run() -> list[Figure]:
    """Measure each in a process of its own, so that peaks of memory do not mix."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bills.csv"
        _file(path)
        reading, _ = _apart(_read, path)
        bare, _ = _apart(_bare, path)
        small, least = _apart(_import, path, 20_000)
        took, peak = _apart(_import, path, ROWS)
    floor = reading + bare
    return [
        Figure(
            "import a million bills",
            f"{ROWS / took:,.0f}/s",
            f"reading the CSV and bare inserts: {ROWS / floor:,.0f}/s",
            f"{floor / took:.2f}",
            f"> {_LEAST_RATE:,}/s",
            is_met=ROWS / took > _LEAST_RATE,
        ),
        Figure(
            "peak memory of that import",
            f"{peak / _MEGA:.0f} MB",
            f"importing 20,000: {least / _MEGA:.0f} MB ({20_000 / small:,.0f}/s)",
            f"{peak / least:.2f}",
            f"< {_LIMIT_MB} MB",
            is_met=peak < _LIMIT_MB * _MEGA,
        ),
    ]


def _file(path: Path) -> None:
    with path.open("w", encoding="utf-8") as opened:
        opened.write(_HEAD)
        for number in range(ROWS):
            account, month = 1_000_000 + number % ACCOUNTS, number // ACCOUNTS
            year, part = 2000 + month // 12, month % 12 + 1
            opened.write(
                f"{account};agua;{year}-{part:02d};05/{part:02d}/{year};21/{part:02d}/{year};$ {80 + number % 900}.450;"
                f"F{number};18,5;30;1.100;1.118\n"
            )


def _apart(work: Any, *arguments: Any) -> tuple[float, int]:
    """Run ``work`` in a fresh process; return its seconds and its peak of resident memory in bytes."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Any, arguments: tuple[Any, ...]) -> tuple[float, int]:
    import resource

    took = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return took, peak if sys.platform == "darwin" else peak * 1024


def _read(path: Path) -> float:
    began = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as opened:
        for _ in csv.reader(opened, delimiter=";"):
            pass
    return time.perf_counter() - began


def _bare(path: Path) -> float:
    """Insert the rows as text with sqlite3 alone, in transactions of the same size, into a table with the same key."""
    import sqlite3

    database = sqlite3.connect(path.with_name("bare.db"), isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE bills (id INTEGER PRIMARY KEY AUTOINCREMENT, cuenta, servicio, periodo, a, b, c, d, e, f, g, h, "
        "UNIQUE (cuenta, servicio, periodo))"
    )
    with path.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened, delimiter=";")
        next(rows)
        batch, took = [], 0.0
        for row in rows:
            batch.append(row)
            if len(batch) == 2_000:  # as the import
                took += _insert(database, batch)
                batch = []
        took += _insert(database, batch)
    return took


def _insert(database: Any, batch: list[list[str]]) -> float:
    began = time.perf_counter()
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO bills (cuenta, servicio, periodo, a, b, c, d, e, f, g, h) VALUES (?,?,?,?,?,?,?,?,?,?,?)", batch
    )
    database.execute("COMMIT")
    return time.perf_counter() - began


def _import(path: Path, rows: int) -> float:
    from bot.billing.importing.run import Plan, import_file
    from bot.billing.importing.shapes import SHAPES
    from bot.kernel.clock import SystemClock
    from storage.crypto import Keyring
    from storage.db import Database
    from storage.repos.customers import AccountRecord

    part = path.with_name(f"{rows}.csv")
    with path.open(encoding="utf-8") as whole, part.open("w", encoding="utf-8") as some:
        for _, line in zip(range(rows + 1), whole, strict=False):
            some.write(line)
    database = Database.open(f"sqlite:///{path.with_name(f'{rows}.db')}", Keyring.generate())
    database.upgrade()
    people = [
        (
            AccountRecord(
                cuenta=str(1_000_000 + one), servicios=["agua"], titular="P", direccion="D", uso="residencial"
            ),
            None,
        )
        for one in range(ACCOUNTS)
    ]
    database.write_now(lambda uow: uow.customers.add_accounts(people))
    began = time.perf_counter()
    outcome = import_file(part, Plan(SHAPES["bills"], lambda service: r"\d{7}"), database, SystemClock())
    took = time.perf_counter() - began
    database.close_now()
    if (outcome.taken, outcome.refused) != (rows, 0):
        raise AssertionError(outcome)
    return took
