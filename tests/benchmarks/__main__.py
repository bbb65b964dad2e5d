"""Runs every benchmark, or those named: ``python -m tests.benchmarks [turns] [parse] [ready] [age] [engine] [imports] [entities] [understanding] [delivery] [edge]``."""

from __future__ import annotations

import asyncio
import inspect
import platform
import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

NAMES = ("engine", "parse", "turns", "age", "ready", "imports")


def main(names: list[str]) -> None:
    """Run and print a table: what, figure, floor or limit of the same run, ratio."""
    console = Console(width=140)
    console.print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    table = Table()
    for column in ("figure", "value", "measured against, in this run", "ratio", "aim", ""):
        table.add_column(column, overflow="fold")
    for name in names or NAMES:
        run = import_module(f"tests.benchmarks.{name}").run
        result = asyncio.run(run()) if inspect.iscoroutinefunction(run) else run()
        for figure in result:
            table.add_row(*figure.cells())
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
