"""``atiende reports``: faults that people told of, in the terminal; staff take, move and close them here."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from storage.repos.reports import ReportRecord

_Number = Annotated[str, typer.Argument(help="Number of the report, for example R-2026-000123.", metavar="REPORTE")]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_Most = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many at most.")]
_EXAMPLE = "R-2026-000123"

reports = typer.Typer(
    name="reports", help="Faults that people told of: list, show, move, attach.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende reports``."""
    app.add_typer(reports)


@reports.command("list")
def list_reports(
    servicio: Annotated[str, typer.Option(help="Only this service: agua, alcantarillado, aseo, energia, gas.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what is over, the newest first.")] = False,  # noqa: FBT002 - a switch of the terminal
    limit: _Most = 50,
) -> None:
    """Show the open reports: critical ones first, then the oldest."""
    from bot.cli.tables import Column, fitted

    with _open() as opened:
        found = opened.database.read_now(
            lambda uow: uow.reports.newest(limit) if everything else uow.reports.open(limit)
        )
        found = [report for report in found if servicio in ("", report.servicio)]
        if not found:
            opened.console.print("No hay reportes.")
            return
        if not everything:
            found.sort(key=lambda report: (not report.critico, report.created_at))
        joined = opened.database.read_now(lambda uow: uow.reports.joined([report.id for report in found]))
        columns = (
            Column("Reporte"),
            Column("Hora"),
            Column("Servicio", spare=2),
            Column("Daño"),
            Column("Estado"),
            Column("Personas", spare=1),
            Column("Lugar", folds=True),
        )
        rows = [
            (
                (
                    report.numero,
                    opened.moment(report.created_at),
                    report.servicio,
                    report.tipo,
                    report.estado + (f" (reabierto {report.reopened})" if report.reopened else ""),
                    str(1 + joined.get(report.id, 0)),
                    terminal_text(_place(report)),
                ),
                "bold red" if report.critico else "",
            )
            for report in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende reports show REPORTE · atiende outages proposals", highlight=False)


@reports.command()
def show(numero: _Number) -> None:
    """Show one report: its place, the person's words, its history, and where it can go."""
    from bot.outages import states

    with _open() as opened:
        report = _report(opened, numero)
        events = opened.database.read_now(lambda uow: uow.reports.events(report.id))
        joined = opened.database.read_now(lambda uow: uow.reports.joined([report.id])).get(report.id, 0)
        lines = [
            f"{report.numero} · {report.servicio} · {report.tipo} · {report.estado}",
            f"Lugar: {_place(report)}",
            f"Personas: {1 + joined}" + (" · HAY ALGUIEN QUE DEPENDE DEL SERVICIO" if report.critico else ""),
        ]
        if report.outage_id:
            lines.append(f"Corte: {report.outage_id}")
        if report.story:
            lines.append(f"En sus palabras: {report.story}")
        if report.anexos:
            lines.append(f"Fotos: {len(report.anexos)}")
        lines.append("\nHistoria:")
        for event in events:
            note = ", ".join(str(value) for value in event.data.values() if value)
            lines.append(f"  {opened.moment(event.at)}  {event.kind}  {event.actor}  {note}")
        lines.append(f"\nPuede pasar a: {', '.join(sorted(states.REPORT_WAYS[report.estado])) or 'ningún otro estado'}")
        opened.console.print(terminal_text("\n".join(lines)), markup=False, highlight=False)


@reports.command()
def move(
    numero: _Number,
    estado: Annotated[str, typer.Argument(help="The state to go to, for example ASIGNADA.", metavar="ESTADO")],
    staff: _Staff,
    nota: Annotated[str, typer.Option(help="For the history; people do not read it.")] = "",
) -> None:
    """Take a report to another state; its people are told, and asked when it is RESTABLECIDA."""
    from bot.outages import reports as rules

    with _open() as opened:
        report, now = _report(opened, numero), opened.clock.now()
        moved = opened.database.write_now(
            lambda uow: rules.move(uow, report, estado.upper(), at=now, actor=staff, note=nota)
        )
        opened.console.print(f"{moved.numero}: {report.estado} → {moved.estado}.", highlight=False)


@reports.command()
def attach(
    numero: _Number,
    corte: Annotated[
        str, typer.Argument(help="Id of the outage, as `atiende outages list` shows it.", metavar="CORTE")
    ],
    staff: _Staff,
) -> None:
    """Make a report part of an outage: its people are told of that from now on."""
    from bot.outages import desk

    with _open() as opened:
        report, now = _report(opened, numero), opened.clock.now()
        outage = opened.database.read_now(lambda uow: uow.outages.get(corte))
        if outage is None:
            opened.fail(f"There is no outage {corte!r}; see `atiende outages list`.")
        opened.database.write_now(lambda uow: desk.adopt(uow, report, outage, now=now, actor=staff))
        opened.console.print(f"{report.numero} es parte de {outage.id}.", highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()


def _report(opened: Opened, typed: str) -> ReportRecord:
    from bot.outages.told import report_number

    number = report_number(typed)
    if not number:
        opened.refuse(f"{typed[:40]!r} is not the number of a report, for example {_EXAMPLE}.")
    found: Any = opened.database.read_now(lambda uow: uow.reports.by_number(number))
    if found is None:
        opened.fail(f"There is no report {number}; see `atiende reports list`.")
    return found  # type: ignore[no-any-return]


def _place(report: ReportRecord) -> str:
    place = report.place
    point = ", ".join(f"{degrees:.5f}" for degrees in place.get("point") or ())
    parts = (place.get("direccion"), place.get("barrio") or report.sector, report.municipio, point)
    return " · ".join(str(part) for part in parts if part)
