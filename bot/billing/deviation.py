"""Whether a consumption is so far from the usual that the company had to look before it billed (Ley 142 art. 149).

Pure arithmetic with ``Decimal``; the figures of the rules are data (``dialogs/catalog/facturacion.yml``).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from bot.billing.rules_model import Threshold
from dialogs.actions.ports import Consumption, DeviationView

if TYPE_CHECKING:
    from bot.billing.rules_model import RulesFile, Sigmas

#: More days than these and the bill covers two months.
_BIMONTHLY_DAYS = 45
_CENT, _UNIT = Decimal("0.01"), Decimal(1)


def deviation(rules: RulesFile, used: Sequence[Consumption], estrato: int | None = None) -> DeviationView | None:
    """Compare the newest of ``used`` (one service, newest first) with those before it.

    None when there is nothing to compare, or no rule for the service (aseo has no meter).
    """
    if not used:
        return None
    now, before = used[0], [one.cantidad for one in used[1:]]
    rule = next((rule for service, rule in rules.desviacion.items() if service == now.servicio), None)
    if rule is None:
        return None
    if isinstance(rule, Threshold):
        return _by_threshold(rule, now, before, estrato)
    return _by_sigmas(rule, now, before)


def _by_threshold(
    rule: Threshold, now: Consumption, before: Sequence[Decimal], estrato: int | None
) -> DeviationView | None:
    periods = rule.periodos_bimestrales if (now.dias or 0) > _BIMONTHLY_DAYS else rule.periodos
    if len(before) < periods:
        usual = rule.promedio_por_estrato.get(estrato) if estrato else None
        if usual is None:
            return _too_young(now, len(before), periods)
        return _view("nuevo", now, usual, usual * rule.nuevo_desde, usual * rule.nuevo_hasta, periods=len(before))
    usual = sum(before[:periods], Decimal(0)) / periods
    percent = rule.porcentaje_desde_corte if usual >= rule.corte else rule.porcentaje_bajo_corte
    room = usual * percent / 100
    return _view("umbral", now, usual, usual - room, usual + room, periods=periods, percent=percent)


def _by_sigmas(rule: Sigmas, now: Consumption, before: Sequence[Decimal]) -> DeviationView:
    if len(before) < rule.meses:
        return _too_young(now, len(before), rule.meses)
    last = before[: rule.meses]
    usual = sum(last, Decimal(0)) / rule.meses
    # Of the months themselves, not an estimate from a sample: they are all the months that the rule speaks of.
    spread = (sum(((one - usual) ** 2 for one in last), Decimal(0)) / rule.meses).sqrt()
    room = rule.sigmas * spread
    return _view("sigmas", now, usual, max(usual - room, Decimal(0)), usual + room, periods=rule.meses)


def _view(
    rule: str,
    now: Consumption,
    usual: Decimal,
    low: Decimal,
    high: Decimal,
    *,
    periods: int,
    percent: Decimal | None = None,
) -> DeviationView:
    change = ((now.cantidad - usual) / usual * 100).quantize(_UNIT, ROUND_HALF_EVEN) if usual else None
    return DeviationView(
        servicio=now.servicio,
        unidad=now.unidad,
        regla=rule,
        actual=now.cantidad,
        promedio=usual.quantize(_CENT, ROUND_HALF_EVEN),
        desde=low.quantize(_CENT, ROUND_HALF_EVEN),
        hasta=high.quantize(_CENT, ROUND_HALF_EVEN),
        cambio=None if change is None else int(change),
        porcentaje=None if percent is None else int(percent),
        periodos=periods,
        # On the limit itself is still within it: the norms say «greater than».
        sentido="alto" if now.cantidad > high else "bajo" if now.cantidad < low else "",
    )


def _too_young(now: Consumption, known: int, needed: int) -> DeviationView:
    return DeviationView(
        servicio=now.servicio, unidad=now.unidad, regla="sin_historia", actual=now.cantidad, periodos=known,
        faltan=needed - known,
    )  # fmt: skip
