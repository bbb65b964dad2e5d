"""``atiende parse "texto"``: what is heard in a message, and why."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from bot.nlu.understand import Understanding

Text = Annotated[str, typer.Argument(help="What a person wrote.", metavar="TEXTO")]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", help="Another model than the configured one.", metavar="FILE", exists=True, dir_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON, in the shape of Rasa's /model/parse.")]

_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("parse")(parse)


def parse(text: Text, *, model: ModelFile = None, as_json: AsJson = False) -> None:
    """Explain what is heard in a message: danger, intents with confidence, things said, and what spoke for them."""
    understanding, now = _opened(model)
    if as_json:
        typer.echo(json.dumps(understanding.parse(text, now=now), ensure_ascii=False, indent=2))
    else:
        _show(understanding, text, now)


def _opened(model: Path | None) -> tuple[Understanding, datetime]:
    from bot.bootstrap import make_clock
    from bot.cli.train import DEFAULT_MODEL
    from bot.kernel.clock import SystemClock
    from bot.kernel.config import CONFIG_FILE, load_settings
    from bot.nlu.model import Model
    from bot.nlu.understand import Understanding

    if os.environ.get("ATIENDE_CONFIG") or Path(CONFIG_FILE).exists():
        settings = load_settings()
        opened = Understanding.open(settings) if model is None else Understanding(Model.load(model))
        return opened, make_clock(settings).now()
    if model is None:
        model = DEFAULT_MODEL if DEFAULT_MODEL.exists() else None
    return Understanding(Model.load(model) if model is not None else None), SystemClock().now()


def _show(understanding: Understanding, text: str, now: datetime) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.channels.clean import terminal_text
    from bot.nlu.emergencies import explain
    from bot.nlu.model import Model
    from bot.nlu.normalise import normalise

    heard = understanding.hear(text, now=now)
    console = Console()
    console.print("heard as:", terminal_text(normalise(text)) or "(nothing)", markup=False)
    danger = explain(text)
    if danger is not None:
        console.print(f"EMERGENCY {danger.kind}: {' '.join(danger.words)} (rule {danger.rule})", markup=False)
    elif heard.emergency:
        console.print(f"EMERGENCY {heard.emergency}: by the model", markup=False)
    intents = Table("intent", "confidence", "because of", title="Intents", title_justify="left")
    for intent in heard.ranking[:_SHOWN]:
        reasons = understanding.model.explain(text, intent.name) if isinstance(understanding.model, Model) else ()
        because = "  ".join(f"{reason.feature}·{reason.weight:.2f}" for reason in reasons[:_SHOWN])
        intents.add_row(intent.name, f"{intent.confidence:.3f}", Text(terminal_text(because)))
    console.print(intents)
    console.print(f"out of scope: {heard.out_of_scope:.3f}    correction: {'yes' if heard.correction else 'no'}")
    if heard.entities:
        things = Table("entity", "value", "said", "at", title="Entities", title_justify="left")
        for entity in heard.entities:
            value, said = Text(terminal_text(str(entity.value))), Text(terminal_text(entity.text))
            things.add_row(entity.name, value, said, f"{entity.start}-{entity.end}")
        console.print(things)
    if not understanding.has_model:
        console.print("There is no model: intents are guessed by keywords. Make it with: atiende train")
