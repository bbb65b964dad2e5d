"""Reads the Spanish texts of pages and errors, which staff edit in ``dialogs/catalog/web.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

import dialogs

#: Where the texts live.
TEXTS = Path(dialogs.__file__).with_name("catalog") / "web.yml"


@cache
def load_texts(path: Path = TEXTS) -> dict[str, Any]:
    """Return the texts kept in ``path``; read once per process."""
    with path.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return document
