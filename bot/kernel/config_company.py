"""Settings that describe the utility and the law it works under; their names are Spanish because staff edit them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Servicio = Literal["agua", "alcantarillado", "aseo", "energia", "gas"]
Dia = Literal["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "festivos"]

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_RADICADO_PARTS = re.compile(r"\{(A+|D+|N+)\}")
_RADICADO_DIGITS = 14

#: What an account number looks like where the company does not say.
ANY_ACCOUNT = r"^\d{5,12}$"


def span(franja: str) -> tuple[time, time]:
    """Return the opening and closing time of ``franja``, written ``HH:MM-HH:MM`` (24:00 closes at 23:59:59).

    Raises:
        ValueError: it is not written so, or closes before it opens.
    """
    found = _SPAN.fullmatch(franja)
    if found is None:
        message = "HH:MM-HH:MM, for example 08:00-12:00"
        raise ValueError(message)
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in found.groups())
    opens = time(first_hour, first_minute)
    if last_hour == 24:  # noqa: PLR2004 - the hour that ends a day
        if last_minute:
            message = "a closing time of 24:00 or earlier"
            raise ValueError(message)
        return opens, time(23, 59, 59)
    closes = time(last_hour, last_minute)
    if closes <= opens:
        message = "a closing time after the opening one, for example 08:00-12:00"
        raise ValueError(message)
    return opens, closes


def _checked_span(franja: str) -> str:
    span(franja)
    return franja


def _checked_regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"a regular expression ({error}), for example ^\\d{{5,12}}$"
        raise ValueError(message) from None
    return pattern


def _checked_radicado(template: str) -> str:
    parts = _RADICADO_PARTS.findall(template)
    rest = _RADICADO_PARTS.sub("", template)
    fits = (
        sum(len(part) for part in parts) + len(rest) == _RADICADO_DIGITS
        and rest.isdigit() | (not rest)
        and parts.count("AAAA") == 1
        and sum(part.startswith("N") for part in parts) == 1
    )
    if not fits:
        message = (
            "a template of 14 digits with {AAAA} (year), {DDD} (dependencia) and one {NNNNNN} (number of the year), "
            "for example {AAAA}{DDD}{NNNNNN}2"
        )
        raise ValueError(message)
    return template


Franja = Annotated[str, AfterValidator(_checked_span)]
Horario = dict[Dia, tuple[Franja, ...]]
Pattern = Annotated[str, AfterValidator(_checked_regex)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)]


class Section(BaseModel):
    """A block of settings: unknown keys are refused, values never change after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Lineas(Section):
    """Telephone lines that are told to people in danger or in need of a person."""

    general: Text = Field("123", examples=["123"])
    gas: Text = Field("164", examples=["164"])
    energia: Text = Field("115", examples=["115"])
    agua: Text = Field("116", examples=["116"])
    atencion: Text = Field("", min_length=0, examples=["606 000 0000"])


class Oficina(Section):
    """A place where people are attended, or pay; ``lat`` and ``lon`` in degrees, WGS 84.

    ``franjas`` are its hours by day, so that people can be told whether it is open; ``desde`` and ``hasta`` the days on
    which the place exists.
    """

    nombre: Text = Field(examples=["Oficina central"])
    tipo: Literal["atencion", "pago"] = Field("atencion", examples=["pago"])
    direccion: Text = Field(examples=["CL 10 # 5-20"])
    horario: Text = Field(examples=["lunes a viernes de 8:00 a. m. a 4:00 p. m."])
    lat: float | None = Field(None, ge=-90, le=90, examples=[4.2])
    lon: float | None = Field(None, ge=-180, le=180, examples=[-75.3])
    franjas: Horario = Field(default_factory=dict, examples=['{lunes: ["08:00-12:00"]}'])
    desde: date | None = Field(None, examples=["2026-01-01"])
    hasta: date | None = Field(None, examples=["2026-12-31"])

    def holds_on(self, day: date) -> bool:
        """Tell whether the place exists on ``day``."""
        return (self.desde is None or self.desde <= day) and (self.hasta is None or day <= self.hasta)


class Empresa(Section):
    """The utility: what citizens read about it."""

    nombre: Text = Field(examples=["Aguas del Valle Verde E.S.P."])
    nit: str = Field(pattern=r"^\d{9}-\d$", examples=['"900123456-8"'])
    sitio: WebAddress = Field(examples=["https://aguasdelvalleverde.example"])
    correo: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["atencion@aguasdelvalleverde.example"])
    politica_datos_url: WebAddress = Field(examples=["https://aguasdelvalleverde.example/datos"])
    municipio: Text = Field(examples=["Valle Verde"])
    dane: str = Field(pattern=r"^\d{5}$", examples=['"98765"'])
    direccion: Text = Field(examples=["CL 10 # 5-20"])
    servicios: tuple[Servicio, ...] = Field(min_length=1, examples=["[agua, alcantarillado]"])
    lineas: Lineas = Lineas()
    oficinas: tuple[Oficina, ...] = ()
    horario_atencion: Horario = Field(default_factory=dict, examples=['{lunes: ["08:00-12:00", "14:00-17:00"]}'])


def _weekdays() -> dict[Dia, tuple[Franja, ...]]:
    days: tuple[Dia, ...] = ("lunes", "martes", "miercoles", "jueves", "viernes")
    return dict.fromkeys(days, ("08:00-17:00",))


class Ley(Section):
    """The legal clock and the numbering of cases (Ley 142 art. 158, CPACA art. 14, AGN Acuerdo 060/2001 art. 5)."""

    horario_radicacion: Horario = Field(default_factory=_weekdays, examples=['{lunes: ["08:00-17:00"]}'])
    modo_fuera_horario: Literal["A", "B"] = Field("A", examples=["A"])
    sabado_habil: bool = Field(default=False, examples=["false"])
    plantilla_radicado: Annotated[str, AfterValidator(_checked_radicado)] = Field(
        "{AAAA}{DDD}{NNNNNN}2", examples=['"{AAAA}{DDD}{NNNNNN}2"']
    )
    dependencia: str = Field("001", pattern=r"^\d{1,6}$", examples=['"001"'])
    terminos: dict[str, Annotated[int, Field(ge=1, le=365)]] = Field(
        default_factory=dict, examples=["{INFO_DOCUMENTOS: 10}"]
    )
    alertas: tuple[Annotated[int, Field(ge=0, le=60)], ...] = Field((5, 2, 0), examples=["[5, 2, 0]"])
    regex_cuenta: dict[Servicio, Pattern] = Field(default_factory=dict, examples=["{agua: '^\\d{5,12}$'}"])
    retencion_anios: int = Field(5, ge=1, le=100, examples=["5"])
    festivos_extra: tuple[date, ...] = Field((), examples=["[2026-07-13]"])

    def account_pattern(self, servicio: str) -> str:
        """Return the pattern an account number of ``servicio`` must match in full."""
        return next((regex for name, regex in self.regex_cuenta.items() if name == servicio), ANY_ACCOUNT)


class Consentimiento(Section):
    """What people are asked to allow (Ley 1581/2012 arts. 9 and 12); each change of text needs a new ``version``."""

    version: Text = Field("2026-01", examples=['"2026-01"'])
