"""``atiende crews``: badges of who works in the street, where they go, and reports of who only says so."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened

_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_Code = Annotated[str, typer.Argument(help="Code of the badge, for example AV014.", metavar="CARNÉ")]

crews = typer.Typer(
    name="crews", help="Badges and impostors: list, add, retire, send, reports, attend.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende crews``."""
    app.add_typer(crews)


@crews.command("list")
def list_badges() -> None:
    """Show every badge."""
    from bot.cli.tables import Column, fitted

    with _open() as opened:
        found = opened.database.read_now(lambda uow: uow.crews.all())
        columns = (Column("Carné"), Column("Nombre"), Column("Oficio"), Column("Activo"), Column("Puede", folds=True))
        rows = [
            ((one.codigo, one.nombre, one.oficio, "sí" if one.activo else "no", one.puede), "" if one.activo else "dim")
            for one in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))


@crews.command()
def add(
    codigo: _Code,
    nombre: Annotated[str, typer.Option(help="First name: all that a neighbour is told.")],
    oficio: Annotated[str, typer.Option(help="The trade.")],
    puede: Annotated[str, typer.Option(help="What the bearer may do, after «Puede …», without a final stop.")],
    hasta: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, YYYY-MM-DD.")] = None,
) -> None:
    """Add a badge, or bring it up to date."""
    from bot.community.crews import code_of
    from bot.kernel.clock import local_date
    from storage.repos.crews import CrewRecord

    with _open() as opened:
        first = local_date(opened.clock.now())
        member = CrewRecord(
            codigo=code_of(codigo),
            nombre=nombre.split()[0] if nombre.split() else "",
            oficio=oficio.strip(),
            puede=puede.strip().rstrip("."),
            desde_on=first,
            hasta_on=hasta.date() if hasta else None,
        )
        if not member.codigo or not member.nombre:
            opened.refuse("A badge has a code and a first name.")
        opened.database.write_now(lambda uow: uow.crews.add(member))
        opened.console.print(f"{member.codigo}: anotado.", highlight=False)


@crews.command()
def retire(codigo: _Code) -> None:
    """Let a badge count no more, from now on."""
    from dataclasses import replace

    from bot.community.crews import code_of

    with _open() as opened:
        member = opened.database.read_now(lambda uow: uow.crews.get(code_of(codigo)))
        if member is None:
            opened.fail(f"There is no badge {codigo[:40]!r}; see `atiende crews list`.")
        opened.database.write_now(lambda uow: uow.crews.add(replace(member, activo=False)))
        opened.console.print(f"{member.codigo}: ya no vale.", highlight=False)


@crews.command()
def send(
    sector: Annotated[str, typer.Argument(help="Id of the sector.", metavar="SECTOR")],
    codigo: Annotated[list[str], typer.Argument(help="Codes of badges.", metavar="CARNÉ…")],
    dia: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day; today without it.")] = None,
) -> None:
    """Note that badges go to a sector on a day: neighbours who ask are told so."""
    from bot.community.crews import code_of
    from bot.kernel.clock import local_date

    with _open() as opened:
        day = dia.date() if dia else local_date(opened.clock.now())
        codes = [code_of(one) for one in codigo]
        if opened.database.read_now(lambda uow: uow.customers.sector(sector)) is None:
            opened.refuse(f"There is no sector {sector[:40]!r}.")
        known = {one.codigo for one in opened.database.read_now(lambda uow: uow.crews.all())}
        unknown = [one for one in codes if one not in known]
        if unknown:
            opened.refuse(f"There is no badge {unknown[0]!r}; see `atiende crews list`.")
        opened.database.write_now(lambda uow: uow.crews.send(codes, sector, day))
        opened.console.print(f"{', '.join(codes)} → {sector}, {day:%d/%m/%Y}.", highlight=False)


@crews.command()
def reports() -> None:
    """Show the reports of impostors that nobody attended, the oldest first."""
    with _open() as opened:
        found = opened.database.read_now(lambda uow: uow.crews.reports())
        if not found:
            opened.console.print("No hay reportes de impostores.")
            return
        for one in found:
            money = " · PIDE DINERO" if one.pide_dinero else ""
            words = f"{one.id} · {opened.moment(one.at)} · {one.sector or 'sin sector'} · {one.codigo or 'sin carné'}{money}"
            opened.console.print(
                terminal_text(f"{words}\n  {one.relato or 'no contó más'}"), markup=False, highlight=False
            )
        opened.console.print("atiende crews attend N", highlight=False)


@crews.command()
def attend(
    report_id: Annotated[int, typer.Argument(help="Number of the report.", metavar="N", min=1, max=2**63 - 1)],
    staff: _Staff,
) -> None:
    """Note that a report of an impostor was attended."""
    with _open() as opened:
        now = opened.clock.now()
        if not opened.database.write_now(lambda uow: uow.crews.attend(report_id, now, staff)):
            opened.fail(f"There is no open report {report_id}; see `atiende crews reports`.")
        opened.console.print("Atendido.")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
