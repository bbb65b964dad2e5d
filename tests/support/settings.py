"""Settings for tests: the embedded defaults in mode ``test``, with a data folder of their own."""

from __future__ import annotations

from pathlib import Path

from bot.kernel.config import Settings, load_settings
from bot.model_file import fresh_model

ROOT = Path(__file__).parents[2]


def with_model(settings: Settings) -> Settings:
    """Return ``settings`` with the trained model of this checkout, training it first if its examples changed."""
    shared = settings.model_copy(
        update={"nlu": settings.nlu.model_copy(update={"modelo": ROOT / "var" / "modelo.npz"})}
    )
    fresh_model(shared)
    return shared


def make_settings(folder: Path, **environment: str) -> Settings:
    """Return the settings of ``config.yaml`` for a test that keeps its things in ``folder``; nobody waits for bursts."""
    settings = load_settings(
        ROOT / "config.yaml", env={"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(folder), **environment}
    )
    at_once = settings.atencion.rafaga.model_copy(update={"espera_s": 0.0})
    return settings.model_copy(update={"atencion": settings.atencion.model_copy(update={"rafaga": at_once})})
