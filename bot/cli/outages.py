"""``atiende outages``: interruptions of a service, in the terminal; staff open, change and restore them here."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.outages import OutageRecord

_Id = Annotated[str, typer.Argument(help="Id of the outage, as the list shows it.", metavar="CORTE")]
_Number = Annotated[int, typer.Argument(help="Number of the proposal.", metavar="N", min=1, max=2**63 - 1)]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_Service = Annotated[str, typer.Option(help="agua, alcantarillado, aseo, energia or gas.")]
_Zone = Annotated[str, typer.Option(help="Where, in words that neighbours use.")]
_Sectors = Annotated[list[str] | None, typer.Option("--sector", help="A sector it reaches, by id; repeat it.")]
_Cause = Annotated[str | None, typer.Option(help="Why, in plain words, without a full stop.")]
_Advice = Annotated[str | None, typer.Option(help="What people should do.")]
_From = Annotated[str | None, typer.Option("--desde", help="When it begins: 2026-11-23T08:00, time of Bogotá.")]
_Until = Annotated[str | None, typer.Option("--hasta", help="When the service should be back; leave out if unknown.")]

outages = typer.Typer(
    name="outages", help="Interruptions: list, show, open, update, restore; proposals.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende outages``."""
    app.add_typer(outages)


@outages.command("list")
def list_outages() -> None:
    """Show what is announced or going on, and which promised news are overdue."""
    from bot.cli.tables import Column, fitted
    from bot.outages import news

    with _open() as opened:
        now = opened.clock.now()
        found = opened.database.read_now(lambda uow: uow.outages.open())
        late = {outage.id for outage in opened.database.read_now(lambda uow: news.overdue(uow, now))}
        if not found:
            opened.console.print("No hay cortes abiertos.")
            return
        columns = (
            Column("Corte"),
            Column("Servicio"),
            Column("Estado"),
            Column("Desde", spare=1),
            Column("Vuelve"),
            Column("Dónde", folds=True),
        )
        rows = [
            (
                (
                    outage.id,
                    outage.servicio,
                    outage.estado,
                    opened.moment(outage.starts_at) if outage.starts_at else "—",
                    opened.moment(outage.ends_at) if outage.ends_at else ("DAR NOTICIAS" if outage.id in late else "—"),
                    terminal_text(outage.zona),
                ),
                "bold red" if outage.id in late else "",
            )
            for outage in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))


@outages.command()
def show(corte: _Id) -> None:
    """Show one outage: what is told of it, who follows it, which reports belong to it, where it can go."""
    from bot.outages import states

    with _open() as opened:
        outage = _outage(opened, corte)
        followers = opened.database.read_now(lambda uow: uow.outage_news.followers(outage.id))
        reports = opened.database.read_now(lambda uow: uow.reports.of_outage(outage.id))
        known = {
            "Dónde": f"{outage.zona} ({', '.join(outage.sectores) or 'sin sectores'}), {outage.municipio}",
            "Causa": outage.causa,
            "Qué hacer": outage.indicaciones,
            "Desde": outage.starts_at and opened.moment(outage.starts_at),
            "Vuelve": outage.ends_at and opened.moment(outage.ends_at),
            "Próxima noticia": outage.next_update_at and opened.moment(outage.next_update_at),
            "Siguen": f"{len(followers)} personas",
            "Reportes": ", ".join(report.numero for report in reports),
            "Puede pasar a": ", ".join(sorted(states.OUTAGE_WAYS[outage.estado])) or "ningún otro estado",
        }
        lines = [f"{outage.id} · {outage.servicio} · {outage.tipo} · {outage.estado} · versión {outage.version}"]
        lines += [f"{name}: {value}" for name, value in known.items() if value]
        opened.console.print(terminal_text("\n".join(lines)), markup=False, highlight=False)


@outages.command("open")
def open_(  # noqa: PLR0913, PLR0917 - what a notice must carry
    staff: _Staff,
    servicio: _Service,
    zona: _Zone,
    sector: _Sectors = None,
    planned: Annotated[bool, typer.Option("--programado", help="Planned ahead.")] = False,  # noqa: FBT002 - a switch of the terminal
    causa: _Cause = None,
    indicaciones: _Advice = None,
    desde: _From = None,
    hasta: _Until = None,
) -> None:
    """Open an outage; without an hour of return, news are promised (cortes.noticia_min)."""
    from bot.outages import desk

    with _open() as opened:
        new = _new(
            opened, servicio, zona, sector, planned=planned, causa=causa, indicaciones=indicaciones, span=(desde, hasta)
        )
        made = opened.database.write_now(
            lambda uow: desk.open_outage(
                uow, new, now=opened.clock.now(), ids=opened.ids, actor=staff, rules=opened.settings.cortes
            )
        )
        opened.console.print(f"{made.id}: {made.estado}.", highlight=False)


