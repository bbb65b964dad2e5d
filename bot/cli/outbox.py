"""``atiende outbox``: what could not be delivered, and what to do about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.cli.opened import Opened

_States = Annotated[
    list[str] | None,
    typer.Option(
        "--state", help="Only these states: queued, sending, waiting, unknown, failed, dead. May be repeated."
    ),
]
_Numbers = Annotated[
    list[int],
    typer.Argument(help="Numbers as `atiende outbox list` shows them.", metavar="ID…", min=1, max=2**63 - 1),
]

outbox = typer.Typer(name="outbox", help="Messages that did not arrive: list, show, retry, drop.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add ``atiende outbox``."""
    app.add_typer(outbox)


@outbox.command("list")
def list_undelivered(
    state: _States = None,
    limit: Annotated[int, typer.Option(help="Show at most so many, the oldest first.", min=1, max=1000)] = 50,
) -> None:
    """Show what is unknown, failed or dead, what waits until its person writes, and how much there is in each state."""
    from bot.cli.tables import Column, fitted
    from bot.outbox import desk

    with _open() as opened:
        states = tuple(state or desk.TOLD)
        unknown = [name for name in states if name not in desk.LISTED]
        if unknown:
            opened.refuse(f"There is no state {', '.join(unknown)}; the states are {', '.join(desk.LISTED)}.")
        counts = opened.database.read_now(desk.counts)
        rows = opened.database.read_now(lambda uow: desk.find(uow, states, limit))
        opened.console.print(" · ".join(f"{name}: {counts.get(name, 0)}" for name in desk.LISTED), highlight=False)
        if not rows:
            return
        columns = (
            Column("ID"),
            Column("Desde"),
            Column("Canal"),
            Column("Clase", spare=1),
            Column("Estado"),
            Column("Motivo", folds=True),
            Column("Intentos", spare=3),
            Column("Dudas", spare=2),
        )
        cells = [
            (
                (
                    str(found.row.id),
                    opened.moment(found.row.created_at),
                    found.row.channel,
                    found.row.kind,
                    desk.state_of(found.row),
                    found.row.code or "—",
                    str(found.row.attempts),
                    str(found.doubts),
                ),
                "",
            )
            for found in rows
        ]
        opened.console.print(fitted(opened.console, columns, cells))
        opened.console.print("atiende outbox show ID · retry ID… · drop ID…", highlight=False)


@outbox.command()
def show(
    number: Annotated[int, typer.Argument(help="Number of the message.", metavar="ID", min=1, max=2**63 - 1)],
) -> None:
    """Show every attempt at one message: when, the verdict, and the exchange without personal data."""
    from rich.table import Table
    from rich.text import Text

    from bot.channels.clean import terminal_text
    from bot.outbox import desk

    with _open() as opened:
        row = opened.database.read_now(lambda uow: uow.outbox.get(number))
        if row is None:
            opened.fail(f"There is no message {number}; see `atiende outbox list`.")
        opened.console.print(f"{row.channel} · {row.kind} · {row.state} · {row.key}", highlight=False)
        table = Table()
        for column in ("Hora", "Veredicto", "Código", "Intercambio"):
            table.add_column(column)
        for attempt in opened.database.read_now(lambda uow: desk.attempts(uow, number)):
            table.add_row(
                opened.moment(attempt.at),
                attempt.verdict,
                attempt.code or "—",
                Text(terminal_text(attempt.exchange or "—")),
            )
        opened.console.print(table)


@outbox.command()
def retry(numbers: _Numbers) -> None:
    """Send messages again, from a clean slate; those that arrived already or are on their way stay as they are."""
    from bot.outbox import desk

    with _open() as opened:
        _each(opened, numbers, "puesto en cola", partial(desk.retry, now=opened.clock.now()))


@outbox.command()
def drop(numbers: _Numbers) -> None:
    """Give messages up for good; they stay in the record, marked as dropped."""
    from bot.outbox import desk

    with _open() as opened:
        _each(opened, numbers, "descartado", partial(desk.drop, now=opened.clock.now()))


def _each(opened: Opened, numbers: list[int], done: str, act: Callable[..., str]) -> None:
    refused = False
    for number in numbers:
        why_not = opened.database.write_now(partial(act, outbox_id=number))
        opened.console.print(f"{number}: {why_not or done}", highlight=False)
        refused = refused or bool(why_not)
    if refused:
        raise typer.Exit(1)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
