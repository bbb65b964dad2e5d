"""The life of an agreement: SOLICITADO → APROBADO | RECHAZADO → VIGENTE → CUMPLIDO | INCUMPLIDO | ANULADO.

A simulation is not kept. Every step is one function, checked against the state in the database and written in the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.agreements.errors import AlreadyOpen, StepRefused
from bot.agreements.text import fingerprint
from bot.kernel import steps
from bot.kernel.clock import local_date
from storage.errors import NotFound
from storage.repos.agreements import Acceptance, AgreementRecord, InstalmentRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.agreements.policy_model import Policy, Signer
    from bot.agreements.simulation import BusinessDays, Offer
    from bot.kernel.ids import Ids
    from storage.uow import UnitOfWork

STATES: Final = ("SOLICITADO", "APROBADO", "RECHAZADO", "VIGENTE", "CUMPLIDO", "INCUMPLIDO", "ANULADO")
#: In these an account has an agreement, and gets no second one.
OPEN: Final = ("SOLICITADO", "APROBADO", "VIGENTE")
#: In these money is expected.
RUNNING: Final = ("APROBADO", "VIGENTE")
INITIAL: Final = 0
#: Who approves what the policy approves by itself.
POLICY_ACTOR: Final = "politica"
#: Who takes back a request by chat, and the reason that is shown afterwards.
PERSON_ACTOR: Final = "persona"
WITHDRAWN: Final = "Usted retiró la solicitud."


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person accepted and by which proof; ``authorisation`` are file ids of the owner's written permission.

    ``bills`` are those that it finances, each as ``agua 2026-10``.
    """

    offer: Offer
    cuenta: str
    conversation_id: str
    channel: str
    inbox_key: str
    signer: Signer
    text: str
    word: str
    otp_verified: bool
    is_protected: bool = False
    authorisation: Sequence[str] = ()
    bills: Sequence[str] = ()
    is_again: bool = False
    is_automatic: bool = False


def request(
    uow: UnitOfWork, wanted: Request, *, policy: Policy, days: BusinessDays, now: datetime, ids: Ids
) -> AgreementRecord:
    """Keep an accepted agreement as SOLICITADO, and approve it at once when it is inside the policy.

    Raises:
        AlreadyOpen: the account has an agreement that is asked for, approved or running.
    """
    if uow.agreements.open_of(wanted.cuenta) is not None:
        message = "the account has an open agreement"
        raise AlreadyOpen(message)
    offer, year = wanted.offer, local_date(now).year
    record = AgreementRecord(
        id=ids.new("agr"),
        numero=f"AP-{year}-{uow.agreements.next_number(year):06d}",
        cuenta=wanted.cuenta,
        conversation_id=wanted.conversation_id,
        estado="SOLICITADO",
        politica=offer.politica,
        perfil=offer.perfil,
        quien=wanted.signer,
        base=offer.base,
        en_reclamo=offer.en_reclamo,
        inicial=offer.inicial,
        capital=offer.capital,
        interes=offer.interes,
        cuotas=len(offer.cuotas),
        dia_pago=offer.dia_pago,
        tasa_mensual_pct=str(offer.tasa_mensual_pct),
        mora_anual_pct=str(offer.mora_anual_pct),
        reacuerdo=wanted.is_again,
        automatico=wanted.is_automatic,
        texto=wanted.text,
        datos={
            "proteccion": wanted.is_protected,
            "autorizacion": list(wanted.authorisation),
            "facturas": list(wanted.bills),
        },
        solicitado_at=now,
    )
    proof = Acceptance(
        agreement_id=record.id,
        text_sha256=fingerprint(wanted.text),
        palabra=wanted.word,
        otp_verificado=wanted.otp_verified,
        conversation_id=wanted.conversation_id,
        channel=wanted.channel,
        inbox_key=wanted.inbox_key,
        at=now,
    )
    uow.agreements.add(record, _parts(record.id, offer), proof)
    uow.agreements.add_event(record.id, now, "SOLICITADO", "bot", {"canal": wanted.channel})
    if wanted.is_automatic:
        return approve(uow, record, policy=policy, days=days, now=now, actor=POLICY_ACTOR, reason="")
    return record


def approve(  # who, when, why and under which policy are all needed
    uow: UnitOfWork,
    record: AgreementRecord,
    *,
    policy: Policy,
    days: BusinessDays,
    now: datetime,
    actor: str,
    reason: str,
) -> AgreementRecord:
    """Approve: the initial payment gets its date; without one the agreement runs at once.

    Raises:
        StepRefused: it is not SOLICITADO, or its first instalment would fall due before the initial payment.
    """
    parts = uow.agreements.parts(record.id)
    due_on = days.add_business(local_date(now), policy.dias_habiles_para_inicial)
    first_on = parts[1].vence_on
    if first_on is not None and first_on < due_on and record.inicial:
        message = (
            f"En el acuerdo {record.numero} la primera cuota ({first_on}) vencería antes que la inicial ({due_on}). "
            "Niéguelo, para que la persona pida otro."
        )
        raise StepRefused(message)
    _step(uow, record, "SOLICITADO", "APROBADO", now, actor, {"motivo": reason}, decidido_at=now)
    uow.agreements.date_part(record.id, INITIAL, due_on)
    if not record.inicial:
        uow.agreements.pay_part(record.id, INITIAL, 0, local_date(now))
        return begin(uow, _again(uow, record), now=now, actor=actor)
    return _again(uow, record)


