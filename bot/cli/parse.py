"""``atiende parse "texto"``: what is heard in a message, and why."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.config import Settings
    from bot.nlu.understand import Understanding

Text = Annotated[str, typer.Argument(help="What a person wrote.", metavar="TEXT")]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", help="Another model than the configured one.", metavar="FILE", exists=True, dir_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON, in the shape of Rasa's /model/parse.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("parse")(parse)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a message is heard with; ``settings`` are those of the assistant, or None for a model of another one."""

    understanding: Understanding
    now: datetime
    settings: Settings | None


def parse(text: Text, *, model: ModelFile = None, as_json: AsJson = False) -> None:
    """Explain what is heard in a message: danger, intents and the words for each, doubt, rules, things, what follows."""
    opened = _opened(model)
    if as_json:
        typer.echo(json.dumps(opened.understanding.parse(text, now=opened.now), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from bot.cli.parse_shown import show

    show(opened, text, Console(highlight=False))


def _opened(model: Path | None) -> Opened:
    from bot.bootstrap import make_clock
    from bot.cli.train import DEFAULT_MODEL
    from bot.kernel.clock import SystemClock
    from bot.kernel.config import CONFIG_FILE, load_settings
    from bot.nlu.model import Model
    from bot.nlu.understand import Understanding

    if os.environ.get("ATIENDE_CONFIG") or Path(CONFIG_FILE).exists():
        settings = load_settings()
        if model is None:
            return Opened(Understanding.open(settings), make_clock(settings).now(), settings)
        return Opened(Understanding(Model.load(model)), make_clock(settings).now(), None)
    if model is None:
        model = DEFAULT_MODEL if DEFAULT_MODEL.exists() else None
    return Opened(Understanding(Model.load(model) if model is not None else None), SystemClock().now(), None)
