"""``atiende leaders``: who asked to speak for a sector; staff verify or reject, and the person is told."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.leaders import LeaderRecord
    from storage.uow import UnitOfWork

_Id = Annotated[
    int, typer.Argument(help="Number, as `atiende leaders list` shows it.", metavar="N", min=1, max=2**63 - 1)
]
_Staff = Annotated[str, typer.Option("--as", help="Who decides.", default_factory=getpass.getuser)]
_Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day, YYYY-MM-DD, included.")]

leaders = typer.Typer(name="leaders", help="Who speaks for a sector: list, show, verify, reject.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add ``atiende leaders``."""
    app.add_typer(leaders)


@leaders.command("list")
def list_leaders(
    everything: Annotated[bool, typer.Option("--all", help="Every state, the newest first.")] = False,  # noqa: FBT002 - a switch of the terminal
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 50,
) -> None:
    """Show the requests that wait for a decision, the oldest first."""
    from bot.cli.tables import Column, fitted

    with _open() as opened:
        found = opened.database.read_now(
            lambda uow: uow.leaders.newest(limit) if everything else uow.leaders.in_state("SOLICITADO")[:limit]
        )
        if not found:
            opened.console.print("No hay solicitudes de líderes.")
            return
        columns = (
            Column("N.º"),
            Column("Papel"),
            Column("Estado"),
            Column("Hasta", spare=1),
            Column("Sectores", folds=True),
        )
        rows = [
            (
                (
                    str(one.id),
                    one.rol,
                    one.estado,
                    f"{one.hasta_on:%d/%m/%Y}" if one.hasta_on else "—",
                    ", ".join(one.sectores),
                ),
                "",
            )
            for one in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print(
            "atiende leaders show N · verify N --desde DÍA --hasta DÍA · reject N «razón»", highlight=False
        )


@leaders.command()
def show(leader_id: _Id) -> None:
    """Show one request: who, for which sectors, with which documents."""
    with _open() as opened:
        one = opened.database.read_now(lambda uow: uow.leaders.get(leader_id))
        if one is None:
            opened.fail(f"There is no leader {leader_id}; see `atiende leaders list`.")
        files = opened.database.read_now(lambda uow: uow.files.many(list(one.anexos)))
        lines = [
            f"{one.id} · {one.rol} · {one.estado}",
            f"Sectores: {', '.join(one.sectores) or 'ninguno que conozcamos'}",
            f"Nombre: {one.persona.get('nombre') or 'no lo dio'}",
            f"Documento: {one.persona.get('documento') or 'no lo dio'}",
            f"Archivos: {', '.join(file.id for file in files) or 'ninguno; los lleva a la oficina'}",
            f"Pedido: {opened.moment(one.created_at)}",
        ]
        if one.desde_on and one.hasta_on:
            lines.append(f"Vale del {one.desde_on:%d/%m/%Y} al {one.hasta_on:%d/%m/%Y}")
        if one.motivo:
            lines.append(f"Razón: {one.motivo}")
        opened.console.print(terminal_text("\n".join(lines)), markup=False, highlight=False)


@leaders.command()
def verify(leader_id: _Id, desde: _Day, hasta: _Day, staff: _Staff) -> None:
    """Accept a request between two days; the person is told."""
    from bot.community import leaders as rules
    from bot.scheduler.jobs.tell_neighbours import tell_leader

    with _open() as opened:
        now, notices = opened.clock.now(), opened.notices

        def write(uow: UnitOfWork) -> LeaderRecord:
            one = rules.verify(uow, leader_id, since=desde.date(), until=hasta.date(), actor=staff, at=now)
            tell_leader(uow, notices, one, "aviso_lider.verificado", now)
            return one

        done = opened.database.write_now(write)
        opened.console.print(f"{done.id}: verificado hasta el {done.hasta_on:%d/%m/%Y}. Se le avisó.", highlight=False)


@leaders.command()
def reject(
    leader_id: _Id,
    reason: Annotated[str, typer.Argument(help="Why, in words the person will read.", metavar="RAZÓN")],
    staff: _Staff,
) -> None:
    """Say no to a request; the person is told why."""
    from bot.community import leaders as rules
    from bot.scheduler.jobs.tell_neighbours import tell_leader

    with _open() as opened:
        now, notices = opened.clock.now(), opened.notices

        def write(uow: UnitOfWork) -> LeaderRecord:
            one = rules.reject(uow, leader_id, reason, actor=staff, at=now)
            tell_leader(uow, notices, one, "aviso_lider.rechazado", now)
            return one

        done = opened.database.write_now(write)
        opened.console.print(f"{done.id}: rechazado. Se le avisó.", highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
