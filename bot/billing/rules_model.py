"""The shape of ``facturacion.yml`` and ``pagos.yml``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.kernel.catalog import Entry, Id, Text, Versioned, Wording

Percent = Annotated[Decimal, Field(gt=0, le=1_000)]
Quantity = Annotated[Decimal, Field(gt=0, le=10**6)]
Stratum = Annotated[int, Field(ge=1, le=6)]


class Threshold(Entry):
    """Against the average of the last periods: so much per cent up or down is out of the usual."""

    regla: Literal["umbral"]
    periodos: Annotated[int, Field(ge=1, le=24)]
    periodos_bimestrales: Annotated[int, Field(ge=1, le=12)]
    corte: Quantity
    porcentaje_desde_corte: Percent
    porcentaje_bajo_corte: Percent
    nuevo_desde: Quantity
    nuevo_hasta: Quantity
    promedio_por_estrato: dict[Stratum, Quantity] = Field(default_factory=dict)
    norma: Text


class Sigmas(Entry):
    """Outside the mean of the last months plus or minus so many standard deviations."""

    regla: Literal["sigmas"]
    meses: Annotated[int, Field(ge=3, le=36)]
    sigmas: Annotated[Decimal, Field(gt=0, le=10)]
    norma: Text


class ChartWords(Entry):
    """Words of the chart of consumption."""

    titulo: Wording
    unidad: Wording
    promedio: Wording
    estimado: Text


class DuplicateWords(Entry):
    """Words of the duplicate of a bill."""

    titulo: Text
    numero: Wording
    nit: Wording
    a_pagar: Text
    saldo: Wording
    pagar_hasta: Wording
    vencida: Wording
    pagada: Wording
    pagada_sin_fecha: Text
    datos: Text
    titular: Text
    direccion: Text
    cuenta: Text
    estrato: Text
    estrato_valor: Wording
    servicio: Text
    periodo: Text
    periodo_valor: Wording
    entre: Wording
    dias: Wording
    emitida: Text
    consumo: Text
    lectura_anterior: Text
    lectura_actual: Text
    cantidad: Text
    causa: Text
    sin_lectura: Text
    ultimos: Text
    detalle: Text
    subsidio: Text
    total: Text
    medios: Text
    reclamo: Text
    hecho: Wording
    pie: Wording


class RulesFile(Versioned):
    """What ``facturacion.yml`` says."""

    desviacion: dict[Literal["agua", "energia", "gas"], Annotated[Threshold | Sigmas, Field(discriminator="regla")]]
    reconexion_horas: Annotated[int, Field(ge=1, le=240)]
    revision_pago_dias: Annotated[int, Field(ge=1, le=30)]
    dias_normales: Annotated[int, Field(ge=28, le=70)]
    unidades: dict[Literal["m3", "kWh"], Text]
    servicios: dict[Literal["agua", "alcantarillado", "aseo", "energia", "gas"], Text]
    grafica: ChartWords
    duplicado: DuplicateWords


class Way(Entry):
    """A way to pay, from ``desde`` to ``hasta`` (both included)."""

    id: Id
    clase: Literal["virtual", "punto"]
    nombre: Text
    detalle: Text
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)] | None = None
    desde: date
    hasta: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Way:
        if self.hasta is not None and self.hasta < self.desde:
            message = "hasta is before desde"
            raise ValueError(message)
        return self


class WaysFile(Versioned):
    """What ``pagos.yml`` says."""

    medios: tuple[Way, ...]
