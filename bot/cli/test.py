"""``atiende test``: plays scripted conversations through the true turn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""

    @app.command("test")
    def test(
        paths: Annotated[list[str], typer.Argument(help="Files, folders, or file.yml::name of a case.")],
        *,
        fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first case that differs.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a report.")] = False,
        coverage: Annotated[bool, typer.Option(help="Show the steps visited: of every flow for a folder.")] = True,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only show what differs.")] = False,
        config: Annotated[Path | None, typer.Option(help="Settings file; else ATIENDE_CONFIG or config.yaml.")] = None,
    ) -> None:
        """Play conversations written in Rasa's end-to-end format; exit 1 if one differs, 2 if one cannot be read.

        They begin on Wednesday 18 March 2026 at 10:30, or at ATIENDE_NOW, so that they go alike on any day.
        """
        import asyncio

        from rich.console import Console

        from bot.e2e import read, report, run
        from bot.kernel.config import load_settings
        from bot.model_file import fresh_model
        from bot.simulator import DAY_OF_SCRIPTS, simulator
        from dialogs.engine.load import load

        console = Console()
        try:
            cases = read.read_cases(paths)
        except read.BadScript as error:
            typer.echo("\n".join(error.problems), err=True)
            raise typer.Exit(2) from None
        settings = load_settings(config)
        fresh_model(settings)
        dialogs = load(settings.dialogos.carpeta)
        steps = {flow.id: tuple(flow.steps) for flow in dialogs.flows.values()}

        def watch(outcome: run.Outcome) -> None:
            if not as_json and not (quiet and outcome.passed):
                report.show_outcome(console, outcome)

        async def play() -> run.Report:
            async with simulator(settings, settings.now or DAY_OF_SCRIPTS) as one:
                return await run.run(cases, one, steps, fail_fast=fail_fast, watch=watch)

        done = asyncio.run(play())
        if as_json:
            typer.echo(report.as_json(done))
        else:
            whole = any(Path(path).is_dir() for path in paths)
            report.show_summary(console, done, coverage=coverage, every_flow=whole)
        raise typer.Exit(1 if done.failed else 0)
