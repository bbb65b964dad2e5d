"""A small fake of the door to agreements: one debt, terms that the test may change, an agreement or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from dialogs.actions.ports import AgreementView, ChoiceView, DebtView, FinancedView, OfferView, OwedBill, ProspectView

CUENTA = "1000019"
DEBT = DebtView(
    cuenta=CUENTA,
    bills=(
        OwedBill(
            servicio="agua", periodo="2026-10", numero="F1", vence_on=date(2026, 10, 21), valor=480_000, vencida=True
        ),
    ),
    as_of=datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
)


@dataclass
class Agreements:
    """Offers 3, 6 and 12 instalments of 480.000 pesos; ``figure`` changes the terms."""

    can: bool = True
    figure: int = 96_000
    found: AgreementView | None = None
    by_parts: FinancedView | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def prospect(self, cuenta: str, debt: DebtView) -> ProspectView | None:
        return ProspectView(
            puede=self.can,
            motivo="" if self.can else "Su factura todavía no está vencida.",
            salida="" if self.can else "pagar",
            deuda=debt.total,
            en_reclamo=0,
            inicial=self.figure,
            tasa="0",
            opciones=tuple(
                ChoiceView(cuotas=n, valor=384_000 // n, ultima=384_000 // n, interes=0) for n in (3, 6, 12)
            ),
            mas=12,
            de_asesor=24,
            dias=(5, 20),
            arriendo_personal=True,
        )

    async def offer(
        self, cuenta: str, debt: DebtView, cuotas: int, *, dia: int | None, firma: str, autorizado: bool, cuidado: bool
    ) -> Any:
        self.asked.append({"cuotas": cuotas, "dia": dia, "firma": firma, "autorizado": autorizado, "cuidado": cuidado})
        if cuotas > 12:
            return "muchas"
        return OfferView(
            cuotas=cuotas,
            valor=384_000 // cuotas,
            ultima=384_000 // cuotas,
            inicial=self.figure,
            primera_on="2026-12-21",
            interes=0,
            total=480_000,
            terminos={"inicial": self.figure, "cuotas": cuotas},
            debe={"total": debt.total, "vencidas": 1, "dias": 33},
            texto=f"Acuerdo por {cuotas} cuotas, inicial {self.figure}",
        )

    async def for_purse(self, cuenta: str, debt: DebtView, al_mes: int) -> Any:
        return "imposible" if al_mes < 10_000 else -(-384_000 // al_mes)

    async def of_account(self, cuenta: str) -> AgreementView | None:
        return self.found

    async def financed(self, cuenta: str, debt: DebtView) -> FinancedView | None:
        return self.by_parts
