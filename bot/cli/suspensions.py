"""``atiende suspensions``: who may be suspended for non-payment, and the orders that stand."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from bot.cli.opened import Opened

_Account = Annotated[str, typer.Argument(help="Number of the account.", metavar="CUENTA")]
_Staff = Annotated[str, typer.Option("--as", help="Who decides.", default_factory=getpass.getuser)]
_Most = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, the oldest debt first.")]
_LONGEST = 12

suspensions = typer.Typer(
    name="suspensions", help="Suspension for non-payment: candidates, order, lift, list.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende suspensions``."""
    app.add_typer(suspensions)


@suspensions.command()
def candidates(
    limit: _Most = 50,
    *,
    locked: Annotated[
        bool, typer.Option("--todas", help="Also those that may not be suspended, with the reason.")
    ] = False,
) -> None:
    """Show the accounts that may be suspended or collected from; nothing under claim and no agreement is among them."""
    from bot.agreements import suspension_rules
    from bot.agreements import suspensions as rooms
    from bot.cli.tables import Column, fitted
    from bot.kernel.clock import local_date
    from dialogs.filters import dinero

    with _open() as opened:
        rules, today = suspension_rules.of_settings(opened.settings), local_date(opened.clock.now())
        found = opened.database.read_now(
            lambda uow: list(
                islice(
                    (one for one in rooms.candidates(uow, rules, today=today) if locked or not one.lock),
                    limit,
                )
            )
        )
        if not found:
            opened.console.print("No hay cuentas por suspender.")
            return
        columns = (
            Column("Cuenta"), Column("Vencidas"), Column("Desde"), Column("Deuda"), Column("Revisar antes"),
            Column("No se puede", spare=1),
        )  # fmt: skip
        rows = [
            (
                (
                    one.arrears.cuenta, str(one.arrears.vencidas), one.arrears.desde_on.isoformat(),
                    dinero(one.arrears.deuda), "sí" if one.needs_review else "", one.lock,
                ),
                "dim" if one.lock else "",
            )
            for one in found
        ]  # fmt: skip
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende suspensions order CUENTA --avisada AAAA-MM-DD", highlight=False)


@suspensions.command()
def order(
    account: _Account,
    staff: _Staff,
    warned: Annotated[str, typer.Option("--avisada", help="Day on which the notice was delivered, YYYY-MM-DD.")],
    review: Annotated[str, typer.Option("--revisada", help="What was looked at in a protected home.")] = "",
) -> None:
    """Order the suspension of an account, if nothing forbids it."""
    from bot.agreements import suspension_rules
    from bot.agreements import suspensions as rooms

    with _open() as opened:
        cuenta, warned_on = _account(opened, account), _day(opened, warned)
        rules, days, now = suspension_rules.of_settings(opened.settings), opened.law.calendar, opened.clock.now()
        opened.database.write_now(
            lambda uow: rooms.order(
                uow, cuenta, warned_on=warned_on, review=review, staff=staff, rules=rules, days=days, now=now
            )
        )
        opened.console.print(f"Suspensión de la cuenta {cuenta} ordenada.", highlight=False)


@suspensions.command()
def lift(
    account: _Account,
    reason: Annotated[str, typer.Argument(help="Why, for the record.", metavar="MOTIVO")],
    staff: _Staff,
) -> None:
    """End the suspension of an account, and say until when the service has to be back."""
    from bot.agreements import suspensions as rooms
    from bot.billing import rules
    from dialogs.filters import fecha_hora

    with _open() as opened:
        cuenta, now = _account(opened, account), opened.clock.now()
        opened.database.write_now(lambda uow: rooms.lift(uow, cuenta, reason=reason, staff=staff, now=now))
        until = now + timedelta(hours=rules.of_settings(opened.settings).bills.reconexion_horas)
        opened.console.print(f"Orden levantada. Reconecte a más tardar el {fecha_hora(until)}", highlight=False)


@suspensions.command("list")
def list_open(limit: _Most = 50) -> None:
    """Show the orders that stand; those that should end say why."""
    from bot.agreements import suspensions as rooms
    from bot.cli.tables import Column, fitted
    from bot.kernel.clock import local_date
    from dialogs.filters import dinero

    with _open() as opened:
        today = local_date(opened.clock.now())
        found = opened.database.read_now(
            lambda uow: [(one, rooms.why_lift(uow, one, today=today)) for one in uow.suspensions.open(limit)]
        )
        if not found:
            opened.console.print("No hay suspensiones ordenadas.")
            return
        columns = (
            Column("Cuenta"), Column("Ordenada"), Column("Por", spare=1), Column("Deuda"), Column("Levantar porque"),
        )  # fmt: skip
        rows = [
            ((one.cuenta, opened.moment(one.ordered_at), one.ordered_by, dinero(one.deuda), why), "bold" if why else "")
            for one, why in found
        ]
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende suspensions lift CUENTA «motivo»", highlight=False)


def _account(opened: Opened, said: str) -> str:
    digits = "".join(mark for mark in said if mark.isdecimal())
    if not digits or len(digits) > _LONGEST:
        opened.refuse(f"{said[:40]!r} is not the number of an account. For example: 1000001")
    return digits


def _day(opened: Opened, said: str) -> date:
    try:
        return datetime.strptime(said, "%Y-%m-%d").date()  # noqa: DTZ007  # a calendar day in Bogotá, no moment
    except ValueError:
        opened.refuse(f"{said[:40]!r} is not a day. For example: 2026-03-18")


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
