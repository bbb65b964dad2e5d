"""What an agreement would cost and when each part falls due; nothing here is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol

from bot.agreements.arithmetic import Instalment, fewest_for, initial_payment, schedule, total_interest
from bot.agreements.errors import DoesNotDivide
from bot.agreements.policy import profile_of

if TYPE_CHECKING:
    from bot.agreements.eligibility import Standing
    from bot.agreements.policy_model import Policy

#: Why a wish cannot be met: more than the assistant may give, or instalments below the least.
Refusal = Literal["muchas", "pequenas"]
_DECEMBER = 12


class BusinessDays(Protocol):
    """Knows which days count."""

    def on_or_after(self, day: date) -> date:
        """Return ``day`` if it counts, else the next day that does."""
        ...

    def add_business(self, day: date, n: int) -> date:
        """Return the ``n``-th business day after ``day``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Terms that could be signed on ``hecha_on``: figures in whole pesos, a date for every instalment.

    ``base`` is the undisputed debt: ``inicial`` + ``capital``. ``en_reclamo`` stays outside.
    """

    politica: str
    perfil: str
    hecha_on: date
    base: int
    en_reclamo: int
    inicial: int
    capital: int
    tasa_mensual_pct: Decimal
    mora_anual_pct: Decimal
    dia_pago: int
    cuotas: tuple[Instalment, ...]
    fechas: tuple[date, ...]

    @property
    def interes(self) -> int:
        """The financing interest of all instalments together."""
        return total_interest(self.cuotas)

    @property
    def total(self) -> int:
        """Everything the person pays: the initial payment and the instalments."""
        return self.inicial + self.capital + self.interes

    def terms(self) -> Mapping[str, Any]:
        """Return the figures and dates that must not change between showing and accepting, as plain values."""
        return {
            "politica": self.politica,
            "hecha_on": self.hecha_on.isoformat(),
            "base": self.base,
            "en_reclamo": self.en_reclamo,
            "inicial": self.inicial,
            "dia_pago": self.dia_pago,
            "cuotas": [one.valor for one in self.cuotas],
            "fechas": [day.isoformat() for day in self.fechas],
            "tasa": str(self.tasa_mensual_pct),
        }


def simulate(
    policy: Policy, standing: Standing, count: int, *, today: date, days: BusinessDays, day: int | None = None
) -> Offer | Refusal:
    """Return the terms of ``count`` instalments due on ``day`` of the month (the earliest of the policy when None).

    A count beyond what the assistant may give is ``"muchas"``; instalments below the least are ``"pequenas"``.
    """
    if count > policy.cuotas.bot:
        return "muchas"
    profile = profile_of(policy, standing.uso, standing.estrato)
    first = initial_payment(standing.deuda, profile.inicial_pct, policy.redondeo)
    try:
        parts = schedule(standing.deuda - first, count, profile.tasa_mensual_pct, policy.redondeo)
    except DoesNotDivide:
        return "pequenas"
    if count > 1 and min(one.valor for one in parts) < policy.cuota_minima:
        return "pequenas"
    soonest = today + timedelta(days=policy.dias_hasta_primera_cuota)
    nominal = min(_next(one, soonest) for one in (policy.dias_de_pago if day is None else (day,)))
    return Offer(
        politica=policy.id,
        perfil=profile.id,
        hecha_on=today,
        base=standing.deuda,
        en_reclamo=standing.en_reclamo,
        inicial=first,
        capital=standing.deuda - first,
        tasa_mensual_pct=profile.tasa_mensual_pct,
        mora_anual_pct=profile.mora_anual_pct,
        dia_pago=nominal.day,
        cuotas=parts,
        fechas=tuple(days.on_or_after(_months_after(nominal, month)) for month in range(count)),
    )


def choices(policy: Policy, standing: Standing, *, today: date, days: BusinessDays) -> tuple[Offer, ...]:
    """Return the simulations to show: the counts that the policy offers, or the most that the debt allows."""
    tried = [simulate(policy, standing, count, today=today, days=days) for count in policy.cuotas.ofrece]
    found = tuple(one for one in tried if isinstance(one, Offer))
    if found:
        return found
    for count in range(min(policy.cuotas.ofrece), 0, -1):
        one = simulate(policy, standing, count, today=today, days=days)
        if isinstance(one, Offer):
            return (one,)
    return ()


def for_purse(policy: Policy, standing: Standing, a_month: int) -> int | None:
    """Return the fewest instalments of at most ``a_month`` pesos that anybody may give, or None.

    The count may pass what the assistant gives: ``simulate`` then says ``"muchas"``.
    """
    profile = profile_of(policy, standing.uso, standing.estrato)
    first = initial_payment(standing.deuda, profile.inicial_pct, policy.redondeo)
    rate = profile.tasa_mensual_pct
    return fewest_for(standing.deuda - first, a_month, rate, policy.redondeo, policy.cuotas.comite)


def most_for(policy: Policy, standing: Standing, *, today: date, days: BusinessDays) -> int:
    """Return the most instalments the assistant may give for this debt; 0 when not even one fits."""
    for count in range(policy.cuotas.bot, 0, -1):
        if isinstance(simulate(policy, standing, count, today=today, days=days), Offer):
            return count
    return 0


def _next(day: int, soonest: date) -> date:
    """Return the first date on that day of a month from ``soonest`` on."""
    this = soonest.replace(day=day)
    return this if this >= soonest else _months_after(this, 1)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * _DECEMBER + day.month - 1 + months, _DECEMBER)
    return day.replace(year=year, month=month + 1)
