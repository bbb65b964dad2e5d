"""``atiende cases``: what was filed, in the terminal, with personal data masked; staff move and answer cases here."""

from __future__ import annotations

import getpass
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.cli.opened import Opened
    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord

_Radicado = Annotated[str, typer.Argument(help="Radicado, with or without spaces and hyphens.", metavar="RADICADO")]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_State = Annotated[str, typer.Option("--estado", help="Only cases in this state, for example EN_TRAMITE.")]
_Kind = Annotated[str, typer.Option("--tipo", help="Only this type: peticion, queja, reclamo, recurso…")]
_Most = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many at most, the newest first.")]

_COLOURS = {"verde": "green", "ambar": "yellow", "naranja": "dark_orange", "rojo": "red", "negro": "bold white on red"}

cases = typer.Typer(
    name="cases",
    help="What was filed: list, show, alerts; answer, notify, require, extend, move, sui.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add ``atiende cases`` with what staff do to a case."""
    from bot.cli import case_acts

    case_acts.add_to(cases)
    app.add_typer(cases)


@cases.command("list")
def list_cases(estado: _State = "", tipo: _Kind = "", limit: _Most = 50) -> None:
    """Show the newest cases with their due date, the business days left and their flags."""
    from bot.cli.tables import Column, fitted
    from bot.kernel.clock import local_date
    from bot.pqr import alerts, lifecycle

    with _open() as opened:
        law, today = _law(opened), local_date(opened.clock.now())
        wanted, kind = known_state(opened, estado) if estado else "", tipo.lower()
        if kind and kind not in law.catalog.kinds.tipos:
            opened.refuse(f"There is no type {tipo!r}; known: {', '.join(law.catalog.kinds.tipos)}.")
        found = opened.database.read_now(
            lambda uow: uow.cases.search(estado=wanted or None, tipo=kind or None, limit=limit)
        )
        if not found:
            opened.console.print("No hay casos.")
            return
        columns = (
            Column("Radicado"),
            Column("Tipo"),
            Column("Estado"),
            Column("Recibido", spare=1),
            Column("Vence"),
            Column("Días"),
            Column("Marcas", folds=True),
        )
        rows = []
        for case in found:
            due_on = law.promised_on(case)
            runs = case.respondido_at is None and case.estado in lifecycle.OPEN
            style = _COLOURS[alerts.level(case, today, law)] if runs else "dim"
            left = str(law.business_days_left(due_on, today)) if runs else "—"
            cells = (
                case.radicado,
                case.tipo,
                case.estado,
                opened.moment(case.recibido_at),
                f"{due_on:%d/%m/%Y}",
                left,
                ", ".join(case.marcas),
            )
            rows.append((cells, style))
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende cases show RADICADO", highlight=False)


@cases.command()
def show(
    radicado: _Radicado,
    staff: _Staff,
    *,
    reservada: Annotated[bool, typer.Option("--reservada", help="Open a denuncia; that you did stays in it.")] = False,
) -> None:
    """Show one case: its facts with personal data masked, the person's own words, its history.

    A denuncia is reserved: it opens only with --reservada, and who opened it stays in its history.
    """
    from bot.pqr import constancia, content, lifecycle, sui

    with _open() as opened:
        law = _law(opened)
        case = case_of(opened, law, radicado)
        if law.catalog.kind(case.tipo).reservada:
            if not reservada:
                opened.fail(f"{case.radicado} is reserved: open it with --reservada; who opened it stays on record.")
            now = opened.clock.now()
            opened.database.write_now(
                lambda uow: uow.cases.add_event(case.id, now, "consulta_reservada", f"personal:{staff}", {})
            )
        events = opened.database.read_now(lambda uow: uow.cases.events(case.id))
        say(opened, constancia.plain(case, law=law, settings=opened.settings))
        say(opened, f"\nEstado: {case.estado} · Marcas: {', '.join(case.marcas) or 'ninguna'}")
        say(opened, f"Huella del contenido: {'intacta' if content.is_intact(case) else 'NO COINCIDE'}")
        suggested = sui.text_of(case.datos.get("sui_detalle"), law.catalog)
        if law.catalog.kind(case.tipo).sui_reporta:
            formality = law.catalog.sui.tramites.get(case.datos.get("sui_tramite") or 0, "sin trámite sugerido")
            decided = sui.text_of(sui.confirmed(events), law.catalog)
            state = f"confirmado: {decided}" if decided else f"sugerido: {suggested or 'ninguno'}, sin confirmar"
            say(opened, f"SUI: {formality} · detalle {state}")
        if case.respuesta:
            say(opened, f"\nRespuesta:\n{case.respuesta}")
        say(opened, "\nHistoria:")
        for event in events:
            details = ", ".join(f"{name}={value}" for name, value in event.data.items() if value not in ("", None, []))
            say(opened, f"  {opened.moment(event.at)}  {event.kind}  {event.actor}  {details}")
        ways = ", ".join(lifecycle.allowed(case.estado, "personal"))
        say(opened, f"\nPuede pasar a: {ways or 'ningún otro estado'}")


@cases.command()
def alerts(
    staff: _Staff,
    *,
    vistas: Annotated[bool, typer.Option("--vistas", help="Mark what is shown as seen.")] = False,
) -> None:
    """Show what staff must look at: terms that end, additions and withdrawals of people."""
    with _open() as opened:
        now = opened.clock.now()
        unseen = opened.database.read_now(
            lambda uow: [(alert, uow.cases.get(alert.case_id)) for alert in uow.alerts.unseen()]
        )
        if not unseen:
            opened.console.print("No hay alertas.")
            return
        for alert, case in unseen:
            about = f"{case.radicado}  {case.tipo}  {case.estado}" if case else alert.case_id
            say(opened, f"{opened.moment(alert.at)}  {alert.kind}  {about}")
        if vistas:
            opened.database.write_now(lambda uow: [uow.alerts.see(alert.id, now, staff) for alert, _ in unseen])


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()


def _law(opened: Opened) -> Law:
    return opened.law


def known_state(opened: Opened, typed: str) -> str:
    """Return the state that was typed; end the command when there is none of that name."""
    from bot.pqr import lifecycle

    wanted = typed.upper()
    if wanted not in lifecycle.STATES:
        opened.refuse(f"There is no state {typed[:40]!r}; known: {', '.join(lifecycle.STATES)}.")
    return wanted


def case_of(opened: Opened, law: Law, typed: str) -> CaseRecord:
    """Return the case of the radicado that was typed; end the command when it is none or there is none."""
    from bot.kernel.clock import local_date

    read = law.template.read(typed)
    if read is None:
        example = law.template.write(local_date(opened.clock.now()).year, 1)
        opened.refuse(f"{typed[:40]!r} is not a radicado: write its digits, for example {example}.")
    record: Any = opened.database.read_now(lambda uow: uow.cases.by_radicado(read.text))
    if record is None:
        opened.fail(f"There is no case {typed!r}; see `atiende cases list`.")
    return record  # type: ignore[no-any-return]


def say(opened: Opened, text: str) -> None:
    """Print ``text`` as it is, without anything that could move the cursor or change the terminal."""
    safe = "".join(letter if letter == "\n" or unicodedata.category(letter)[0] != "C" else "\ufffd" for letter in text)
    opened.console.print(safe, markup=False, highlight=False)
