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

cases = typer.Typer(name="cases", help="What was filed: list, show, move, answer.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add ``atiende cases``."""
    app.add_typer(cases)


@cases.command("list")
def list_cases(estado: _State = "", tipo: _Kind = "", limit: _Most = 50) -> None:
    """Show the newest cases with their due date, the business days left and their flags."""
    from bot.cli.tables import Column, fitted
    from bot.kernel.clock import local_date
    from bot.pqr import alerts, lifecycle

    with _open() as opened:
        law, today = _law(opened), local_date(opened.clock.now())
        wanted, kind = _known_state(opened, estado) if estado else "", tipo.lower()
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
def show(radicado: _Radicado) -> None:
    """Show one case: its facts with personal data masked, the person's own words, its history."""
    from bot.pqr import constancia, content, lifecycle

    with _open() as opened:
        law = _law(opened)
        case = _case(opened, law, radicado)
        events = opened.database.read_now(lambda uow: uow.cases.events(case.id))
        _say(opened, constancia.plain(case, law=law, settings=opened.settings))
        _say(opened, f"\nEstado: {case.estado} · Marcas: {', '.join(case.marcas) or 'ninguna'}")
        _say(opened, f"Huella del contenido: {'intacta' if content.is_intact(case) else 'NO COINCIDE'}")
        if case.respuesta:
            _say(opened, f"\nRespuesta:\n{case.respuesta}")
        _say(opened, "\nHistoria:")
        for event in events:
            details = ", ".join(f"{name}={value}" for name, value in event.data.items() if value not in ("", None, []))
            _say(opened, f"  {opened.moment(event.at)}  {event.kind}  {event.actor}  {details}")
        ways = ", ".join(lifecycle.allowed(case.estado, "personal"))
        _say(opened, f"\nPuede pasar a: {ways or 'ningún otro estado'}")


@cases.command()
def move(
    radicado: _Radicado,
    estado: Annotated[str, typer.Argument(help="The state to go to.", metavar="ESTADO")],
    staff: _Staff,
    modo: Annotated[str, typer.Option(help="For NOTIFICADO: personal, electronica, aviso, conducta_concluyente.")] = "",
    requiere: Annotated[str, typer.Option(help="For REQUERIDO_USUARIO: what the person has to complete.")] = "",
) -> None:
    """Take a case to another state; who, when and why stay in its history."""
    from bot.pqr import lifecycle

    with _open() as opened:
        law, now = _law(opened), opened.clock.now()
        case, to = _case(opened, law, radicado), _known_state(opened, estado)
        data = {name: value for name, value in (("modo", modo), ("requiere", requiere)) if value}
        moved = opened.database.write_now(
            lambda uow: lifecycle.move(
                uow, case, to, at=now, actor=lifecycle.Actor("personal", staff), law=law, data=data
            )
        )
        _say(opened, f"{moved.radicado}: {case.estado} → {moved.estado}. Vence el {law.promised_on(moved):%d/%m/%Y}.")


@cases.command()
def answer(
    radicado: _Radicado,
    text: Annotated[str, typer.Argument(help="The answer of the company, whole.", metavar="TEXTO")],
    staff: _Staff,
) -> None:
    """Keep the answer of the company and take the case to DECIDIDO; the notice is another act."""
    from bot.pqr import lifecycle

    with _open() as opened:
        law, now = _law(opened), opened.clock.now()
        case = _case(opened, law, radicado)
        actor = lifecycle.Actor("personal", staff)
        done = opened.database.write_now(lambda uow: lifecycle.decide(uow, case, text, at=now, actor=actor, law=law))
        _say(opened, f"{done.radicado}: {case.estado} → {done.estado}. Falta citar o notificar.")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()


def _law(opened: Opened) -> Law:
    from bot.kernel.clock import local_date
    from bot.pqr.law import Law

    return Law.from_settings(opened.settings, today=local_date(opened.clock.now()))


def _known_state(opened: Opened, typed: str) -> str:
    from bot.pqr import lifecycle

    wanted = typed.upper()
    if wanted not in lifecycle.STATES:
        opened.refuse(f"There is no state {typed[:40]!r}; known: {', '.join(lifecycle.STATES)}.")
    return wanted


def _case(opened: Opened, law: Law, typed: str) -> CaseRecord:
    from bot.kernel.clock import local_date

    read = law.template.read(typed)
    if read is None:
        example = law.template.write(local_date(opened.clock.now()).year, 1)
        opened.refuse(f"{typed[:40]!r} is not a radicado: write its digits, for example {example}.")
    record: Any = opened.database.read_now(lambda uow: uow.cases.by_radicado(read.text))
    if record is None:
        opened.fail(f"There is no case {typed!r}; see `atiende cases list`.")
    return record  # type: ignore[no-any-return]


def _say(opened: Opened, text: str) -> None:
    """Print ``text`` as it is, without anything that could move the cursor or change the terminal."""
    safe = "".join(letter if letter == "\n" or unicodedata.category(letter)[0] != "C" else "\ufffd" for letter in text)
    opened.console.print(safe, markup=False, highlight=False)
