"""``atiende interventions``: works, visits, brigades and meetings in the terminal; neighbours are told by themselves."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.interventions import InterventionRecord
    from storage.uow import UnitOfWork

_Id = Annotated[
    int, typer.Argument(help="Number, as `atiende interventions list` shows it.", metavar="N", min=1, max=2**63 - 1)
]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

interventions = typer.Typer(
    name="interventions", help="What is done in the street: list, show, plan, move.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende interventions``."""
    app.add_typer(interventions)


@interventions.command("list")
def list_works(
    everything: Annotated[bool, typer.Option("--all", help="Also what is over, the latest first.")] = False,  # noqa: FBT002 - a switch of the terminal
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 50,
) -> None:
    """Show what is open; what neighbours are not content with stands out."""
    from bot.cli.tables import Column, fitted

    with _open() as opened:
        found = opened.database.read_now(
            lambda uow: uow.interventions.newest(limit) if everything else uow.interventions.open()[:limit]
        )
        if not found:
            opened.console.print("No hay intervenciones.")
            return
        columns = (
            Column("N.º"),
            Column("Tipo", spare=2),
            Column("Estado"),
            Column("Empieza"),
            Column("Sectores", folds=True, spare=1),
            Column("Qué", folds=True),
        )
        rows = [
            (
                (
                    str(one.id),
                    one.tipo,
                    one.estado,
                    opened.moment(one.starts_at),
                    ", ".join(one.sectores),
                    terminal_text(f"{one.aspecto} ({one.lugar})"),
                ),
                "bold red" if one.estado == "NO_CONFORME" else "",
            )
            for one in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende interventions show N · plan … · move N ESTADO", highlight=False)


@interventions.command()
def show(work_id: _Id) -> None:
    """Show one: its history, what neighbours said, and where it can go."""
    from bot.community import interventions as rules

    with _open() as opened:
        work = opened.database.read_now(lambda uow: rules.get(uow, work_id))
        events = opened.database.read_now(lambda uow: uow.interventions.events(work_id))
        said = opened.database.read_now(lambda uow: uow.interventions.said(work_id, work.ronda))
        lines = [
            f"{work.id} · {work.tipo} · {work.estado} · vuelta {work.ronda}",
            f"Qué: {work.aspecto}",
            f"Dónde: {work.lugar} ({', '.join(work.sectores)})",
            f"Cuándo: {opened.moment(work.starts_at)} a {opened.moment(work.ends_at)}",
            f"Carnés: {', '.join(work.cuadrilla) or 'ninguno'}",
            f"Archivos: {', '.join(work.anexos) or 'ninguno'}",
            "\nHistoria:",
            *(f"  {opened.moment(one.at)}  {one.estado}  {one.actor}  {one.nota or ''}" for one in events),
            "\nLo que dicen los vecinos:",
            *(
                f"  {one.papel}: {'sí' if one.resuelto else 'NO'}  {one.motivo or ''}  {', '.join(one.anexos)}"
                for one in said
            ),
            f"\nPuede pasar a: {', '.join(rules.MOVES[work.estado]) or 'ningún otro estado'}",
        ]
        opened.console.print(terminal_text("\n".join(lines)), markup=False, highlight=False)


@interventions.command()
def plan(  # noqa: PLR0913, PLR0917 - what a work is made of
    tipo: Annotated[str, typer.Option(help="obra, brigada, visita, jornada, reunion.")],
    aspecto: Annotated[str, typer.Option(help="What, in words neighbours use, without a final stop.")],
    lugar: Annotated[str, typer.Option(help="Where, in words neighbours use.")],
    sector: Annotated[list[str], typer.Option(help="Id of a sector; repeat it for several.")],
    desde: Annotated[datetime, typer.Option(formats=_FORMATS, help="Start in Bogotá, YYYY-MM-DDTHH:MM.")],
    hasta: Annotated[datetime, typer.Option(formats=_FORMATS, help="End in Bogotá, YYYY-MM-DDTHH:MM.")],
    staff: _Staff,
    servicio: Annotated[str, typer.Option(help="agua, alcantarillado, aseo, energia, gas; empty: none.")] = "",
    indicaciones: Annotated[str, typer.Option(help="What people should mind, one sentence.")] = "",
    carne: Annotated[list[str] | None, typer.Option(help="Badge of somebody who goes; repeat it.")] = None,
) -> None:
    """Plan something in a sector: leaders and subscribed people are told within a minute."""
    from bot.community.catalog import load
    from bot.community.crews import code_of
    from bot.kernel.clock import BOGOTA
    from storage.repos.interventions import InterventionRecord

    with _open() as opened:
        now = opened.clock.now()
        starts, ends = desde.replace(tzinfo=BOGOTA), hasta.replace(tzinfo=BOGOTA)
        known = {one.id for one in opened.database.read_now(lambda uow: uow.customers.sectors())}
        if tipo not in load().tipos:
            opened.refuse(f"There is no kind {tipo[:40]!r}; known: {', '.join(load().tipos)}.")
        if unknown := sorted(set(sector) - known):
            opened.refuse(f"There is no sector {unknown[0][:40]!r}; known: {', '.join(sorted(known))}.")
        if ends <= starts:
            opened.refuse("The end comes before the start.")
        work = InterventionRecord(
            id=0,
            tipo=tipo,
            servicio=servicio or None,
            aspecto=aspecto.strip().rstrip("."),
            lugar=lugar.strip().rstrip("."),
            indicaciones=indicaciones.strip() or None,
            sectores=sector,
            cuadrilla=[code_of(one) for one in carne or ()],
            starts_at=starts,
            ends_at=ends,
            estado="PLANEADA",
            autor=staff,
            created_at=now,
        )
        number = opened.database.write_now(lambda uow: uow.interventions.add(work))
        opened.console.print(f"Intervención {number} planeada.", highlight=False)


@interventions.command()
def move(
    work_id: _Id,
    estado: Annotated[str, typer.Argument(help="The state to go to, for example EN_CURSO.", metavar="ESTADO")],
    staff: _Staff,
    desde: Annotated[datetime | None, typer.Option(formats=_FORMATS, help="New start, YYYY-MM-DDTHH:MM.")] = None,
    hasta: Annotated[datetime | None, typer.Option(formats=_FORMATS, help="New end, YYYY-MM-DDTHH:MM.")] = None,
    archivo: Annotated[list[str] | None, typer.Option(help="Id of a file: acta or photo; repeat it.")] = None,
    nota: Annotated[str, typer.Option(help="For the history; neighbours do not read it.")] = "",
) -> None:
    """Take one to another state, or (PLANEADA, AVISADA again) to other hours; neighbours are told or asked."""
    from bot.community import interventions as rules
    from bot.kernel.clock import BOGOTA

    with _open() as opened:
        now = opened.clock.now()

        def write(uow: UnitOfWork) -> tuple[InterventionRecord, InterventionRecord]:
            work = rules.get(uow, work_id)
            changes: dict[str, Any] = {}
            if desde is not None:
                changes["starts_at"] = desde.replace(tzinfo=BOGOTA)
            if hasta is not None:
                changes["ends_at"] = hasta.replace(tzinfo=BOGOTA)
            if archivo:
                changes["anexos"] = [*work.anexos, *archivo]
            return work, rules.move(uow, work, estado.upper(), actor=staff, at=now, nota=nota or None, **changes)

        before, after = opened.database.write_now(write)
        opened.console.print(f"{after.id}: {before.estado} → {after.estado}.", highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
