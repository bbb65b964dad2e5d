"""How an account stands when an agreement is asked for: its debt, what is under claim, its earlier agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.agreements import lifecycle
from bot.agreements.eligibility import Standing

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.agreements.policy_model import Policy
    from dialogs.actions.ports import DebtView
    from storage.uow import UnitOfWork

_DAYS_A_MONTH = 30.4375
#: Where billing knows nothing of the use, the account is treated as what most accounts are.
_USUAL_USE = "residencial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What billing said, in whole pesos: all of it, how many bills are overdue and for how many days the oldest."""

    total: int
    overdue: int
    days: int

    @classmethod
    def of(cls, debt: DebtView, today: date) -> Owed:
        """Sum ``debt`` up."""
        oldest = min((bill.vence_on for bill in debt.overdue), default=today)
        return cls(total=debt.total, overdue=len(debt.overdue), days=(today - oldest).days)


def standing_of(uow: UnitOfWork, cuenta: str, owed: Owed, *, policy: Policy, now: datetime) -> Standing:
    """Gather what the rules of the policy look at."""
    account = uow.customers.account(cuenta)
    since = now - timedelta(days=policy.meses_de_memoria * _DAYS_A_MONTH)
    earlier = uow.agreements.of_account(cuenta)
    disputes = uow.disputes.open_for(cuenta)
    return Standing(
        deuda_total=owed.total,
        en_reclamo=min(owed.total, uow.disputes.amount(cuenta)),
        facturas_vencidas=owed.overdue,
        dias_vencida=owed.days,
        uso=account.uso if account else _USUAL_USE,
        estrato=account.estrato if account else None,
        acuerdos_abiertos=sum(one.estado in lifecycle.OPEN for one in earlier),
        incumplidos=sum(
            one.estado == "INCUMPLIDO" and one.terminado_at is not None and one.terminado_at >= since for one in earlier
        ),
        reacuerdos=sum(one.reacuerdo and one.vigente_at is not None and one.vigente_at >= since for one in earlier),
        reclamos_sin_valor=sum(one.valor is None for one in disputes),
    )
