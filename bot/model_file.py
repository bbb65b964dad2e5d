"""The file of the trained model: made again, in a process of its own, whenever the examples or the features change."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kernel.errors import ModelError

if TYPE_CHECKING:
    from bot.kernel.config import Settings


def is_fresh(settings: Settings) -> bool:
    """Tell whether the model file was made from the examples, and by the code, that are here now."""
    stamp = _stamp_file(settings)
    return settings.nlu.modelo.exists() and stamp.exists() and stamp.read_text() == _stamp(settings.nlu.datos)


def fresh_model(settings: Settings) -> str:
    """Train if the model is not fresh; return what was done, for people, or an empty text.

    Of several processes that ask at once, one trains and the others wait for its model.
    Training loads scikit-learn; its own process keeps that out of the memory of the service.

    Raises:
        ModelError: training failed; the text says why.
    """
    if is_fresh(settings):
        return ""
    settings.nlu.modelo.parent.mkdir(parents=True, exist_ok=True)
    with settings.nlu.modelo.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return "" if is_fresh(settings) else _train(settings)


def _train(settings: Settings) -> str:
    stamp = _stamp(settings.nlu.datos)
    command = [
        sys.executable, "-m", "bot", "train", "--data", str(settings.nlu.datos), "--out", str(settings.nlu.modelo),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    if done.returncode != 0:
        raise ModelError(f"training failed:\n{done.stderr.strip()[-2000:]}")
    _stamp_file(settings).write_text(stamp)
    return "Modelo de comprensión entrenado."


def _stamp_file(settings: Settings) -> Path:
    return settings.nlu.modelo.with_suffix(".stamp")


def _stamp(data: Path) -> str:
    """Return a hash of the bytes of every example file and of the code that turns them into features."""
    code = Path(__file__).parent / "nlu"
    # Held-out sentences and the code that measures with them make no other model.
    made_of = [path for path in sorted(data.rglob("*.yml")) if "tests" not in path.relative_to(data).parts]
    made_by = [path for path in sorted(code.rglob("*.py")) if path.parent.name != "evaluation"]
    total = hashlib.sha256()
    for path in [*made_of, *made_by]:
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()
