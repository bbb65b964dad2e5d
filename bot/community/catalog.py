"""The roles of leaders and the kinds of interventions, read from ``dialogs/catalog/comunidad.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.community.errors import CommunityError
from bot.kernel.catalog import Entry, Id, Text, Versioned, read_file

FILE = Path(__file__).parents[2] / "dialogs" / "catalog" / "comunidad.yml"


class Role(Entry):
    """A role: the longest term in years (None: no limit) and the document that proves it."""

    anios: int | None
    acto: Text


class Catalog(Versioned):
    """The whole file."""

    roles: Mapping[Id, Role]
    tipos: tuple[Id, ...]


@cache
def load(path: Path = FILE) -> Catalog:
    """Return the catalog.

    Raises:
        CommunityError: the file is wrong; the text has every problem with its line.
    """
    problems: list[str] = []
    found = read_file(path, Catalog, problems)
    if found is None or problems:
        raise CommunityError("\n".join(problems))
    return found
