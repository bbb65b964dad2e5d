"""Settings for tests: the embedded defaults in mode ``test``, with a data folder of their own."""

from __future__ import annotations

from pathlib import Path

from bot.kernel.config import Settings, load_settings

ROOT = Path(__file__).parents[2]


def make_settings(folder: Path, **environment: str) -> Settings:
    """Return the settings of ``config.yaml`` for a test that keeps its things in ``folder``."""
    return load_settings(
        ROOT / "config.yaml", env={"ATIENDE_MODE": "test", "ATIENDE_DATA_DIR": str(folder), **environment}
    )