@outages.command()
def update(
    corte: _Id,
    staff: _Staff,
    estado: Annotated[str, typer.Option(help="The state to go to, for example EN_CURSO.")] = "",
    causa: _Cause = None,
    indicaciones: _Advice = None,
    hasta: _Until = None,
) -> None:
    """Change what is known of an outage; everybody who follows it is told."""
    _change(corte, staff, estado.upper(), causa=causa, indicaciones=indicaciones, ends_at=hasta)


@outages.command()
def restore(corte: _Id, staff: _Staff) -> None:
    """Say that the service is back; everybody who follows it is asked whether it is."""
    _change(corte, staff, "RESTABLECIDA")


@outages.command()
def cancel(corte: _Id, staff: _Staff) -> None:
    """Cancel an outage; everybody who follows it is told."""
    _change(corte, staff, "CANCELADA")


@outages.command()
def proposals() -> None:
    """Show where many people report the same: perhaps an outage."""
    with _open() as opened:
        found = opened.database.read_now(lambda uow: uow.outage_news.proposals())
        if not found:
            opened.console.print("No hay cortes por confirmar.")
            return
        for one in found:
            line = f"{one.id}  {opened.moment(one.at)}  {one.servicio}  {one.zona}  {one.reportes} personas"
            opened.console.print(line, markup=False, highlight=False)
        opened.console.print("atiende outages accept N --zona … · atiende outages dismiss N", highlight=False)


@outages.command()
def accept(
    number: _Number,
    staff: _Staff,
    zona: _Zone,
    causa: _Cause = None,
    indicaciones: _Advice = None,
    hasta: _Until = None,
) -> None:
    """Make an outage of a proposal: its reports belong to it and their people are told."""
    from bot.outages import desk

    with _open() as opened:
        proposal = opened.database.read_now(lambda uow: uow.outage_news.proposal(number))
        if proposal is None:
            opened.fail(f"There is no proposal {number}; see `atiende outages proposals`.")
        sectors = [proposal.sector] if proposal.sector else None
        new = _new(opened, proposal.servicio, zona, sectors, causa=causa, indicaciones=indicaciones, span=(None, hasta))
        made = opened.database.write_now(
            lambda uow: desk.accept(
                uow, number, new, now=opened.clock.now(), ids=opened.ids, actor=staff, rules=opened.settings.cortes
            )
        )
        opened.console.print(f"{made.id}: {made.estado}.", highlight=False)


@outages.command()
def dismiss(number: _Number, staff: _Staff) -> None:
    """Note that a proposal is no outage; its reports go on by themselves."""
    from bot.outages import desk

    with _open() as opened:
        opened.database.write_now(lambda uow: desk.dismiss(uow, number, now=opened.clock.now(), actor=staff))
        opened.console.print(f"{number}: descartada.", highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()


def _outage(opened: Opened, corte: str) -> OutageRecord:
    found: Any = opened.database.read_now(lambda uow: uow.outages.get(corte))
    if found is None:
        opened.fail(f"There is no outage {corte[:40]!r}; see `atiende outages list`.")
    return found  # type: ignore[no-any-return]


def _change(corte: str, staff: str, estado: str, **changes: str | None) -> None:
    from bot.outages import desk

    with _open() as opened:
        outage = _outage(opened, corte)
        wanted: dict[str, Any] = {**changes, "ends_at": _moment(opened, changes.get("ends_at"))}
        changed = opened.database.write_now(
            lambda uow: desk.change(
                uow,
                outage,
                at=opened.clock.now(),
                actor=staff,
                rules=opened.settings.cortes,
                estado=estado,
                **wanted,
            )
        )
        opened.console.print(f"{changed.id}: {outage.estado} → {changed.estado}.", highlight=False)


def _new(
    opened: Opened,
    servicio: str,
    zona: str,
    sectors: list[str] | None,
    *,
    causa: str | None,
    indicaciones: str | None,
    span: tuple[str | None, str | None],
    planned: bool = False,
) -> Any:
    from bot.outages.desk import NewOutage

    known = {sector.id for sector in opened.database.read_now(lambda uow: uow.customers.sectors())}
    strange = sorted(set(sectors or ()) - known)
    if strange:
        opened.refuse(f"There is no sector {', '.join(strange)}; known: {', '.join(sorted(known))}.")
    if servicio not in {"agua", "alcantarillado", "aseo", "energia", "gas"}:
        opened.refuse(f"There is no service {servicio[:40]!r}; known: agua, alcantarillado, aseo, energia, gas.")
    return NewOutage(
        servicio=servicio,
        tipo="programada" if planned else "no_programada",
        municipio=opened.settings.empresa.municipio,
        zona=zona,
        sectores=tuple(sectors or ()),
        causa=causa,
        indicaciones=indicaciones,
        starts_at=_moment(opened, span[0]),
        ends_at=_moment(opened, span[1]),
    )


def _moment(opened: Opened, typed: str | None) -> datetime | None:
    """Read a moment of Bogotá as staff type it."""
    from bot.kernel.clock import BOGOTA

    if typed is None:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        opened.refuse(f"{typed[:40]!r} is not a moment, for example 2026-11-23T08:00.")
    return found if found.tzinfo else found.replace(tzinfo=BOGOTA)
