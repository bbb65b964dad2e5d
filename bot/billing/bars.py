"""The last consumptions as bars: what the chart and the duplicate draw alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from dialogs.filters import fecha

if TYPE_CHECKING:
    from dialogs.actions.ports import Consumption

#: As many as the law asks a bill to show (Decreto 1842/1991 art. 11).
MOST = 6
_MONTH_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: its short name, how much as people write it, its height from 0 to 1, and whether it was estimated."""

    label: str
    value: str
    height: float
    is_estimated: bool


def bars_of(used: Sequence[Consumption]) -> list[Bar]:
    """Return the last six periods of one service, the oldest first; the tallest bar has height 1."""
    shown = list(used[:MOST])[::-1]
    top = max((one.cantidad for one in shown), default=Decimal(0)) or Decimal(1)
    return [
        Bar(short_month(one.periodo), amount(one.cantidad), float(one.cantidad / top), bool(one.causa)) for one in shown
    ]


def short_month(periodo: str) -> str:
    """``2026-03`` → ``mar``."""
    return fecha(periodo)[:_MONTH_LETTERS]


def amount(quantity: Decimal) -> str:
    """``Decimal("18.50")`` → ``18,5``; whole numbers without decimals, thousands with a stop."""
    text = f"{quantity:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")
