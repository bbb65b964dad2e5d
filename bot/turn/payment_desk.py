"""What staff do with a payment that somebody reported: apply it or refuse it, and tell the person either way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.kernel.errors import AtiendeError
from storage.repos.payments import PaymentRecord

if TYPE_CHECKING:
    from datetime import datetime

    from bot.notices.push import Notices
    from storage.repos.payment_proofs import ProofRecord
    from storage.uow import UnitOfWork

_SERVICE: Final = "SERVICIO"
APPLIED, REFUSED = "reportar_pago.aplicado", "reportar_pago.no_aplicado"


class NoSuchProof(AtiendeError):
    """There is no reported payment under that number that still waits."""


def apply(  # who, which, how it is known to the bank, and what is said
    uow: UnitOfWork, proof_id: int, *, ref: str | None, staff: str, hours: int, notices: Notices, now: datetime
) -> ProofRecord:
    """Note that the payment is applied and tell the person.

    With ``ref`` (the bank's own reference) it is also taken off the bills here, once: the same reference in a file of
    payments that comes later changes nothing. Without it, it was applied where the bills are kept.

    Raises:
        NoSuchProof: it does not exist or was decided before.
    """
    proof = _open(uow, proof_id)
    if not uow.payment_proofs.close(proof, "applied", at=now, by=staff):
        raise NoSuchProof(_not_open(proof_id))
    if ref and uow.customers.known([proof.cuenta]):
        paid = PaymentRecord(
            referencia=ref, cuenta=proof.cuenta, pagada_on=proof.pagada_on, valor=proof.valor, lugar=proof.lugar
        )
        uow.payments.receive([paid], now)
    values = {"servicio_suspendido": proof.suspendida, "reconexion_horas": hours}
    _tell(uow, proof, APPLIED, values, notices, now)
    return proof


def refuse(  # as above
    uow: UnitOfWork, proof_id: int, *, reason: str, staff: str, notices: Notices, now: datetime
) -> ProofRecord:
    """Note why the payment cannot be applied and tell the person.

    Raises:
        NoSuchProof: it does not exist or was decided before.
    """
    proof = _open(uow, proof_id)
    if not uow.payment_proofs.close(proof, "refused", at=now, by=staff, nota=reason):
        raise NoSuchProof(_not_open(proof_id))
    _tell(uow, proof, REFUSED, {"pago_motivo": reason}, notices, now)
    return proof


def _tell(
    uow: UnitOfWork, proof: ProofRecord, response: str, values: dict[str, Any], notices: Notices, now: datetime
) -> None:
    notices.push(
        uow,
        conversation_id=proof.conversation_id,
        response=response,
        values={"pago_numero": proof.numero, **values},
        clase=_SERVICE,
        key=f"payment:{proof.id}",
        now=now,
    )


def _open(uow: UnitOfWork, proof_id: int) -> ProofRecord:
    proof = uow.payment_proofs.get(proof_id)
    if proof is None or proof.state != "open":
        raise NoSuchProof(_not_open(proof_id))
    return proof


def _not_open(proof_id: int) -> str:
    return f"there is no reported payment P{proof_id:06d} that waits; see `atiende payments list`"
