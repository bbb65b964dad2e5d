"""The key that seals personal data: taken from the environment, or born once in the data folder of a demo."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.kernel.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.kernel.config_model import Settings

KEY_FILE = "data.key"


def data_key_text(settings: Settings, generate: Callable[[], str]) -> str:
    """Return the text of the key ring: the setting ``data_key``, or the file ``data.key`` in the data folder.

    In demo and test the file is made with ``generate`` if it does not exist (mode 600); when two processes start at
    once, both use the one that was first.

    Raises:
        ConfigError: production without ``data_key``, or a key file that is empty or that others may read.
    """
    if settings.data_key is not None:
        return settings.data_key.get_secret_value()
    if settings.is_production:
        message = "data_key: is missing; production needs the key in the environment, for example ${ATIENDE_DATA_KEY}"
        raise ConfigError([message])
    path = settings.data_dir / KEY_FILE
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = settings.data_dir / f".{KEY_FILE}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{generate()}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigError([f"{path}: others may read this key; allow only the owner, for example chmod 600 {path}"])
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        raise ConfigError(
            [f"{path}: the key file is empty; restore it from your backup, data cannot be read without it"]
        )
    return text
