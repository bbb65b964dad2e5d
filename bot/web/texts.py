"""Reads the Spanish texts of pages and errors, which staff edit in ``dialogs/catalog/web.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

import dialogs

#: The catalog that comes with us; an installation may have its own (``dialogos.carpeta``).
CATALOG = Path(dialogs.__file__).with_name("catalog")
_TEXTS = "web.yml"
#: The names of states and services are the law's own and live with the constancia.
_NAMES = "constancia.yml"


def catalog_in(folder: Path) -> Path:
    """Return the catalog of the dialogs in ``folder``, or ours when it has no texts for the web."""
    own = folder / "catalog"
    return own if (own / _TEXTS).is_file() and (own / _NAMES).is_file() else CATALOG


def load_texts(catalog: Path = CATALOG) -> dict[str, Any]:
    """Return the texts of the web in ``catalog``; read once per process."""
    return _read(catalog / _TEXTS)


def legal_names(key: str, catalog: Path = CATALOG) -> dict[str, str]:
    """Return the names for people under ``key`` (``estados``, ``servicios``) of the constancia, ids in lower case."""
    return {name.lower(): words for name, words in _read(catalog / _NAMES)[key].items()}


@cache
def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return document
