"""What staff do to a case in the terminal: answer, notify, ask for more, extend, move, confirm its code; people are told."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.cli.opened import Opened
    from bot.pqr.lifecycle import Actor
    from storage.repos.cases import CaseRecord
    from storage.uow import UnitOfWork

_Radicado = Annotated[str, typer.Argument(help="Radicado, with or without spaces and hyphens.", metavar="RADICADO")]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]


def add_to(cases: typer.Typer) -> None:
    """Add the commands to ``atiende cases``, once."""
    known = {command.callback for command in cases.registered_commands}
    for act in (answer, notify, require, extend, move, sui):
        if act not in known:
            cases.command()(act)


def answer(
    radicado: _Radicado,
    text: Annotated[str, typer.Argument(help="The answer of the company, whole.", metavar="TEXTO")],
    staff: _Staff,
) -> None:
    """Keep the answer of the company and take the case to DECIDIDO; the notice is another act."""
    from bot.pqr import lifecycle

    def work(opened: Opened, uow: UnitOfWork, case: CaseRecord, actor: Actor) -> CaseRecord:
        return lifecycle.decide(uow, case, text, at=opened.clock.now(), actor=actor, law=opened.law)

    _act(radicado, staff, work, "Falta citar o notificar.")


def notify(
    radicado: _Radicado,
    modo: Annotated[str, typer.Argument(help="personal, electronica, aviso or conducta_concluyente.", metavar="MODO")],
    staff: _Staff,
) -> None:
    """Note that the answer was notified, and how: from then on the person may appeal, and is told until when."""
    _move(radicado, staff, "NOTIFICADO", {"modo": modo})


def require(
    radicado: _Radicado,
    text: Annotated[str, typer.Argument(help="What the person has to send, in plain words.", metavar="TEXTO")],
    staff: _Staff,
) -> None:
    """Ask the person to complete the request: the clock stops until they do, and they are told."""
    _move(radicado, staff, "REQUERIDO_USUARIO", {"requiere": text})


def move(
    radicado: _Radicado,
    estado: Annotated[str, typer.Argument(help="The state to go to.", metavar="ESTADO")],
    staff: _Staff,
    modo: Annotated[str, typer.Option(help="For NOTIFICADO: personal, electronica, aviso, conducta_concluyente.")] = "",
    requiere: Annotated[str, typer.Option(help="For REQUERIDO_USUARIO: what the person has to complete.")] = "",
) -> None:
    """Take a case to another state; who, when and why stay in its history."""
    data = {name: value for name, value in (("modo", modo), ("requiere", requiere)) if value}
    _move(radicado, staff, estado, data)


def extend(
    radicado: _Radicado,
    text: Annotated[str, typer.Argument(help="The reasons, in words for the person.", metavar="MOTIVO")],
    staff: _Staff,
) -> None:
    """Give the answer the extension of its term, once, before it ends; the person is told the reasons and the date."""
    from bot.notices import case_news
    from bot.pqr import lifecycle

    def work(opened: Opened, uow: UnitOfWork, case: CaseRecord, actor: Actor) -> CaseRecord:
        now = opened.clock.now()
        done = lifecycle.extend(uow, case, text, at=now, actor=actor, law=opened.law)
        case_news.tell_extension(uow, opened.notices, done, text, now=now, law=opened.law)
        return done

    _act(radicado, staff, work)


def sui(
    radicado: _Radicado,
    code: Annotated[str, typer.Argument(help="The detail code, for example 102.", metavar="CÓDIGO")],
    staff: _Staff,
) -> None:
    """Confirm the detail code of the report to the SUI, or put another one than was suggested."""
    from bot.pqr import sui as codes

    def work(opened: Opened, uow: UnitOfWork, case: CaseRecord, actor: Actor) -> CaseRecord:
        if not (code.isascii() and code.isdigit()):
            opened.refuse(f"{code[:20]!r} is not a code of the SUI: write for example 102.")
        codes.confirm(uow, case, int(code), at=opened.clock.now(), actor=actor, catalog=opened.law.catalog)
        return case

    _act(radicado, staff, work)


def _move(radicado: str, staff: str, typed: str, data: Mapping[str, str]) -> None:
    from bot.cli.cases import known_state
    from bot.pqr import lifecycle

    def work(opened: Opened, uow: UnitOfWork, case: CaseRecord, actor: Actor) -> CaseRecord:
        now, to, law = opened.clock.now(), known_state(opened, typed), opened.law
        # Whoever asks for more, or answers, has taken the case up.
        if case.estado == "RADICADO" and to != "EN_TRAMITE":
            case = lifecycle.move(uow, case, "EN_TRAMITE", at=now, actor=actor, law=law)
        return lifecycle.move(uow, case, to, at=now, actor=actor, law=law, data=data)

    _act(radicado, staff, work)


def _act(
    radicado: str,
    staff: str,
    work: Callable[[Opened, UnitOfWork, CaseRecord, Actor], CaseRecord],
    then: str = "",
) -> None:
    """Do ``work`` on a case in one transaction with what the person is told of it, and say what changed."""
    from bot.cli.cases import case_of, say
    from bot.cli.opened import Opened
    from bot.notices import case_news
    from bot.pqr import lifecycle

    with Opened() as opened:
        law, now = opened.law, opened.clock.now()
        case = case_of(opened, law, radicado)
        notices = opened.notices

        def write(uow: UnitOfWork) -> tuple[CaseRecord, bool]:
            done = work(opened, uow, case, lifecycle.Actor("personal", staff))
            if done.estado == case.estado:
                return done, False
            told = case_news.tell_move(uow, notices, done, now=now, law=law)
            return done, told is not None and told.state == "queued"

        done, is_told = opened.database.write_now(write)
        change = f"{case.estado} → {done.estado}" if done.estado != case.estado else done.estado
        said = [f"{done.radicado}: {change}.", f"Vence el {law.promised_on(done):%d/%m/%Y}.", then]
        said.append("Se le avisa a la persona por su chat." if is_told else "")
        say(opened, " ".join(part for part in said if part))
