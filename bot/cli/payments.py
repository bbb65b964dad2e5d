"""``atiende payments``: payments that people reported by chat, with their receipts, until staff apply them."""

from __future__ import annotations

import getpass
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.clean import terminal_text

if TYPE_CHECKING:
    from bot.cli.opened import Opened

_NUMBER = re.compile(r"[Pp]?0*([1-9]\d{0,17})")
_Number = Annotated[str, typer.Argument(help="Number, as `atiende payments list` shows it.", metavar="NÚMERO")]
_Staff = Annotated[str, typer.Option("--as", help="Who decides.", default_factory=getpass.getuser)]

payments = typer.Typer(
    name="payments", help="Payments that people reported: list, show, apply, refuse.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``atiende payments``."""
    app.add_typer(payments)


@payments.command("list")
def list_open() -> None:
    """Show the reported payments that wait, the oldest first; those without service are marked."""
    from bot.cli.tables import Column, fitted
    from dialogs.filters import dinero

    with _open() as opened:
        waiting = opened.database.read_now(lambda uow: uow.payment_proofs.open())
        if not waiting:
            opened.console.print("No hay pagos reportados por revisar.")
            return
        columns = (
            Column("Número"), Column("Desde"), Column("Cuenta"), Column("Valor"), Column("Día"),
            Column("Sin servicio", spare=2), Column("Comprobante", spare=1),
        )  # fmt: skip
        rows = [
            (
                (
                    one.numero, opened.moment(one.at), one.cuenta, dinero(one.valor), one.pagada_on.isoformat(),
                    "sí" if one.suspendida else "", str(len(one.files) or ""),
                ),
                "bold" if one.suspendida else "",
            )
            for one in waiting
        ]  # fmt: skip
        opened.console.print(fitted(opened.console, columns, rows))
        opened.console.print("atiende payments show NÚMERO · apply NÚMERO · refuse NÚMERO «motivo»")


@payments.command()
def show(
    number: _Number,
    save: Annotated[Path | None, typer.Option(help="Folder in which the receipts are left.")] = None,
) -> None:
    """Show a reported payment; with --save leave its receipts as files."""
    from dialogs.filters import dinero

    with _open() as opened:
        proof_id = _id(opened, number)
        proof = opened.database.read_now(lambda uow: uow.payment_proofs.get(proof_id))
        if proof is None:
            opened.fail(f"There is no reported payment {number}; see `atiende payments list`.")
        told = [
            ("Número", proof.numero), ("Estado", _STATES[proof.state]), ("Cuenta", proof.cuenta),
            ("Valor", dinero(proof.valor)), ("Día", proof.pagada_on.isoformat()), ("Lugar", proof.lugar or "—"),
            ("Sin servicio", "sí" if proof.suspendida else "no"), ("Comprobantes", str(len(proof.files))),
            ("Nota", proof.nota or "—"),
        ]  # fmt: skip
        for label, value in told:
            opened.console.print(f"{label}: {terminal_text(value)}", markup=False)
        if save is not None:
            for path in _saved(opened, proof.numero, list(proof.files), save):
                opened.console.print(str(path), markup=False)


@payments.command()
def apply(
    number: _Number,
    staff: _Staff,
    ref: Annotated[
        str | None,
        typer.Option(help="The bank's reference: the payment is taken off the bills here, once.", show_default=False),
    ] = None,
) -> None:
    """Note that the payment is applied and tell the person."""
    from bot.billing import rules
    from bot.turn import payment_desk

    with _open() as opened:
        proof_id, now = _id(opened, number), opened.clock.now()
        hours = rules.of_settings(opened.settings).bills.reconexion_horas
        notices = opened.notices
        opened.database.write_now(
            lambda uow: payment_desk.apply(uow, proof_id, ref=ref, staff=staff, hours=hours, notices=notices, now=now)
        )
        opened.console.print("Aplicado; se le avisa a la persona.")


@payments.command()
def refuse(
    number: _Number,
    reason: Annotated[str, typer.Argument(help="Why, as the person will read it.", metavar="MOTIVO")],
    staff: _Staff,
) -> None:
    """Note why the payment cannot be applied and tell the person."""
    from bot.turn import payment_desk

    with _open() as opened:
        proof_id, now = _id(opened, number), opened.clock.now()
        notices = opened.notices
        opened.database.write_now(
            lambda uow: payment_desk.refuse(uow, proof_id, reason=reason, staff=staff, notices=notices, now=now)
        )
        opened.console.print("No aplicado; se le avisa a la persona.")


_STATES = {"open": "por revisar", "applied": "aplicado", "refused": "no aplicado"}


def _id(opened: Opened, number: str) -> int:
    found = _NUMBER.fullmatch(number.strip())
    if found is None:
        opened.refuse(f"{number[:40]!r} is not the number of a reported payment. For example: P000012")
    return int(found[1])


def _saved(opened: Opened, numero: str, file_ids: list[str], folder: Path) -> list[Path]:
    """Open the sealed receipts into ``folder``; the names are ours, never those that people gave."""
    from bot.house import FILES_FOLDER
    from storage.files import FileStore

    store = FileStore(opened.settings.data_dir / FILES_FOLDER, opened.database.keyring)
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    records = opened.database.read_now(lambda uow: uow.files.many(file_ids))
    for count, record in enumerate(records, start=1):
        if record.path:
            path = folder / f"{numero}-{count}{_SUFFIXES.get(record.mime, '.bin')}"
            path.write_bytes(store.get(record.path))
            saved.append(path)
    return saved


_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


def _open() -> Opened:
    from bot.cli.opened import Opened

    return Opened()
