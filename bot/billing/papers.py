"""Draws what a sealed paper says: the duplicate of a bill and the chart of consumption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.billing import bill_pdf, chart
from bot.billing.contract import BillDocument, ConsumptionDocument

if TYPE_CHECKING:
    from bot.billing.rules import BillingRules
    from bot.kernel.config import Settings

Draw = Callable[[Mapping[str, Any]], bytes]


def makers(rules: BillingRules, settings: Settings) -> dict[str, Draw]:
    """Return kind of paper → what draws its content.

    ``factura`` holds ``{"factura", "consumos", "hecho_at"}``, ``grafica`` ``{"consumos"}`` (newest first), in the JSON of
    ``bot.billing.contract``.
    """
    company = settings.empresa
    issuer = bill_pdf.Issuer(
        company.nombre, company.nit, f"{company.direccion}, {company.municipio}", company.lineas.atencion
    )

    def factura(content: Mapping[str, Any]) -> bytes:
        bill = BillDocument.model_validate(content["factura"]).view()
        made_at = datetime.fromisoformat(content["hecho_at"])
        return bill_pdf.draw(bill, _used(content), rules=rules, issuer=issuer, made_at=made_at)

    def grafica(content: Mapping[str, Any]) -> bytes:
        return chart.draw(_used(content), rules=rules.bills)

    return {"factura": factura, "grafica": grafica}


def _used(content: Mapping[str, Any]) -> list[Any]:
    return [ConsumptionDocument.model_validate(each).view() for each in content["consumos"]]
