"""What the days do to an agreement: reminders, missed instalments, default; and what has to be told of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.agreements import lifecycle, payments
from bot.agreements.arithmetic import mora
from bot.agreements.told import Told, of_part, of_payment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.agreements.policy_model import Policy
    from storage.repos.agreements import AgreementRecord, InstalmentRecord
    from storage.uow import UnitOfWork

NO_INITIAL = "No se pagó la cuota inicial a tiempo."


def tick(uow: UnitOfWork, agreement_id: str, *, policy: Policy, today: date, now: datetime) -> list[Told]:
    """Do to one agreement what is due ``today`` and return what is to be told; doing it again changes nothing.

    While money of the account is under a claim that came after the agreement, nothing is asked for and nothing counts
    as missed.
    """
    record = uow.agreements.get(agreement_id)
    if record is None or record.estado not in lifecycle.RUNNING:
        return []
    paid = [of_payment(applied, ref) for ref, applied in payments.receive(uow, record, now=now)]
    if paid:
        # Who just paid is thanked, and reminded another day.
        return paid
    if is_on_hold(uow, record):
        return []
    parts = uow.agreements.parts(record.id)
    if record.estado == "APROBADO":
        return _before_it_runs(uow, record, parts[0], policy, today, now)
    return _while_it_runs(uow, record, parts[1:], policy, today, now)


def is_on_hold(uow: UnitOfWork, record: AgreementRecord) -> bool:
    """Tell whether money of the account came under claim after the agreement was asked for."""
    return any(one.opened_at > record.solicitado_at for one in uow.disputes.open_for(record.cuenta))


def overdue(parts: Sequence[InstalmentRecord], today: date, grace: int = 0) -> list[InstalmentRecord]:
    """Return the unpaid parts whose date passed more than ``grace`` days ago."""
    return [
        part
        for part in parts
        if part.pagada_on is None and part.vence_on is not None and part.vence_on + timedelta(days=grace) < today
    ]


def mora_of(record: AgreementRecord, parts: Sequence[InstalmentRecord], today: date) -> int:
    """Return the simple interest owed today for parts that are late; information, never added to an instalment."""
    rate = Decimal(record.mora_anual_pct)
    return sum(
        mora(min(part.capital, part.falta), (today - part.vence_on).days, rate)
        for part in overdue(parts, today)
        if part.vence_on is not None
    )


def _before_it_runs(
    uow: UnitOfWork, record: AgreementRecord, first: InstalmentRecord, policy: Policy, today: date, now: datetime
) -> list[Told]:
    if overdue([first], today, policy.dias_de_gracia):
        lifecycle.cancel(uow, record, now=now, actor="system", reason=NO_INITIAL)
        return [of_part("sin_inicial", record, first, collects=True)]
    return _reminders(record, [first], policy, today)


def _while_it_runs(
    uow: UnitOfWork,
    record: AgreementRecord,
    parts: Sequence[InstalmentRecord],
    policy: Policy,
    today: date,
    now: datetime,
) -> list[Told]:
    late = overdue(parts, today, policy.dias_de_gracia)
    fresh = [part for part in late if uow.agreements.miss_part(record.id, part.numero, now)]
    for part in fresh:
        uow.agreements.add_event(record.id, now, "CUOTA_INCUMPLIDA", "system", {"cuota": part.numero})
    if len(late) >= policy.incumplidas:
        lifecycle.break_off(uow, record, now=now, missed=len(late))
        owed: dict[str, Any] = {"saldo": lifecycle.balance(parts), "incumplidas": len(late)}
        return [of_part("terminado", record, late[-1], collects=True, **owed)]
    left = policy.incumplidas - len(late)
    missed = [
        of_part("incumplida", record, part, collects=True, quedan=left, limite=policy.incumplidas) for part in fresh
    ]
    return missed or _reminders(record, parts, policy, today)


def _reminders(record: AgreementRecord, parts: Sequence[InstalmentRecord], policy: Policy, today: date) -> list[Told]:
    """Remind of the next part only, once for each day before that the policy names; late is better than never."""
    coming = next((part for part in parts if part.pagada_on is None and part.vence_on and part.vence_on >= today), None)
    if coming is None or coming.vence_on is None:
        return []
    left = (coming.vence_on - today).days
    due = [days for days in policy.recordar_dias_antes if days >= left]
    return [of_part("recordatorio", record, coming, collects=True, suffix=str(min(due)), dias=left)] if due else []
