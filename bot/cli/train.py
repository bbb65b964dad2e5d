"""``atiende train``: make the model that understands from the language data, and show its card."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.nlu.model import Card

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder of Rasa NLU YAML; folders called tests are held out. Else «nlu.datos».",
        metavar="DIR",
        exists=True,
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", help="The model to write. Else «nlu.modelo».", metavar="FILE", dir_okay=False)
]
Check = Annotated[bool, typer.Option("--check", help="Only show what is wrong or thin in the data; train nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the card, or what --check found, as JSON.")]

#: Where a model goes when neither the command line nor the settings say it.
DEFAULT_MODEL = Path("var/modelo.npz")
DEFAULT_DATA = Path("nlu_data")
#: Figures of the card that are measured while training, on sentences held back: their name for people, and if a share.
_FIGURES = {
    "accuracy": ("right intent, held back", True),
    "top3": ("among the best 3", True),
    "calibration_error": ("calibration error", True),
    "known_words": ("words known", True),
    "out_of_scope_auroc": ("out of scope, AUROC", False),
    "out_of_scope_found_at_5_percent": ("refused at 5 % false refusals", True),
}
_MANY = 10_000


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


def train(*, data: Data = None, out: Out = None, check: Check = False, as_json: AsJson = False) -> None:
    """Train the understanding from language data; every problem of the data is shown with file and line."""
    source, target = places(data, out)
    if check:
        _check(source, as_json=as_json)
        return
    from bot.nlu.data import read_with_issues
    from bot.nlu.train import train as make
    from bot.nlu.validate import check_examples, has_registry

    found, issues = read_with_issues(source)
    issues += check_examples(found, is_strict=has_registry(source))
    errors = [issue for issue in issues if issue.severity == "error"]
    for issue in errors:
        typer.echo(str(issue), err=True)
    if errors:
        raise typer.Exit(1)
    if issues:
        again = "atiende train --check" + ("" if data is None else f" --data {data}")
        typer.echo(f"warnings: {len(issues)}; these, and what is said twice: {again}", err=True)
    from bot.kernel.clock import SystemClock

    try:
        card = make(source, target, now=SystemClock().now())
    except OSError as problem:
        typer.echo(f"the model cannot be written to {target}: {problem.strerror}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        document = {key: value for key, value in card.to_json().items() if key not in {"synonyms", "lookups"}}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(card, target)


def _check(source: Path, *, as_json: bool) -> None:
    """Show all that is wrong with the data and train nothing; exit 1 on an error."""
    from bot.inspection import as_typed
    from bot.nlu.validate import ENOUGH_AUTHORS, ENOUGH_EXAMPLES, check_everything, thin_intents

    found, issues = check_everything(as_typed(source))
    thin = thin_intents(found)
    errors = sum(issue.severity == "error" for issue in issues)
    if as_json:
        document = {
            "ok": not errors,
            "errors": errors,
            "warnings": len(issues) - errors,
            "examples": len(found.examples),
            "intents": len(found.intents),
            "issues": [asdict(issue) for issue in issues],
            "thin": [asdict(one) for one in thin],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        from rich.console import Console

        from bot.cli.check import report_issues
        from bot.cli.tables import Column, fitted

        console = Console(highlight=False, soft_wrap=True)
        report_issues(issues, console)
        if thin:
            console.print(f"Fewer than {ENOUGH_EXAMPLES} examples or {ENOUGH_AUTHORS} authors:")
            rows = [((one.intent, str(one.examples), str(one.authors)), "") for one in thin]
            console.print(fitted(console, (Column("intent"), Column("examples"), Column("authors")), rows))
        summary = f"{errors} errors, {len(issues) - errors} warnings in {len(found.examples)} examples of {len(found.intents)} intents"
        console.print(summary, style="bold red" if errors else "bold green")
    if errors:
        raise typer.Exit(1)


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
        title, is_share = _FIGURES.get(name, (name.replace("_", " "), False))
        table.add_row(title, f"{figure:.1%}" if is_share else f"{figure:,.4g}" if figure < _MANY else f"{figure:,.0f}")
    Console().print(table)
