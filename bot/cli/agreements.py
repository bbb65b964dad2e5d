"""``atiende agreements``: payment agreements in the terminal; the collection office decides, applies and takes back here."""

from __future__ import annotations

import getpass
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.agreements.policy_model import Policy
    from bot.agreements.told import Told
    from bot.cli.opened import Opened
    from storage.repos.agreements import AgreementRecord
    from storage.uow import UnitOfWork

_Number = Annotated[str, typer.Argument(help="Number of the agreement, for example AP-2026-000001.", metavar="NUMERO")]
_Staff = Annotated[str, typer.Option("--as", help="Who acts.", default_factory=getpass.getuser)]
_State = Annotated[str, typer.Option("--estado", help="Only agreements in this state, for example SOLICITADO.")]
_Most = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="How many at most, the newest first.")]
_Reason = Annotated[str, typer.Argument(help="Why, in words that the person reads.", metavar="MOTIVO")]
_EXAMPLE = "AP-2026-000001"
_NUMBER = re.compile(r"(?:AP)?[\s-]*(\d{4})[\s-]*(\d{1,6})", re.IGNORECASE)

agreements = typer.Typer(name="agreements", help="Payment agreements: list, show, decide, pay.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add ``atiende agreements``."""
    app.add_typer(agreements)


@agreements.command("list")
def list_agreements(estado: _State = "", limit: _Most = 50) -> None:
    """Show the newest agreements: those SOLICITADO wait for a decision."""
    from bot.agreements import lifecycle
    from bot.cli.tables import Column, fitted
    from dialogs.filters import dinero

    with _open() as opened:
        wanted = estado.upper()
        if wanted and wanted not in lifecycle.STATES:
            opened.refuse(f"There is no state {estado[:40]!r}; known: {', '.join(lifecycle.STATES)}.")
        found = opened.database.read_now(lambda uow: uow.agreements.search(wanted or None, limit))
        if not found:
            opened.console.print("No hay acuerdos.")
            return
        columns = (
            Column("Acuerdo"),
            Column("Estado"),
            Column("Cuenta"),
            Column("Deuda"),
            Column("Cuotas"),
            Column("Firma", spare=2),
            Column("Pedido", spare=1),
        )
        rows = []
        for one in found:
            when = opened.moment(one.solicitado_at)
            cells = (one.numero, one.estado, one.cuenta, dinero(one.base), str(one.cuotas), one.quien, when)
            rows.append((cells, "bold" if one.estado == "SOLICITADO" else ""))
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende agreements show NUMERO", highlight=False)


@agreements.command()
def show(numero: _Number) -> None:
    """Show one agreement: its terms, its instalments, what was paid, its proof and its history."""
    from dialogs.filters import dinero

    with _open() as opened:
        record = _agreement(opened, numero)
        parts, events, proof = opened.database.read_now(
            lambda uow: (
                uow.agreements.parts(record.id),
                uow.agreements.events(record.id),
                uow.agreements.acceptance(record.id),
            )
        )
        say = opened.console.print
        say(record.texto, markup=False, highlight=False)
        care = "sí" if record.datos.get("proteccion") else "no"
        files = len(record.datos.get("autorizacion") or ())
        say(f"\nEstado: {record.estado} · Política: {record.politica} · Perfil: {record.perfil}", highlight=False)
        say(f"Cuidado especial: {care} · Autorización del dueño: {files} archivos", highlight=False)
        say(f"Segundo acuerdo después de uno incumplido: {'sí' if record.reacuerdo else 'no'}", highlight=False)
        if proof is not None:
            code = "verificado" if proof.otp_verificado else "sin verificar"
            say(f"Aceptado: {opened.moment(proof.at)}, {proof.channel}, código {code}", highlight=False)
            say(f"Huella del texto: {proof.text_sha256}", highlight=False)
        say("\nCuotas:")
        for part in parts:
            due = f"{part.vence_on:%d/%m/%Y}" if part.vence_on else "al aprobar"
            paid = f"pagada {part.pagada_on:%d/%m/%Y}" if part.pagada_on else f"falta {dinero(part.falta)}"
            name = "Inicial" if part.numero == 0 else f"{part.numero:>2}"
            say(f"  {name}  {due}  {dinero(part.valor)}  {paid}", highlight=False)
        say("\nHistoria:")
        for event in events:
            details = ", ".join(f"{name}={value}" for name, value in event.data.items() if value not in ("", None, []))
            say(f"  {opened.moment(event.at)}  {event.kind}  {event.actor}  {details}", markup=False, highlight=False)


@agreements.command()
def approve(
    numero: _Number, staff: _Staff, motivo: Annotated[str, typer.Option(help="Why, for the history.")] = ""
) -> None:
    """Approve an agreement; the person is told, and has until the date of the initial payment."""
    from bot.agreements import lifecycle, told

    with _open() as opened:
        record, now = _agreement(opened, numero), opened.clock.now()
        rules, days = _policy(opened, record), opened.law.calendar

        def write(uow: UnitOfWork) -> AgreementRecord:
            done = lifecycle.approve(uow, record, policy=rules, days=days, now=now, actor=staff, reason=motivo)
            _tell(opened, uow, told.of_decision(uow, done))
            return done

        _said(opened, record, opened.database.write_now(write))


@agreements.command()
def reject(numero: _Number, motivo: _Reason, staff: _Staff) -> None:
    """Reject an agreement that was asked for; the person reads the reason."""
    from bot.agreements import lifecycle, told

    with _open() as opened:
        record, now = _agreement(opened, numero), opened.clock.now()

        def write(uow: UnitOfWork) -> AgreementRecord:
            done = lifecycle.reject(uow, record, now=now, actor=staff, reason=motivo)
            _tell(opened, uow, told.of_decision(uow, done))
            return done

        _said(opened, record, opened.database.write_now(write))


@agreements.command()
def cancel(numero: _Number, motivo: _Reason, staff: _Staff) -> None:
    """Take back an agreement that is asked for, approved or running; the person reads the reason."""
    from bot.agreements import lifecycle, told

    with _open() as opened:
        record, now = _agreement(opened, numero), opened.clock.now()

        def write(uow: UnitOfWork) -> AgreementRecord:
            done = lifecycle.cancel(uow, record, now=now, actor=staff, reason=motivo)
            _tell(opened, uow, told.of_decision(uow, done))
            return done

        _said(opened, record, opened.database.write_now(write))


@agreements.command()
def pay(
    numero: _Number,
    staff: _Staff,
    valor: Annotated[int, typer.Option(min=1, max=9_999_999_999, help="Whole pesos.")],
    ref: Annotated[str, typer.Option(help="Reference of the payment: the same one is applied once.")],
    on: Annotated[str, typer.Option(help="Day of the payment, 2026-03-25; today when empty.")] = "",
) -> None:
    """Apply a payment: to the initial payment first, then to the oldest instalment."""
    from bot.agreements import payments, told
    from bot.kernel.clock import local_date
    from dialogs.filters import dinero

    with _open() as opened:
        now = opened.clock.now()
        today = local_date(now)
        paid_on = _day(opened, on) if on else today
        if paid_on > today:
            opened.refuse(f"{on} is in the future: write the day of the payment, for example {today}.")
        record = _agreement(opened, numero)

        def write(uow: UnitOfWork) -> payments.Applied:
            done = payments.apply(uow, record, valor, paid_on=paid_on, ref=ref, actor=staff, now=now)
            if done.is_new:
                _tell(opened, uow, told.of_payment(done, ref))
            return done

        done = opened.database.write_now(write)
        if not done.is_new:
            opened.console.print(f"{record.numero}: el pago {ref} ya estaba aplicado.", markup=False, highlight=False)
            return
        left = f" Sobran {dinero(done.sobra)}." if done.sobra else ""
        text = f"{record.numero}: se aplicaron {dinero(done.aplicado)}.{left} Estado: {done.record.estado}."
        opened.console.print(text, markup=False, highlight=False)


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()


def _agreement(opened: Opened, typed: str) -> AgreementRecord:
    read = _NUMBER.fullmatch(typed.strip())
    if read is None:
        opened.refuse(f"{typed[:40]!r} is not the number of an agreement: write it as {_EXAMPLE}.")
    number = f"AP-{read[1]}-{int(read[2]):06d}"
    record = opened.database.read_now(lambda uow: uow.agreements.by_numero(number))
    if record is None:
        opened.fail(f"There is no agreement {number}; see `atiende agreements list`.")
    return record


def _policy(opened: Opened, record: AgreementRecord) -> Policy:
    from bot.agreements import policy

    found = policy.called(policy.of_settings(opened.settings), record.politica)
    if found is None:
        opened.fail(f"{record.numero} was made under the policy {record.politica}, which {policy.FILE} has no more.")
    return found


def _day(opened: Opened, typed: str) -> date:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        opened.refuse(f"{typed[:40]!r} is not a day: write for example 2026-03-25.")


def _tell(opened: Opened, uow: UnitOfWork, told: Told) -> None:
    """Queue the message for the person in the same transaction; those whose channel cannot be reached are skipped."""
    from bot.scheduler.jobs.agreement_clock import tell

    tell(uow, told, opened.clock.now(), opened.notices)


def _said(opened: Opened, before: AgreementRecord, after: AgreementRecord) -> None:
    opened.console.print(f"{after.numero}: {before.estado} → {after.estado}.", markup=False, highlight=False)
