"""``atiende import customers|bills|payments FILE``: the company's own files into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Kind = Literal["customers", "bills", "payments"]


def register(app: typer.Typer) -> None:
    """Add ``atiende import``."""

    @app.command("import")
    def import_(
        kind: Annotated[Kind, typer.Argument(help="What the file holds.", metavar="CLASE")],
        file: Annotated[
            Path, typer.Argument(help="CSV with the names of its columns in the first line.", metavar="ARCHIVO")
        ],
        *,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only validate: write nothing but the report.")
        ] = False,
        again: Annotated[bool, typer.Option("--again", help="Write a file once more that is done.")] = False,
        report: Annotated[
            Path | None, typer.Option(help="Where refused lines are told; else ARCHIVO.rechazadas.csv.")
        ] = None,
    ) -> None:
        """Import customers, bills or payments; refused lines are told with line, column and reason."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        from bot.billing.importing.run import Plan, import_file
        from bot.billing.importing.shapes import SHAPES
        from bot.cli.opened import Opened

        with Opened() as opened:
            plan = Plan(SHAPES[kind], opened.settings.ley.account_pattern, dry=dry_run, again=again, report=report)
            with Progress(
                BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=opened.console, transient=True
            ) as bar:
                task = bar.add_task(kind)
                outcome = import_file(
                    file,
                    plan,
                    opened.database,
                    opened.clock,
                    lambda done, of: bar.update(task, completed=done, total=max(done, of)),
                )
            if outcome.was_done:
                typer.echo(f"Este archivo ya estaba importado: {outcome.taken} líneas. Con --again se repite.")
                return
            verb = "Se podrían importar" if dry_run else "Importadas"
            typer.echo(f"{verb}: {outcome.taken} líneas. Rechazadas: {outcome.refused}.")
            if outcome.refused:
                typer.echo(f"Las rechazadas, con su columna y su motivo, están en {outcome.report}", err=True)
                raise typer.Exit(1)
