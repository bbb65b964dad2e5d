"""Money that comes in for an agreement: the initial payment first, then the oldest instalment, each reference once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.agreements import lifecycle
from bot.agreements.errors import PaymentRefused
from bot.kernel import steps

if TYPE_CHECKING:
    from datetime import date, datetime

    from storage.repos.agreements import AgreementRecord
    from storage.uow import UnitOfWork


#: Who applies the payments that `atiende import payments` brought.
IMPORT_ACTOR = "pagos"


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a payment: ``aplicado`` pesos went to the agreement, ``sobra`` did not; ``cubre`` are the parts it completed.

    ``is_new`` is False when the reference had been applied before: nothing was done.
    """

    record: AgreementRecord
    aplicado: int
    sobra: int
    cubre: tuple[int, ...]
    is_new: bool


def apply(  # what was paid, when, under which reference and by whom
    uow: UnitOfWork, record: AgreementRecord, pesos: int, *, paid_on: date, ref: str, actor: str, now: datetime
) -> Applied:
    """Apply ``pesos`` to what is unpaid, in order; the agreement begins or is fulfilled with it.

    Raises:
        PaymentRefused: the agreement expects no money, or the amount is not positive.
    """
    if record.estado not in lifecycle.RUNNING:
        raise PaymentRefused(
            steps.only("acuerdo", record.estado, lifecycle.RUNNING, "aplicarle un pago", which=record.numero)
        )
    if pesos < 1:
        raise PaymentRefused("Un pago es un número de pesos enteros, mayor que cero.")
    parts = uow.agreements.parts(record.id)
    used = min(pesos, sum(part.falta for part in parts))
    if not uow.agreements.add_payment(record.id, ref, used, paid_on, actor, now):
        return Applied(record, 0, 0, (), is_new=False)
    left, covered = used, []
    for part in parts:
        if not left or not part.falta:
            continue
        put = min(left, part.falta)
        left -= put
        is_whole = put == part.falta
        uow.agreements.pay_part(record.id, part.numero, part.pagado + put, paid_on if is_whole else None)
        if is_whole:
            covered.append(part.numero)
    data = {"valor": used, "sobra": pesos - used, "ref": ref, "cubre": covered}
    uow.agreements.add_event(record.id, now, "PAGO", actor, data)
    if lifecycle.INITIAL in covered and record.estado == "APROBADO":
        record = lifecycle.begin(uow, record, now=now, actor=actor)
    if all(part.pagada_on for part in uow.agreements.parts(record.id)):
        record = lifecycle.fulfil(uow, record, now=now, actor=actor)
    return Applied(record, used, pesos - used, tuple(covered), is_new=True)


def receive(uow: UnitOfWork, record: AgreementRecord, *, now: datetime) -> list[tuple[str, Applied]]:
    """Apply the imported payments that name this agreement, each once; return what was new, by reference."""
    done = {payment.ref for payment in uow.agreements.payments(record.id)}
    found = []
    for payment in uow.payments.naming(record.cuenta, record.numero):
        if payment.referencia in done or record.estado not in lifecycle.RUNNING or payment.valor < 1:
            continue
        applied = apply(
            uow, record, payment.valor, paid_on=payment.pagada_on, ref=payment.referencia, actor=IMPORT_ACTOR, now=now
        )
        record = applied.record
        if applied.is_new:
            found.append((payment.referencia, applied))
    return found
