"""Settings of outages and reports of faults."""

from __future__ import annotations

from pydantic import Field

from bot.kernel.config_company import Section


class Cortes(Section):
    """When reports are near to each other, when they look like an outage, and when we promise news."""

    radio_m: int = Field(150, ge=10, le=2_000, examples=["150"])
    vigencia_h: int = Field(72, ge=1, le=720, examples=["72"])
    umbral_reportes: int = Field(3, ge=2, le=1_000, examples=["3"])
    umbral_min: int = Field(30, ge=1, le=1_440, examples=["30"])
    noticia_min: int = Field(120, ge=10, le=2_880, examples=["120"])
