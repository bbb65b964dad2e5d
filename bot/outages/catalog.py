"""The catalog of faults and places: what can be reported of which service, and what lies beyond our ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.kernel.catalog import Entry, Id, Text, Versioned, read_file
from bot.kernel.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The catalog that comes with Atiende.
FOLDER = Path(__file__).parents[2] / "dialogs" / "catalog"


class Fault(Entry):
    """A kind of fault: the services it may be of, and how people speak of it."""

    servicios: tuple[Id, ...]
    palabras: tuple[Text, ...] = ()


class FaultsFile(Versioned):
    """``danos.yml``: kinds of faults, and words that say that somebody depends on the service."""

    criticos: tuple[Text, ...]
    danos: Mapping[Id, Fault]


class TerritoryFile(Versioned):
    """``territorio.yml``: a rough outline of the country (longitude, latitude) and names of towns."""

    contorno: tuple[tuple[float, float], ...]
    municipios: tuple[Text, ...]

    @property
    def outline(self) -> Mapping[str, Any]:
        """The outline as a GeoJSON polygon."""
        return {"type": "Polygon", "coordinates": [[list(corner) for corner in self.contorno]]}


@dataclass(frozen=True)
class Catalog:
    """Both files."""

    faults: FaultsFile
    territory: TerritoryFile

    @cached_property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Every phrase of the faults with its kind, the longest first."""
        pairs = ((phrase, kind) for kind, fault in self.faults.danos.items() for phrase in fault.palabras)
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    def service_of(self, kind: str, served: Iterable[str]) -> str:
        """Return the one service that a kind of fault is of, or an empty text when it may be of several."""
        fault = self.faults.danos.get(kind)
        names = [name for name in (fault.servicios if fault else ()) if name in set(served)]
        return names[0] if len(names) == 1 else ""


def load(folder: Path = FOLDER) -> Catalog:
    """Read both files.

    Raises:
        CatalogError: with every problem, its file and line.
    """
    problems: list[str] = []
    faults = read_file(folder / "danos.yml", FaultsFile, problems)
    territory = read_file(folder / "territorio.yml", TerritoryFile, problems)
    if faults is None or territory is None:
        raise CatalogError(problems)
    return Catalog(faults, territory)
