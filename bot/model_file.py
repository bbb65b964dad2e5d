"""The file of the trained model: made again, in a process of its own, whenever the examples change."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from bot.kernel.errors import ModelError

if TYPE_CHECKING:
    from bot.kernel.config import Settings


def is_fresh(settings: Settings) -> bool:
    """Tell whether the model file was trained from the examples as they are now."""
    from bot.nlu.data import fingerprint
    from bot.nlu.model import card_of

    card = card_of(settings.nlu.modelo)
    return card is not None and card.data_sha256 == fingerprint(settings.nlu.datos)


def fresh_model(settings: Settings) -> str:
    """Train if the examples changed since the file was made; return what was done, for people, or an empty text.

    Training loads scikit-learn; its own process keeps that out of the memory of the service.

    Raises:
        ModelError: training failed; the text says why.
    """
    if is_fresh(settings):
        return ""
    settings.nlu.modelo.parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "bot", "train", "--data", str(settings.nlu.datos), "--out", str(settings.nlu.modelo),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    if done.returncode != 0:
        raise ModelError(f"training failed:\n{done.stderr.strip()[-2000:]}")
    return "Modelo de comprensión entrenado."
