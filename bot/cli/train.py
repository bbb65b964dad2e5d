"""``atiende train``: make the model that understands from the language data, and show its card."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.nlu.model import Card

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder of Rasa NLU YAML; folders called tests are held out.",
        metavar="DIR",
        exists=True,
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="The model to write.", metavar="FILE")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the card as JSON.")]

#: Where a model goes when neither the command line nor the settings say it.
DEFAULT_MODEL = Path("var/modelo.npz")
DEFAULT_DATA = Path("nlu_data")


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("train")(train)


def places(data: Path | None, out: Path | None) -> tuple[Path, Path]:
    """Return (data, model): as given, else from the settings, else the defaults of a checkout."""
    if data is not None and out is not None:
        return data, out
    from bot.kernel.config import CONFIG_FILE, load_settings

    if os.environ.get("ATIENDE_CONFIG") or Path(CONFIG_FILE).exists():
        nlu = load_settings().nlu
        return data or nlu.datos, out or nlu.modelo
    return data or DEFAULT_DATA, out or DEFAULT_MODEL


def train(*, data: Data = None, out: Out = None, as_json: AsJson = False) -> None:
    """Train the understanding from language data; every problem of the data is shown with file and line."""
    from bot.nlu.data import read_with_issues
    from bot.nlu.train import train as make
    from bot.nlu.validate import check_examples, find_leaks

    source, target = places(data, out)
    found, issues = read_with_issues(source)
    issues += check_examples(found)
    if not any(issue.severity == "error" for issue in issues) and source.is_dir():
        held_out, _ = read_with_issues(source, tests=True)
        issues += find_leaks(found, held_out)
    for issue in issues:
        typer.echo(str(issue), err=True)
    if any(issue.severity == "error" for issue in issues):
        raise typer.Exit(1)
    from bot.kernel.clock import SystemClock

    card = make(source, target, now=SystemClock().now())
    if as_json:
        document = {key: value for key, value in card.to_json().items() if key not in {"synonyms", "lookups"}}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(card, target)


def _show(card: Card, target: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{target}", show_header=False, title_justify="left")
    table.add_row("trained at", card.trained_at)
    table.add_row("data", card.data_sha256[:16])
    table.add_row("intents", str(len(card.labels)))
    table.add_row(
        "examples", f"{card.examples} ({min(card.per_intent.values())}-{max(card.per_intent.values())} an intent)"
    )
    table.add_row("features", str(card.features))
    for name, figure in card.figures.items():
        table.add_row(name.replace("_", " "), f"{figure:g}")
    Console().print(table)
