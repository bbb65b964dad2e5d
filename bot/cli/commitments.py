"""``atiende commitments``: what the company promised to a sector, in the terminal."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened

_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_Id = Annotated[
    int, typer.Argument(help="Number, as `atiende commitments list` shows it.", metavar="N", min=1, max=2**63 - 1)
]

commitments = typer.Typer(
    name="commitments", help="What was promised to a sector: list, add, fulfil.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende commitments``."""
    app.add_typer(commitments)


@commitments.command("list")
def list_promises() -> None:
    """Show every promise; what is late, and what a sector was not content with, stands out."""
    from bot.cli.tables import Column, fitted
    from bot.kernel.clock import local_date

    with _open() as opened:
        today = local_date(opened.clock.now())
        found = opened.database.read_now(lambda uow: uow.commitments.all())
        if not found:
            opened.console.print("No hay compromisos.")
            return
        columns = (
            Column("N.º"),
            Column("Sector"),
            Column("Vence"),
            Column("Estado"),
            Column("Conforme", spare=1),
            Column("Qué", folds=True),
        )
        words = {True: "sí", False: "NO", None: "—"}
        rows = [
            (
                (
                    str(one.id),
                    one.sector,
                    f"{one.vence_on:%d/%m/%Y}",
                    one.estado,
                    words[one.conforme],
                    terminal_text(f"{one.que} ({one.responsable})"),
                ),
                "bold red" if one.estado == "ABIERTO" and one.vence_on < today else "",
            )
            for one in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))


@commitments.command()
def add(  # what a promise is made of
    que: Annotated[str, typer.Argument(help="What, without a final stop.", metavar="QUÉ")],
    sector: Annotated[str, typer.Option(help="Id of the sector.")],
    responsable: Annotated[str, typer.Option(help="The area that answers for it, for example «el área de aseo».")],
    vence: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="By when, YYYY-MM-DD.")],
    staff: _Staff,
    origen: Annotated[str, typer.Option(help="Where it was promised, for example the acta.")] = "",
) -> None:
    """Write a promise down."""
    from bot.kernel.clock import local_date
    from storage.repos.commitments import CommitmentRecord

    with _open() as opened:
        now = opened.clock.now()
        if opened.database.read_now(lambda uow: uow.customers.sector(sector)) is None:
            opened.refuse(f"There is no sector {sector[:40]!r}.")
        promise = CommitmentRecord(
            id=0,
            que=que.strip().rstrip("."),
            sector=sector,
            responsable=responsable.strip(),
            origen=origen or None,
            acordado_on=local_date(now),
            vence_on=vence.date(),
            estado="ABIERTO",
            autor=staff,
            created_at=now,
            updated_at=now,
        )
        number = opened.database.write_now(lambda uow: uow.commitments.add(promise))
        opened.console.print(f"Compromiso {number} anotado.", highlight=False)


@commitments.command()
def fulfil(
    commitment_id: _Id,
    evidencia: Annotated[
        str, typer.Argument(help="How it can be seen, as neighbours will read it.", metavar="EVIDENCIA")
    ],
    staff: _Staff,
) -> None:
    """Note that a promise was kept; leaders of the sector may say whether it is good."""
    from bot.community import commitments as rules

    with _open() as opened:
        now = opened.clock.now()
        opened.database.write_now(lambda uow: rules.fulfil(uow, commitment_id, evidencia, actor=staff, at=now))
        opened.console.print(f"Compromiso {commitment_id} cumplido.", highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
