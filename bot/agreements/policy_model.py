"""The shape of ``dialogs/catalog/acuerdos.yml``: what the company may decide about agreements, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.kernel.catalog import Entry, Id, Text, Versioned

Percent = Annotated[Decimal, Field(ge=0, le=100)]
Pesos = Annotated[int, Field(ge=0, le=9_999_999_999)]
Count = Annotated[int, Field(ge=1, le=120)]
Signer = Literal["titular", "arrendatario"]
#: Where a person goes whom the assistant cannot give an agreement.
WayOut = Literal["pagar", "esperar", "asesor", "comite"]
#: What a rule may look at.
FactName = Literal[
    "deuda", "deuda_total", "en_reclamo", "facturas_vencidas", "dias_vencida", "acuerdos_abiertos", "incumplidos",
    "reacuerdos", "reclamos_sin_valor", "estrato", "uso",
]  # fmt: skip
_LONGEST_SENTENCE = 20


class Condition(Entry):
    """One comparison of a rule: exactly one of ``menor_que``, ``mayor_que`` and ``en``."""

    dato: FactName
    menor_que: int | None = None
    mayor_que: int | None = None
    en: tuple[str | int, ...] | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        if sum(one is not None for one in (self.menor_que, self.mayor_que, self.en)) != 1:
            message = "write exactly one of menor_que, mayor_que, en"
            raise ValueError(message)
        if self.dato == "uso" and self.en is None:
            message = "uso is a word: compare it with en: [residencial, …]"
            raise ValueError(message)
        return self


class Rule(Entry):
    """A reason for which the assistant itself gives no agreement, told kindly, with the way out."""

    id: Id
    cuando: tuple[Condition, ...] = Field(min_length=1)
    salida: WayOut
    texto: Text

    @model_validator(mode="after")
    def _readable(self) -> Rule:
        for sentence in self.texto.replace("?", ".").split("."):
            if len(sentence.split()) > _LONGEST_SENTENCE:
                message = f"texto has a sentence of more than {_LONGEST_SENTENCE} words: «{sentence.strip()[:60]}…»"
                raise ValueError(message)
        return self


class Profile(Entry):
    """What is asked of a use and stratum; empty ``usos`` or ``estratos`` fit all."""

    id: Id
    usos: tuple[Id, ...] = ()
    estratos: tuple[Annotated[int, Field(ge=1, le=6)], ...] = ()
    inicial_pct: Annotated[Decimal, Field(ge=0, le=50)]
    tasa_mensual_pct: Percent
    mora_anual_pct: Percent

    def fits(self, uso: str, estrato: int | None) -> bool:
        """Tell whether an account of that use and stratum has this profile."""
        return (not self.usos or uso in self.usos) and (not self.estratos or estrato in self.estratos)


class Counts(Entry):
    """How many instalments each may give, and which are shown."""

    bot: Count
    asesor: Count
    comite: Count
    ofrece: tuple[Count, ...] = Field(min_length=1, max_length=4)

    @model_validator(mode="after")
    def _ordered(self) -> Counts:
        if not self.bot <= self.asesor <= self.comite:
            message = "bot, asesor and comite must not fall: who decides more may give more"
            raise ValueError(message)
        beyond = [count for count in self.ofrece if count > self.bot]
        if beyond or list(self.ofrece) != sorted(set(self.ofrece)):
            message = f"ofrece must rise and stay at or below bot ({self.bot})"
            raise ValueError(message)
        return self


class Tenant(Entry):
    """What somebody who lives there on lease may sign."""

    con_autorizacion: bool
    plan_personal: bool


class Automatic(Entry):
    """Within all of these limits an agreement is approved at once; the rest is decided by the collection office."""

    deuda_maxima: Pesos
    cuotas_max: Annotated[int, Field(ge=0, le=120)]
    usos: tuple[Id, ...]
    quienes: tuple[Signer, ...]
    con_reacuerdo: bool
    con_proteccion: bool
    con_reclamo: bool


class Policy(Entry):
    """What the company grants from ``desde`` to ``hasta``."""

    id: Text
    desde: date
    hasta: date | None = None
    norma: Text
    redondeo: Annotated[int, Field(ge=1, le=1_000)]
    cuota_minima: Pesos
    tasa_tope_pct: Percent
    dias_de_pago: tuple[Annotated[int, Field(ge=1, le=28)], ...] = Field(min_length=1, max_length=3)
    dias_hasta_primera_cuota: Annotated[int, Field(ge=1, le=60)]
    dias_habiles_para_inicial: Annotated[int, Field(ge=1, le=30)]
    cuotas: Counts
    incumplidas: Annotated[int, Field(ge=1, le=12)]
    dias_de_gracia: Annotated[int, Field(ge=0, le=30)]
    meses_de_memoria: Annotated[int, Field(ge=1, le=60)]
    recordar_dias_antes: tuple[Annotated[int, Field(ge=0, le=15)], ...] = Field(max_length=3)
    arrendatario: Tenant
    perfiles: tuple[Profile, ...] = Field(min_length=1)
    reglas: tuple[Rule, ...]
    automatica: Automatic

    @model_validator(mode="after")
    def _whole(self) -> Policy:
        if self.hasta is not None and self.hasta < self.desde:
            message = f"hasta ({self.hasta}) is before desde ({self.desde})"
            raise ValueError(message)
        dear = [one.id for one in self.perfiles if one.tasa_mensual_pct > self.tasa_tope_pct]
        if dear:
            message = f"the rate of {', '.join(dear)} passes tasa_tope_pct ({self.tasa_tope_pct})"
            raise ValueError(message)
        last = self.perfiles[-1]
        if last.usos or last.estratos:
            message = "the last of perfiles must fit every account: leave its usos and estratos empty"
            raise ValueError(message)
        for what, names in (("perfiles", self.perfiles), ("reglas", self.reglas)):
            ids = [one.id for one in names]
            if len(set(ids)) < len(ids):
                message = f"two of {what} have the same id"
                raise ValueError(message)
        return self


class PolicyFile(Versioned):
    """``acuerdos.yml``."""

    politicas: tuple[Policy, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> PolicyFile:
        ordered = sorted(self.politicas, key=lambda one: one.desde)
        for earlier, later in pairwise(ordered):
            if earlier.hasta is None or earlier.hasta >= later.desde:
                message = f"{earlier.id} and {later.id} hold on the same days: close {earlier.id} with hasta"
                raise ValueError(message)
        return self
