"""The attack corpus as data: texts, planted personal data, hostile files, broken YAML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def _read(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)


def texts() -> dict[str, str]:
    """Return every hostile text by its name."""
    return {name: entry["text"] * entry.get("times", 1) for name, entry in _read("texts.yml").items()}


def planted() -> dict[str, str]:
    """Return invented personal data by kind."""
    return dict(_read("planted.yml"))


def broken_yaml() -> dict[str, bytes]:
    """Return the bytes of files that no command may stumble over, by name."""
    made = {}
    for name, entry in _read("broken.yml").items():
        text = entry["text"] * entry.get("times", 1)
        text += entry.get("after_text", "") * entry.get("after_times", 0) + entry.get("end", "")
        made[name] = text.encode()
    return {
        **made,
        "not_utf8": "versión: 3".encode("latin-1"),
        "utf16": "version: 3".encode("utf-16"),
        "binary": bytes(range(256)) * 8,
        "large": b"a: " + b"x" * 1_200_000,
    }
