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
#: What people read for an id, in the chat and here: one word for one thing.
_LABELS = Path("domain", "responses", "es", "etiquetas.yml")
_LABEL = "etiqueta."


def catalog_in(folder: Path) -> Path:
    """Return the catalog of the dialogs in ``folder``, or ours when it has no texts for the web."""
    own = folder / "catalog"
    return own if (own / _TEXTS).is_file() else CATALOG


def load_texts(catalog: Path = CATALOG) -> dict[str, Any]:
    """Return the texts of the web in ``catalog``; read once per process."""
    return _read(catalog / _TEXTS)


def load_labels(catalog: Path = CATALOG) -> dict[str, str]:
    """Return what the chat beside ``catalog`` says for each id of a kind, service or state: ``{en_tramite: En trámite}``."""
    own = catalog.parent / _LABELS
    responses = _read(own if own.is_file() else CATALOG.parent / _LABELS)["responses"]
    return {name.removeprefix(_LABEL): said[0]["text"] for name, said in responses.items() if name.startswith(_LABEL)}


@cache
def _read(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return document
