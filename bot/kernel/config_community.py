"""The settings of the neighbourhood: what may be counted, who confirms a work, how far ahead times are given."""

from __future__ import annotations

from pydantic import Field

from bot.kernel.config_company import Section


class Comunidad(Section):
    """Leaders, works and the consultorio comunal."""

    minimo_agregado: int = Field(5, ge=2, le=1_000, examples=["5"])
    vecinos_confirman: int = Field(3, ge=1, le=1_000, examples=["3"])
    dias_agenda: int = Field(30, ge=1, le=366, examples=["30"])
    recordar_turno_h: int = Field(24, ge=1, le=240, examples=["24"])
    preguntar_h: int = Field(72, ge=1, le=720, examples=["72"])
