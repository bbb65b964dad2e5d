"""``atiende knowledge``: what people asked and nobody has written, and what will soon be out of date."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

_SOON = 60

knowledge = typer.Typer(
    name="knowledge", help="Information: questions without an answer, and what expires.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende knowledge``."""
    app.add_typer(knowledge)


@knowledge.command("misses")
def misses(
    limit: Annotated[int, typer.Option(help="Show at most so many, the newest first.", min=1, max=1000)] = 50,
) -> None:
    """Show the questions that no article answered, so that somebody writes one."""
    from bot.channels.clean import terminal_text
    from bot.cli.opened import Opened
    from bot.cli.tables import Column, fitted

    with Opened() as opened:
        rows = opened.database.read_now(lambda uow: uow.questions.newest(limit))
        if not rows:
            opened.console.print("No hay preguntas sin respuesta.")
            return
        columns = (Column("Cuándo"), Column("Pregunta", folds=True))
        cells = [((opened.moment(row.at), terminal_text(row.question)), "") for row in rows]
        opened.console.print(fitted(opened.console, columns, cells))


@knowledge.command("expiring")
def expiring(
    days: Annotated[int, typer.Option(help="Look so many days ahead.", min=1, max=3650)] = _SOON,
) -> None:
    """Show articles, figures and lessons that are out of date or soon will be."""
    from bot.bootstrap import make_clock
    from bot.kernel.clock import local_date
    from bot.kernel.config import load_settings
    from bot.knowledge.load import load

    known = load()
    today = local_date(make_clock(load_settings()).now())
    dated = {**known.figures, **known.articles, **known.lessons}
    found = sorted((each.hasta, name) for name, each in dated.items() if each.hasta)
    soon = [(day, name) for day, name in found if day <= today + timedelta(days=days)]
    for day, name in soon:
        typer.echo(f"{day:%Y-%m-%d}  {name}{'  (vencida)' if day < today else ''}")
    if not soon:
        typer.echo(f"Nada vence en {days} días.")
