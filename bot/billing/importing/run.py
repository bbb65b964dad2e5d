"""Imports a file: validates every line, writes in batches, reports what it refuses, and goes on where it stopped."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.billing.importing.seen import Seen
from bot.billing.importing.shapes import Bad
from bot.billing.importing.source import look, read
from storage.repos.imports import ImportRecord

if TYPE_CHECKING:
    from bot.billing.importing.shapes import Shape
    from bot.billing.importing.source import Line, Source
    from bot.kernel.clock import Clock
    from storage.db import Database
    from storage.uow import UnitOfWork

#: Lines that share a transaction: large enough that commits cost little, small enough that people's turns get between.
BATCH = 2_000
_HEAD = ("linea", "columna", "motivo", "valor")
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: lines taken and refused, where the refused ones are told, and whether it was done before."""

    taken: int
    refused: int
    report: Path
    was_done: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How to import: ``accounts`` is the pattern of an account number by service; ``dry`` writes nothing."""

    shape: Shape
    accounts: Callable[[str], str]
    dry: bool = False
    again: bool = False
    report: Path | None = None


def import_file(
    path: Path,
    plan: Plan,
    database: Database,
    clock: Clock,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Import ``path``; ``progress`` is told how many lines of how many are worked.

    What was imported stays when it breaks off, and importing the same file again goes on after it. A file that is done
    is left alone unless ``again``: then every line is written once more, which changes nothing that did not change.

    Raises:
        Unreadable: the file cannot be read or its columns are not those of the kind.
    """
    source = look(path, plan.shape)
    report = plan.report or path.with_name(f"{path.name}.rechazadas.csv")
    key = f"{plan.shape.name}:{source.sha256}"
    before = None if plan.dry else database.read_now(lambda uow: uow.imports.get(key))
    if before is not None and before.done and not plan.again:
        return Outcome(before.taken, before.refused, report, was_done=True)
    begun = before if before is not None and not before.done else None
    with report.open("a" if begun else "w", encoding="utf-8", newline="") as opened:
        work = _Work(plan, database, clock, source, key, opened, begun)
        return work.run(progress or _silent, report)


def _silent(_done: int, _of: int) -> None:
    """Show nothing."""


class _Work:
    """One import under way."""

    def __init__(  # what an import is made of
        self,
        plan: Plan,
        database: Database,
        clock: Clock,
        source: Source,
        key: str,
        opened: TextIO,
        begun: ImportRecord | None,
    ) -> None:
        self._plan, self._database, self._clock, self._source, self._key = plan, database, clock, source, key
        self._report = csv.writer(opened)
        self._opened = opened
        if begun is None:
            self._report.writerow(_HEAD)
        self._after = begun.lines if begun else 0
        self._taken, self._refused = (begun.taken, begun.refused) if begun else (0, 0)
        self._seen = Seen(source.lines)
        self._patterns: dict[str, re.Pattern[str]] = {}

    def run(self, progress: Callable[[int, int], None], report: Path) -> Outcome:
        """Work every batch and return what became of the file."""
        for batch in self._batches():
            self._write(batch)
            progress(batch[-1][0].number, self._source.lines)
        self._save(self._source.lines, done=True)
        return Outcome(self._taken, self._refused, report)

    def _batches(self) -> Iterator[list[tuple[Line, Mapping[str, Any] | Bad]]]:
        batch: list[tuple[Line, Mapping[str, Any] | Bad]] = []
        for line in read(self._source):
            told = self._values(line)
            # Lines that were worked before the import broke off are only remembered, for those that repeat them.
            if line.number <= self._after:
                continue
            batch.append((line, told))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _values(self, line: Line) -> Mapping[str, Any] | Bad:
        """Return the values of a line with its record, or what is wrong with it."""
        if line.trouble is not None:
            return line.trouble
        shape = self._plan.shape
        cells: dict[str, Any] = {}
        for name, cell in line.cells.items():
            column = shape.columns[name]
            if not cell.strip():
                if column.needed:
                    return Bad(name, "falta")
                continue
            try:
                cells[name] = column.read(cell)
            except ValueError as error:
                return Bad(name, str(error))
        try:
            self._check_account(cells)
            cells["record"] = shape.make(cells)
        except Bad as trouble:
            return trouble
        return cells if self._seen.add(shape.key(cells)) else Bad("", "repetida: está más arriba en el archivo")

    def _check_account(self, cells: Mapping[str, Any]) -> None:
        service = str(cells.get("servicio") or "")
        if service not in self._patterns:
            self._patterns[service] = re.compile(self._plan.accounts(service))
        if not self._patterns[service].fullmatch(cells["cuenta"]):
            raise Bad("cuenta", "no tiene la forma de un número de cuenta")

    def _write(self, batch: list[tuple[Line, Mapping[str, Any] | Bad]]) -> None:
        """Write the good lines of a batch and the place reached in one transaction, then tell of the bad ones."""
        shape, now = self._plan.shape, self._clock.now()
        good = [(line, told) for line, told in batch if not isinstance(told, Bad)]
        bad = [(line, told) for line, told in batch if isinstance(told, Bad)]
        taken, last = self._taken, batch[-1][0].number
        accounts = sorted({told["cuenta"] for _, told in good}) if shape.needs_account else []

        def work(uow: UnitOfWork) -> list[tuple[Line, Bad]]:
            known = uow.customers.known(accounts) if accounts else set()
            fit = [(line, told) for line, told in good if not shape.needs_account or told["cuenta"] in known]
            strangers = [
                (line, Bad("cuenta", "no está entre los clientes; impórtelos primero"))
                for line, told in good
                if shape.needs_account and told["cuenta"] not in known
            ]
            if not self._plan.dry:
                if fit:
                    shape.write(uow, [told["record"] for _, told in fit], now)
                refused = self._refused + len(bad) + len(strangers)
                uow.imports.save(self._record(last, taken + len(fit), refused, done=False))
            return strangers

        strangers = self._database.read_now(work) if self._plan.dry else self._database.write_now(work)
        self._taken += len(good) - len(strangers)
        self._refused += len(bad) + len(strangers)
        for line, trouble in sorted([*bad, *strangers], key=lambda pair: pair[0].number):
            self._report.writerow((line.number, trouble.column, str(trouble), self._shown(line, trouble.column)))
        self._opened.flush()

    def _shown(self, line: Line, column: str) -> str:
        """Return the value that was refused, unless it is personal; nothing in it is a formula to a spreadsheet."""
        if not column or self._plan.shape.columns[column].personal:
            return ""
        value = line.cells.get(column, "")[:80]
        return f"'{value}" if value.startswith(_FORMULA) else value

    def _record(self, lines: int, taken: int, refused: int, *, done: bool) -> ImportRecord:
        return ImportRecord(
            id=self._key,
            kind=self._plan.shape.name,
            lines=lines,
            taken=taken,
            refused=refused,
            done=done,
            at=self._clock.now(),
        )

    def _save(self, lines: int, *, done: bool) -> None:
        if not self._plan.dry:
            record = self._record(lines, self._taken, self._refused, done=done)
            self._database.write_now(lambda uow: uow.imports.save(record))
