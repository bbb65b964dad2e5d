"""The arithmetic of agreements (§4): whole pesos, Decimal, half-up; the same figures wherever they are shown.

No interest:  c = floor(P / n, step), the last instalment takes the rest.
With interest: c = round(P·i / (1 - (1 + i)^-n)), interest = round(balance·i), the last one is balance + interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from typing import Final

from bot.agreements.errors import DoesNotDivide

#: More digits than any amount times any rate to any power of ours needs.
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
_DAYS_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment: ``valor`` = ``capital`` + ``interes``; ``saldo`` is what is owed after it. Whole pesos."""

    numero: int
    valor: int
    capital: int
    interes: int
    saldo: int


def rounded(amount: Decimal) -> int:
    """Return ``amount`` in whole pesos, half up."""
    return int(amount.quantize(_ONE, rounding=ROUND_HALF_UP, context=_EXACT))


def initial_payment(debt: int, percent: Decimal, step: int = 1) -> int:
    """Return ``percent`` (20 is twenty per cent) of ``debt``, up to the next multiple of ``step``; never more than all."""
    exact = _EXACT.divide(_EXACT.multiply(Decimal(debt), percent), _HUNDRED)
    steps = _EXACT.divide(exact, Decimal(step)).to_integral_value(rounding=ROUND_CEILING)
    return min(debt, int(steps) * step)


def schedule(principal: int, count: int, monthly_percent: Decimal, step: int = 1) -> tuple[Instalment, ...]:
    """Return ``count`` monthly instalments of ``principal`` at ``monthly_percent`` (0.5 is half a per cent).

    ``step`` rounds instalments without interest; with interest they are whole pesos.

    Raises:
        DoesNotDivide: some instalment would pay nothing of what is owed.
    """
    if principal < 1 or count < 1:
        message = f"{principal} pesos cannot be paid in {count} instalments"
        raise DoesNotDivide(message)
    rate = _EXACT.divide(monthly_percent, _HUNDRED)
    usual = _level(principal, count, rate) if rate else _equal(principal, count, step)
    found: list[Instalment] = []
    balance = principal
    for number in range(1, count + 1):
        interest = rounded(_EXACT.multiply(Decimal(balance), rate))
        capital = balance if number == count else usual - interest
        if capital < 1 or capital > balance or (capital == balance and number < count):
            message = f"{principal} pesos are too little for {count} instalments"
            raise DoesNotDivide(message)
        balance -= capital
        found.append(Instalment(number, capital + interest, capital, interest, balance))
    return tuple(found)


def _equal(principal: int, count: int, step: int) -> int:
    return principal // count // step * step


def _level(principal: int, count: int, rate: Decimal) -> int:
    """Return the level payment of the French system."""
    discount = _EXACT.subtract(_ONE, _EXACT.power(_EXACT.add(_ONE, rate), Decimal(-count)))
    return rounded(_EXACT.divide(_EXACT.multiply(Decimal(principal), rate), discount))


def total_interest(instalments: Sequence[Instalment]) -> int:
    """Return the interest of all of them together."""
    return sum(one.interes for one in instalments)


def total(instalments: Sequence[Instalment]) -> int:
    """Return what all of them cost together."""
    return sum(one.valor for one in instalments)


def mora(principal: int, days: int, yearly_percent: Decimal) -> int:
    """Return the simple interest for ``days`` of delay on unpaid principal; never interest on interest."""
    if principal <= 0 or days <= 0:
        return 0
    owed = _EXACT.multiply(_EXACT.multiply(Decimal(principal), _EXACT.divide(yearly_percent, _HUNDRED)), Decimal(days))
    return rounded(_EXACT.divide(owed, Decimal(_DAYS_A_YEAR)))


def fewest_for(principal: int, most_a_month: int, monthly_percent: Decimal, step: int, longest: int) -> int | None:
    """Return the fewest instalments, up to ``longest``, none of which passes ``most_a_month``; None if there are none."""
    for count in range(1, longest + 1):
        try:
            found = schedule(principal, count, monthly_percent, step)
        except DoesNotDivide:
            return None
        if max(one.valor for one in found) <= most_a_month:
            return count
    return None
