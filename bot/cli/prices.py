"""What messages cost at their provider, as lines for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.templates import TariffEntry
    from storage.repos.providers import PriceCount


def price_lines(counts: Sequence[PriceCount], tariffs: TariffEntry) -> list[str]:
    """Return a line for each category and, where prices are written down, their sum; a message is charged on delivery."""
    lines = []
    total, is_whole = 0.0, True
    for category in sorted({one.category for one in counts}):
        own = [one for one in counts if one.category == category]
        told = sum(one.many for one in own)
        charged = sum(one.many for one in own if one.billable and one.delivered)
        price = tariffs.precios.get(category)  # type: ignore[call-overload]  # any word may come from the provider
        cost = "" if price is None else f" = {charged * price:,.2f} {tariffs.moneda}"
        lines.append(f"{category or 'sin categoría'}: {told} mensajes, {charged} cobrados{cost}")
        total += charged * (price or 0.0)
        is_whole = is_whole and (price is not None or not charged)
    if not lines:
        return ["El proveedor no ha dicho precios: en esos días no ha informado de ningún mensaje entregado."]
    if tariffs.precios:
        lines.append(f"Total: {total:,.2f} {tariffs.moneda}" + ("" if is_whole else ", sin las categorías sin precio"))
    return lines


def estimate(many: int, category: str, tariffs: TariffEntry) -> str:
    """Return what ``many`` messages of a category cost at most, or that their price is not written down."""
    price = tariffs.precios.get(category.lower())  # type: ignore[call-overload]  # as above
    if price is None:
        return f"{many} por WhatsApp, categoría {category}: su precio no está en plantillas/precios.yml."
    return f"{many} por WhatsApp, categoría {category}: hasta {many * price:,.2f} {tariffs.moneda}."