def reject(uow: UnitOfWork, record: AgreementRecord, *, now: datetime, actor: str, reason: str) -> AgreementRecord:
    """Reject, with the reason that the person is told.

    Raises:
        StepRefused: it is not SOLICITADO.
    """
    _step(uow, record, "SOLICITADO", "RECHAZADO", now, actor, {"motivo": reason}, decidido_at=now, terminado_at=now)
    return _again(uow, record)


def begin(uow: UnitOfWork, record: AgreementRecord, *, now: datetime, actor: str) -> AgreementRecord:
    """Put an approved agreement in force: its initial payment is applied.

    Raises:
        StepRefused: it is not APROBADO.
    """
    _step(uow, record, "APROBADO", "VIGENTE", now, actor, {}, vigente_at=now)
    return _again(uow, record)


def fulfil(uow: UnitOfWork, record: AgreementRecord, *, now: datetime, actor: str) -> AgreementRecord:
    """Close a running agreement of which everything is paid.

    Raises:
        StepRefused: it is not VIGENTE.
    """
    _step(uow, record, "VIGENTE", "CUMPLIDO", now, actor, {}, terminado_at=now)
    return _again(uow, record)


def break_off(uow: UnitOfWork, record: AgreementRecord, *, now: datetime, missed: int) -> AgreementRecord:
    """End a running agreement of which too many instalments were not paid; the balance is due.

    Raises:
        StepRefused: it is not VIGENTE.
    """
    data = {"incumplidas": missed, "saldo": balance(uow.agreements.parts(record.id))}
    _step(uow, record, "VIGENTE", "INCUMPLIDO", now, "system", data, terminado_at=now)
    return _again(uow, record)


def cancel(uow: UnitOfWork, record: AgreementRecord, *, now: datetime, actor: str, reason: str) -> AgreementRecord:
    """Take back an agreement that is asked for, approved or running.

    Raises:
        StepRefused: it is over.
    """
    if record.estado not in OPEN:
        raise StepRefused(steps.only("acuerdo", record.estado, OPEN, "anular", which=record.numero))
    _step(uow, record, record.estado, "ANULADO", now, actor, {"motivo": reason}, terminado_at=now)
    return _again(uow, record)


def withdraw(uow: UnitOfWork, record: AgreementRecord, *, now: datetime) -> AgreementRecord:
    """Take back a request that nobody decided yet, at the word of who made it.

    Raises:
        StepRefused: it is not SOLICITADO.
    """
    _step(uow, record, "SOLICITADO", "ANULADO", now, PERSON_ACTOR, {"motivo": WITHDRAWN}, terminado_at=now)
    return _again(uow, record)


def balance(parts: Sequence[InstalmentRecord]) -> int:
    """Return what is still owed in capital; what was paid of a part pays its interest first."""
    return sum(min(part.capital, part.falta) for part in parts)


def reason_of(uow: UnitOfWork, record: AgreementRecord) -> str:
    """Return the reason that was given with the last step, for the person, or an empty text."""
    for event in reversed(uow.agreements.events(record.id)):
        if event.kind == record.estado:
            return str(event.data.get("motivo") or "")
    return ""


def _parts(agreement_id: str, offer: Offer) -> list[InstalmentRecord]:
    first = InstalmentRecord(
        agreement_id=agreement_id,
        numero=INITIAL,
        vence_on=None,
        valor=offer.inicial,
        capital=offer.inicial,
        interes=0,
        saldo=offer.capital,
    )
    return [
        first,
        *(
            InstalmentRecord(
                agreement_id=agreement_id,
                numero=one.numero,
                vence_on=day,
                valor=one.valor,
                capital=one.capital,
                interes=one.interes,
                saldo=one.saldo,
            )
            for one, day in zip(offer.cuotas, offer.fechas, strict=True)
        ),
    ]


def _step(  # the state it leaves, the one it enters, and the moments of it
    uow: UnitOfWork,
    record: AgreementRecord,
    before: str,
    after: str,
    now: datetime,
    actor: str,
    data: dict[str, Any],
    **moments: datetime,
) -> None:
    try:
        uow.agreements.move(record.id, before, after, **moments)
    except NotFound:
        now_in = _again(uow, record).estado
        message = steps.only("acuerdo", now_in, [before], "dar ese paso", which=record.numero)
        raise StepRefused(message) from None
    uow.agreements.add_event(record.id, now, after, actor, data)


def _again(uow: UnitOfWork, record: AgreementRecord) -> AgreementRecord:
    found = uow.agreements.get(record.id)
    return found if found is not None else record
