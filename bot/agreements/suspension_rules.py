"""Reads ``suspension.yml``: from when an account may be suspended for non-payment, and when not."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from bot.kernel.catalog import Text, Versioned, home_of, read_whole

if TYPE_CHECKING:
    from bot.kernel.config import Settings

NAME = "suspension.yml"
FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


class SuspensionRules(Versioned):
    """What ``suspension.yml`` says; never more than three periods (Ley 142 art. 140)."""

    periodos_vencidos: Annotated[int, Field(ge=1, le=3)]
    dias_de_aviso: Annotated[int, Field(ge=1, le=60)]
    respetar_descanso: bool
    usos_protegidos: tuple[Text, ...]


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> SuspensionRules:
    """Read the file of ``folder``, once in the life of the process.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    return read_whole(folder / NAME, SuspensionRules)


def of_settings(settings: Settings) -> SuspensionRules:
    """Read the file of the installation, or the one that comes with the program where it has none of its own.

    Raises:
        CatalogError: as ``load``.
    """
    return load(home_of(NAME, settings.dialogos.carpeta, FOLDER))
