"""Suspension for non-payment (§4): who may be suspended, the order and its end, and what forbids it.

An account with money under claim, with an agreement that runs, or that nobody warned is not suspended; a protected one
only after a person looked at it. Nothing here cuts a service: it keeps the order that a crew carries out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.agreements import financed
from bot.agreements.errors import SuspensionRefused
from bot.kernel.clock import local_date
from dialogs.filters import fecha
from storage.repos.suspensions import SuspensionRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from bot.agreements.suspension_rules import SuspensionRules
    from storage.repos.customers import AccountRecord, ArrearsRecord
    from storage.uow import UnitOfWork

_ACTIVE = "activa"


class BusinessDays(Protocol):
    """Knows which days are business days."""

    def is_business(self, day: date) -> bool:
        """Tell whether ``day`` is one."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account with bills overdue for as many periods as the contract allows; ``lock`` says what forbids it, if anything.

    ``needs_review`` when somebody protected may live or be cared for there.
    """

    arrears: ArrearsRecord
    lock: str = ""
    needs_review: bool = False


def candidates(uow: UnitOfWork, rules: SuspensionRules, *, today: date) -> Iterator[Candidate]:
    """Yield every account that could be suspended, the oldest debt first; those that may not be say why."""
    for arrears in uow.customers.in_arrears(today, rules.periodos_vencidos):
        account = uow.customers.account(arrears.cuenta)
        if account is None or account.estado != _ACTIVE or uow.suspensions.open_of(arrears.cuenta):
            continue
        yield Candidate(arrears, lock_of(uow, arrears.cuenta), is_protected(uow, account, rules))


def lock_of(uow: UnitOfWork, cuenta: str) -> str:
    """Return what forbids to suspend the account, as staff read it, or an empty text."""
    disputes = uow.disputes.open_for(cuenta)
    if disputes:
        case = uow.cases.get(disputes[0].case_id)
        named = f" {case.radicado}" if case else ""
        return f"tiene el reclamo{named} abierto: no se suspende hasta notificar la decisión (Ley 142, artículo 155)"
    running = financed.running_of(uow, cuenta)
    if running is not None:
        return f"paga por cuotas con el acuerdo {running.numero}"
    return ""


def is_protected(uow: UnitOfWork, account: AccountRecord, rules: SuspensionRules) -> bool:
    """Tell whether a person has to look first: a protected use, care asked for, or somebody who depends on the service."""
    return (
        account.uso.casefold() in rules.usos_protegidos
        or any(one.datos.get("proteccion") for one in uow.agreements.of_account(account.cuenta))
        or uow.reports.is_critical(account.cuenta)
    )


def order(  # who, which, since when they know, what was looked at, and under which rules
    uow: UnitOfWork,
    cuenta: str,
    *,
    warned_on: date,
    review: str,
    staff: str,
    rules: SuspensionRules,
    days: BusinessDays,
    now: datetime,
) -> SuspensionRecord:
    """Keep the order to suspend an account.

    Raises:
        SuspensionRefused: the account, the notice or the day do not allow it; the text says why and what to do.
    """
    today = local_date(now)
    account = uow.customers.account(cuenta)
    if account is None:
        raise SuspensionRefused(f"No hay una cuenta {cuenta}.")
    if account.estado != _ACTIVE or uow.suspensions.open_of(cuenta):
        raise SuspensionRefused(f"La cuenta {cuenta} ya está {_already(account)}.")
    lock = lock_of(uow, cuenta)
    if lock:
        raise SuspensionRefused(f"La cuenta {cuenta} no se puede suspender: {lock}.")
    owed = next(iter(uow.customers.in_arrears(today, rules.periodos_vencidos, cuenta)), None)
    if owed is None:
        message = (
            f"La cuenta {cuenta} no tiene {rules.periodos_vencidos} facturas vencidas de un mismo servicio: "
            "todavía no se puede suspender."
        )
        raise SuspensionRefused(message)
    first = warned_on + timedelta(days=rules.dias_de_aviso)
    if warned_on > today or first > today:
        message = (
            f"El aviso se entregó el {fecha(warned_on)} y deben pasar {rules.dias_de_aviso} días: "
            f"ordene la suspensión desde el {fecha(first)}."
        )
        raise SuspensionRefused(message)
    if rules.respetar_descanso and not (days.is_business(today) and days.is_business(today + timedelta(days=1))):
        raise SuspensionRefused("Hoy no se ordenan suspensiones: es día de descanso o su víspera.")
    if is_protected(uow, account, rules) and not review.strip():
        message = (
            f"En la cuenta {cuenta} puede haber alguien con protección especial. Una persona debe revisarlo primero: "
            "repita la orden con --revisada «qué se revisó»."
        )
        raise SuspensionRefused(message)
    wanted = SuspensionRecord(
        cuenta=cuenta,
        deuda=owed.deuda,
        avisada_on=warned_on,
        ordered_at=now,
        ordered_by=staff,
        revision=review.strip() or None,
    )
    return uow.suspensions.add(wanted)


def lift(uow: UnitOfWork, cuenta: str, *, reason: str, staff: str, now: datetime) -> SuspensionRecord:
    """End the suspension of an account.

    Raises:
        SuspensionRefused: it has no order that stands.
    """
    standing = uow.suspensions.open_of(cuenta)
    if standing is None or not uow.suspensions.lift(standing.id, at=now, by=staff, reason=reason):
        raise SuspensionRefused(f"La cuenta {cuenta} no tiene una orden de suspensión abierta.")
    return replace(standing, lifted_at=now, lifted_by=staff, lifted_reason=reason)


def why_lift(uow: UnitOfWork, standing: SuspensionRecord, *, today: date) -> str:
    """Return why a suspension that stands should end now, as staff read it, or an empty text.

    Paid, an agreement in force or a claim: then the service has to be back in the hours of the law (art. 142).
    """
    if not uow.customers.in_arrears(today, 1, standing.cuenta):
        return "ya pagó lo vencido"
    return lock_of(uow, standing.cuenta)


def _already(account: AccountRecord) -> str:
    return "suspendida" if account.estado == _ACTIVE else account.estado
