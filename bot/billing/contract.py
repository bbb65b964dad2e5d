"""The JSON in which bills travel: what a billing system answers over HTTP, and what a document keeps to be drawn.

docs/how-to/connect-billing.md is its description for whoever builds the other side.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dialogs.actions.ports import BillLine, BillView, Consumption, DebtView, OwedBill

#: Whole pesos; no bill of a home or a firm reaches a million millions.
Pesos = Annotated[int, Field(ge=-(10**12), le=10**12, strict=True)]
Owed = Annotated[int, Field(ge=0, le=10**12, strict=True)]
Period = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Word = Annotated[str, Field(max_length=200)]
Quantity = Annotated[Decimal, Field(ge=0, le=10**9)]
Service = Literal["agua", "alcantarillado", "aseo", "energia", "gas"]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ConsumptionDocument(_Document):
    """How much was used in a period."""

    servicio: Service
    periodo: Period
    cantidad: Quantity
    unidad: Literal["m3", "kWh"]
    dias: Annotated[int, Field(ge=1, le=400)] | None = None
    desde_on: date | None = None
    hasta_on: date | None = None
    lectura_anterior: Quantity | None = None
    lectura_actual: Quantity | None = None
    causa: Word = ""

    def view(self) -> Consumption:
        """Return it as actions see it."""
        return Consumption(**_fields(self))


class LineDocument(_Document):
    """One line of a bill."""

    concepto: Annotated[str, Field(min_length=1, max_length=120)]
    valor: Pesos


class BillDocument(_Document):
    """A bill as it was issued."""

    cuenta: Word
    servicio: Service
    periodo: Period
    numero: Word
    emitida_on: date
    vence_on: date
    total: Owed
    saldo: Owed
    pagada_on: date | None = None
    titular: Word = ""
    direccion: Word = ""
    estrato: Annotated[int, Field(ge=1, le=6)] | None = None
    uso: Word = ""
    lineas: Annotated[tuple[LineDocument, ...], Field(max_length=40)] = ()
    consumo: ConsumptionDocument | None = None

    def view(self) -> BillView:
        """Return it as actions see it."""
        return BillView(
            **{
                **_fields(self),
                "lineas": tuple(BillLine(concepto=line.concepto, valor=line.valor) for line in self.lineas),
                "consumo": self.consumo.view() if self.consumo else None,
            }
        )


class OwedDocument(_Document):
    """A bill with something left to pay."""

    servicio: Service
    periodo: Period
    numero: Word
    vence_on: date
    valor: Owed


class DebtDocument(_Document):
    """What an account owes at ``al_momento``."""

    cuenta: Word
    al_momento: AwareDatetime
    suspendida: bool = False
    facturas: Annotated[tuple[OwedDocument, ...], Field(max_length=200)] = ()

    def view(self, today: date) -> DebtView:
        """Return it as actions see it; what fell due before ``today`` (in Bogotá) is overdue."""
        bills = tuple(OwedBill(**_fields(bill), vencida=bill.vence_on < today) for bill in self.facturas if bill.valor)
        return DebtView(
            cuenta=self.cuenta,
            bills=tuple(sorted(bills, key=lambda bill: (bill.vence_on, bill.servicio))),
            as_of=self.al_momento,
            suspendida=self.suspendida,
        )


class BillsDocument(_Document):
    """The last bills of an account."""

    facturas: Annotated[tuple[BillDocument, ...], Field(max_length=200)]


class ConsumptionsDocument(_Document):
    """The last consumptions of an account."""

    consumos: Annotated[tuple[ConsumptionDocument, ...], Field(max_length=400)]


def _fields(document: BaseModel) -> dict[str, Any]:
    return {name: getattr(document, name) for name in type(document).model_fields}
