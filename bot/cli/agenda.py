"""``atiende agenda``: the times of the consultorio comunal, and who has them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened

_DAYS_SHOWN = 30

agenda = typer.Typer(name="agenda", help="Times of the consultorio comunal: list, offer, close.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add ``atiende agenda``."""
    app.add_typer(agenda)


@agenda.command("list")
def list_times(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days ahead.")] = _DAYS_SHOWN,
) -> None:
    """Show who comes and what is free."""
    with _open() as opened:
        now = opened.clock.now()
        until = now + timedelta(days=days)
        booked = opened.database.read_now(lambda uow: uow.agenda.between(now, until))
        free = opened.database.read_now(lambda uow: uow.agenda.free(now, until))
        for one in booked:
            words = (
                f"{one.slot.id} · {opened.moment(one.slot.starts_at)} · {one.slot.oficina} · {one.tema or 'sin tema'}"
            )
            opened.console.print(terminal_text(words), markup=False, highlight=False)
        opened.console.print(f"{len(booked)} apartados, {len(free)} libres.", highlight=False)


@agenda.command()
def offer(
    dia: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Day, YYYY-MM-DD.", metavar="DÍA")],
    oficina: Annotated[str, typer.Option(help="Name of the office, as people read it.")],
    desde: Annotated[datetime, typer.Option(formats=["%H:%M"], help="First hour, HH:MM.")],
    hasta: Annotated[datetime, typer.Option(formats=["%H:%M"], help="Closing, HH:MM.")],
    minutos: Annotated[int, typer.Option(min=5, max=480, help="Minutes of each time.")] = 30,
    sector: Annotated[str, typer.Option(help="Only for leaders of this sector, with --lideres.")] = "",
    lideres: Annotated[bool, typer.Option("--lideres", help="Only for verified leaders.")] = False,  # noqa: FBT002 - a switch of the terminal
) -> None:
    """Offer the times of a day; those that are there already stay as they are."""
    from bot.community.agenda import day_of_slots

    with _open() as opened:
        opens, closes = time(desde.hour, desde.minute), time(hasta.hour, hasta.minute)
        slots = day_of_slots(
            dia.date(),
            oficina=oficina,
            opens=opens,
            closes=closes,
            minutes=minutos,
            leaders_only=lideres,
            sector=sector or None,
        )
        added = opened.database.write_now(lambda uow: uow.agenda.offer(slots))
        opened.console.print(f"{added} turnos nuevos.", highlight=False)


@agenda.command()
def close(
    slot_id: Annotated[int, typer.Argument(help="Number of the time.", metavar="N", min=1, max=2**63 - 1)],
    again: Annotated[bool, typer.Option("--open", help="Offer it again.")] = False,  # noqa: FBT002 - a switch of the terminal
) -> None:
    """Offer a time no more; a booking of it stays until somebody calls that person."""
    with _open() as opened:
        if not opened.database.write_now(lambda uow: uow.agenda.close(slot_id, closed=not again)):
            opened.fail(f"There is no time {slot_id}.")
        opened.console.print("Listo.")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
