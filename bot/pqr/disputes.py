"""Money under claim: what a case takes out of collection, suspension and agreements, and until when (§1.2, §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.pqr.appeals import appealed_by

if TYPE_CHECKING:
    from datetime import datetime

    from bot.pqr.law import Law
    from storage.repos.cases import CaseRecord
    from storage.repos.customers import BillRecord
    from storage.uow import UnitOfWork

#: In these states nothing is discussed any more: the decision was notified, or the person or the company ended it.
SETTLED: Final = frozenset({"NOTIFICADO", "EN_FIRME", "DESISTIDO", "ARCHIVADO"})
_RECENT_BILLS: Final = 24


def open_of_case(uow: UnitOfWork, case: CaseRecord, *, at: datetime, law: Law) -> None:
    """Lock what ``case`` discusses: what the person said, else its whole unpaid bill, else an amount nobody knows yet.

    An appeal takes over what its claim discussed. Only types that ask for no payment lock anything (Ley 142 art. 155),
    and only with an account.
    """
    if not law.catalog.kind(case.tipo).sin_pago:
        return
    appealed = appealed_by(uow, case, law) if case.tipo == "recurso" else None
    before = uow.disputes.of_case(appealed.id) if appealed else None
    if before is not None:
        uow.disputes.open(
            case.id, before.cuenta, at, valor=before.valor, servicio=before.servicio, periodo=before.periodo
        )
        return
    if not case.cuenta or case.tipo == "recurso":
        # An appeal against something that was never about money locks nothing.
        return
    issued = case.datos.get("factura_emitida_on") or case.datos.get("factura_mes") or ""
    bill = bill_of(uow, case.cuenta, case.servicio or "", str(issued))
    said = case.datos.get("valor_reclamado")
    valor = said if isinstance(said, int) else bill.total if bill else None
    uow.disputes.open(
        case.id,
        case.cuenta,
        at,
        valor=valor,
        servicio=case.servicio or (bill.servicio if bill else None),
        periodo=bill.periodo if bill else None,
    )


def settle(uow: UnitOfWork, case_id: str, state: str, at: datetime) -> None:
    """Release the money of a case that came into ``state``, if nothing is discussed there any more."""
    if state in SETTLED:
        uow.disputes.close(case_id, at, state)


def bill_of(uow: UnitOfWork, cuenta: str, servicio: str, issued: str = "") -> BillRecord | None:
    """Return the unpaid bill that a claim is about: the one ``issued`` then (a day or a month), else the newest.

    A bill of another day is not guessed: the person said which one it is. A service that the account has no bill of is
    billed together with another one.
    """
    recent = uow.customers.bills(cuenta, _RECENT_BILLS)
    own = [bill for bill in recent if bill.servicio == servicio] or recent
    return next((bill for bill in own if not bill.pagada and bill.emitida_on.isoformat().startswith(issued)), None)
