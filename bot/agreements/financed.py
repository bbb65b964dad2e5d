"""What of an account's debt an agreement that runs pays by instalments: nobody is asked for it beside them (§4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.agreements import lifecycle
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from dialogs.actions.ports import DebtView
    from storage.repos.agreements import AgreementRecord
    from storage.uow import UnitOfWork


def running_of(uow: UnitOfWork, cuenta: str) -> AgreementRecord | None:
    """Return the agreement of the account by which it pays now: approved or in force."""
    record = uow.agreements.open_of(cuenta)
    return record if record is not None and record.estado in lifecycle.RUNNING else None


def keys_of(record: AgreementRecord, debt: DebtView) -> frozenset[str]:
    """Return the bills of ``debt`` that the agreement finances.

    One made before they were written down finances what had been billed by the month in which it was asked for.
    """
    written = record.datos.get("facturas")
    if written:
        return frozenset(bill.clave for bill in debt.bills if bill.clave in written)
    last = f"{local_date(record.solicitado_at):%Y-%m}"
    return frozenset(bill.clave for bill in debt.bills if bill.periodo <= last)


def amount_of(uow: UnitOfWork, record: AgreementRecord, debt: DebtView) -> int:
    """Return the whole pesos of ``debt`` that the agreement finances: of its bills, what is not under claim."""
    keys = keys_of(record, debt)
    billed = sum(bill.valor for bill in debt.bills if bill.clave in keys)
    claimed: dict[str, int] = {}
    for one in uow.disputes.open_for(record.cuenta):
        key = f"{one.servicio} {one.periodo}" if one.periodo else f"case {one.case_id}"
        if key in keys or (not one.periodo and one.opened_at <= record.solicitado_at):
            # Two claims over one bill lock it once, as everywhere.
            claimed[key] = max(claimed.get(key, 0), one.valor or 0)
    return min(record.base, max(0, billed - sum(claimed.values())))
