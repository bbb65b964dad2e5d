"""``atiende ratings``: what people think of the attention, in the terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.ratings import Opinion

_BAR = 30
_GOOD, _BAD = 4, 2


def register(app: typer.Typer) -> None:
    """Add ``atiende ratings``."""
    app.command()(ratings)


def ratings(
    days: Annotated[int, typer.Option(help="Look at so many days back.", min=1, max=3650)] = 30,
    comments: Annotated[int, typer.Option(help="Show at most so many comments.", min=0, max=500)] = 10,
) -> None:
    """Show how often each mark was given, the mean of each errand, comments, and complaints of the assistant."""
    from rich.table import Table

    with _open() as opened:
        since = opened.clock.now() - timedelta(days=days)
        counts = opened.database.read_now(lambda uow: uow.ratings.counts(since))
        total = sum(counts.values())
        complaints = opened.database.read_now(lambda uow: uow.ratings.complaints(since, comments))
        if not total and not complaints:
            opened.console.print(f"Nadie ha calificado en los últimos {days} días.")
            return
        if total:
            mean = sum(mark * count for mark, count in counts.items()) / total
            good = sum(count for mark, count in counts.items() if mark >= _GOOD)
            opened.console.print(f"{total} notas · promedio {mean:.2f} · {100 * good / total:.0f} % de 4 o 5")
            for mark in range(5, 0, -1):
                count = counts.get(mark, 0)
                opened.console.print(f"{mark} {'█' * round(_BAR * count / total)} {count}", highlight=False)
            table = Table(title="Por tema")
            for column in ("Sobre", "Trámite", "Notas", "Promedio"):
                table.add_column(column)
            for score in opened.database.read_now(lambda uow: uow.ratings.scores(since)):
                about = "caso" if score.about == "case" else "trámite"
                table.add_row(about, score.subject or "—", str(score.count), f"{score.mean:.2f}")
            opened.console.print(table)
        _show(opened, "Comentarios", opened.database.read_now(lambda uow: uow.ratings.comments(since, comments)))
        _show(opened, "Quejas del asistente", complaints)


def _show(opened: Opened, title: str, said: list[Opinion]) -> None:
    from bot.channels.clean import terminal_text

    if not said:
        return
    opened.console.print(title, style="bold")
    for one in said:
        mark = f"{one.mark}  " if one.mark else ""
        words = terminal_text(one.words) or "(sin palabras)"
        opened.console.print(f"[{opened.moment(one.at)}] {mark}{words}", markup=False, highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
