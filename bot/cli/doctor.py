"""``atiende doctor``: what is wrong with this installation or one of its channels, a line for each thing, and the remedy."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.doctor.findings import Finding

_MARKS: Final = {"ok": ("bien", "green"), "warning": ("aviso", "yellow"), "fault": ("FALLA", "bold red")}

Channels = Annotated[
    list[str] | None, typer.Argument(help="Only these channels: webchat, whatsapp, telegram.", metavar="[CANAL]…")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a report.")]
Readers = Annotated[
    bool, typer.Option("--readers", help="Also look for another program that reads the Telegram bot; it interrupts it.")
]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("doctor")(doctor)


def doctor(channels: Channels = None, *, as_json: AsJson = False, readers: Readers = False) -> None:
    """Look at settings, database, address, queues and providers, change nothing; exit 1 if there is a fault."""
    import asyncio

    from bot.doctor.examine import CHANNELS, examine
    from bot.doctor.findings import Notes
    from bot.kernel.config import load_settings
    from bot.kernel.errors import ConfigError, Unreadable

    chosen = list(dict.fromkeys(channels or ()))
    unknown = [name for name in chosen if name not in CHANNELS]
    if unknown:
        message = f"{unknown[0][:40]!r} is not a channel that can be looked at; known: {', '.join(CHANNELS)}"
        raise Unreadable(message)
    try:
        settings = load_settings()
    except ConfigError as error:
        notes = Notes("Instalación")
        for problem in error.problems:
            notes.fault("ajustes", problem, "")
        found = notes.findings
    else:
        found = asyncio.run(examine(settings, chosen, ask_readers=readers))
    if as_json:
        typer.echo(json.dumps(_document(found), ensure_ascii=False, indent=2))
    else:
        _report(found)
    if any(finding.state == "fault" for finding in found):
        raise typer.Exit(1)


def _document(found: Sequence[Finding]) -> dict[str, object]:
    states = [finding.state for finding in found]
    return {
        "ok": "fault" not in states,
        "faults": states.count("fault"),
        "warnings": states.count("warning"),
        "findings": [asdict(finding) for finding in found],
    }


def _report(found: Sequence[Finding]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    area = ""
    topics = max((len(finding.topic) for finding in found), default=0)
    for finding in found:
        if finding.area != area:
            console.print(f"{'' if not area else chr(10)}[bold]{finding.area}[/bold]")
            area = finding.area
        _line(console, finding, topics)
    states = [finding.state for finding in found]
    faults, warnings, well = (states.count(state) for state in ("fault", "warning", "ok"))
    style = "bold red" if faults else "bold yellow" if warnings else "bold green"
    console.print(f"\n{_count(faults, 'falla')}, {_count(warnings, 'aviso')}, {well} bien.", style=style)


def _line(console: Console, finding: Finding, topics: int) -> None:
    """Print one finding: hanging under itself in a terminal, on one line where a program reads."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark, style = _MARKS[finding.state]
    words = Text(finding.text)
    if finding.remedy:
        words.append(" → ", style="dim")
        words.append(finding.remedy, style="cyan")
    if not console.is_terminal:
        line = Text(f"  {mark:<5} {finding.topic:<{topics}} ")
        console.print(line + words, soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=5, no_wrap=True)
    grid.add_column(min_width=topics, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark, style=style), Text(finding.topic), words)
    console.print(Padding(grid, (0, 0, 0, 2)))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
