"""Reads the rules of bills and the ways to pay, and says which of them hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.billing.rules_model import RulesFile, WaysFile
from bot.kernel.catalog import home_of, read_file
from bot.kernel.errors import CatalogError

if TYPE_CHECKING:
    from datetime import date

    from bot.billing.rules_model import Way
    from bot.kernel.config import Settings

RULES, WAYS = "facturacion.yml", "pagos.yml"
FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


@dataclass(frozen=True, slots=True)
class BillingRules:
    """Both files of the catalog."""

    bills: RulesFile
    pay: WaysFile

    def ways(self, day: date) -> tuple[Way, ...]:
        """Return the ways to pay that hold on ``day``."""
        return tuple(way for way in self.pay.medios if way.desde <= day and (way.hasta is None or day <= way.hasta))


@lru_cache(maxsize=8)
def load(rules: Path = FOLDER, ways: Path = FOLDER) -> BillingRules:
    """Read both files of their folders, once in the life of the process.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    problems: list[str] = []
    bills = read_file(rules / RULES, RulesFile, problems)
    pay = read_file(ways / WAYS, WaysFile, problems)
    if bills is None or pay is None:
        raise CatalogError(problems)
    return BillingRules(bills, pay)


def of_settings(settings: Settings) -> BillingRules:
    """Read the files of the installation, or those that come with the program where it has none of its own.

    Raises:
        CatalogError: as ``load``.
    """
    return load(*(home_of(name, settings.dialogos.carpeta, FOLDER) for name in (RULES, WAYS)))
