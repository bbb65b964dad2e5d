"""``atiende evaluate FILE``: how well a model understands sentences that it has not seen, and what it gets wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

ModelFile = Annotated[
    Path, typer.Argument(help="The model, as «atiende train» wrote it.", metavar="FILE", exists=True, dir_okay=False)
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Held-out sentences in Rasa NLU YAML: a file, a folder, or a folder with folders called tests in it.",
        metavar="DIR",
        exists=True,
    ),
]
Set = Annotated[
    str,
    typer.Option("--set", help="One set below tests: desarrollo, primeras… Else all but «final».", metavar="NAME"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write everything as JSON.")]
Plots = Annotated[
    Path | None,
    typer.Option("--plots", help="Draw confusion.svg and reliability.svg there.", metavar="DIR", file_okay=False),
]
Errors = Annotated[int, typer.Option("--errors", help="How many kinds of mistakes to show.", min=0, max=1000)]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("evaluate")(evaluate)


def evaluate(
    model: ModelFile,
    *,
    data: Data = None,
    held_out: Set = "",
    as_json: AsJson = False,
    plots: Plots = None,
    errors: Errors = 10,
) -> None:
    """Measure a model on held-out sentences: figures by intent, author and entity, doubt, speed, weight and mistakes."""
    from bot.cli.train import places
    from bot.nlu import evaluation

    source, _ = places(data, model)
    report = evaluation.evaluate(model, evaluation.held_out_sentences(source, held_out))
    if plots is not None:
        from bot.nlu.evaluation.plots import draw

        drawn = draw(report, plots)
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from bot.cli.evaluation_shown import show

    console = Console(highlight=False)
    show(report, console, mistakes=errors)
    if plots is not None:
        for path in drawn:
            console.print(f"drawn: {path}", markup=False)
