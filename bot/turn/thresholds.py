"""How sure the engine must be, as the company set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.engine.decide import Thresholds

if TYPE_CHECKING:
    from bot.kernel.config import Settings


def thresholds_of(settings: Settings) -> Thresholds:
    """Return the thresholds of ``settings``; those that are not settings keep their defaults."""
    sure = settings.nlu.umbrales
    return Thresholds(
        start=sure.intencion,
        digress=sure.cambio,
        margin=sure.margen,
        free_text=sure.interrupcion,
        out_of_scope=sure.fuera_de_alcance,
    )
