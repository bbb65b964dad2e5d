"""``atiende check``: everything that is wrong with flows, wording and language data, with file, line and remedy."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from bot.inspection import Inspection
    from dialogs.engine.flow import Issue

Folder = Annotated[Path | None, typer.Argument(help="Dialogs folder; else dialogos.carpeta of the settings.")]
Data = Annotated[Path | None, typer.Option("--nlu", help="Language data; else nlu.datos of the settings.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a report.")]

_COLOURS = {"error": "bold red", "warning": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("check")(check)


def check(folder: Folder = None, *, nlu: Data = None, as_json: AsJson = False) -> None:
    """Inspect flows, domain, wording and language data; exit 1 if anything would keep the service from starting."""
    from rich.console import Console

    from bot.inspection import inspect_folder

    remote = False
    if folder is None:
        from bot.kernel.config import load_settings

        settings = load_settings()
        folder, nlu = settings.dialogos.carpeta, nlu or settings.nlu.datos
        remote = settings.action_endpoint is not None
    found = inspect_folder(folder, nlu, remote_actions=remote)
    if as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=2))
    else:
        _report(found, Console(highlight=False, soft_wrap=True))
    if found.errors:
        raise typer.Exit(1)


def _document(found: Inspection) -> dict[str, object]:
    dialogs = found.dialogs
    return {
        "ok": not found.errors,
        "errors": len(found.errors),
        "warnings": len(found.issues) - len(found.errors),
        "flows": len(dialogs.flows) if dialogs else 0,
        "responses": len(dialogs.domain.responses.get(dialogs.language, {})) if dialogs else 0,
        "slots": len(dialogs.domain.slots) if dialogs else 0,
        "issues": [asdict(issue) for issue in found.issues],
    }


def report_issues(issues: Iterable[Issue], console: Console) -> None:
    """Print a line for each issue, as compilers do: file, line, severity, what is wrong, remedy."""
    from rich.text import Text

    for issue in issues:
        line = Text(f"{issue.file}:{issue.line}: ", style="cyan")
        line.append(f"{issue.severity}: ", style=_COLOURS[issue.severity])
        line.append(f"{issue.where}: {issue.what}.")
        if issue.remedy:
            line.append(f" {issue.remedy}", style="green")
        console.print(line)


def _report(found: Inspection, console: Console) -> None:
    report_issues(found.issues, console)
    document = _document(found)
    summary = "{errors} errors, {warnings} warnings in {flows} flows, {responses} responses, {slots} slots"
    console.print(summary.format(**document), style="bold red" if found.errors else "bold green")
