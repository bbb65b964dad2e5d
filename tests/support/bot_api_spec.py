"""The Bot API as its own machine-readable description says it is: an oracle that nobody here wrote.

``/shared/fixtures/telegram/bot_api.json`` is found beside the repository or by ``ATIENDE_FIXTURES``.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_FILE = Path("telegram", "bot_api.json")
_CALLBACK_BYTES = 64
_TEXT_UNITS = 4096
_CAPTION_UNITS = 1024
_SIMPLE = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "False": lambda value: value is False,
}


def fixtures_folder() -> Path | None:
    """Return the folder of shared fixtures, or None when this machine has none."""
    named = os.environ.get("ATIENDE_FIXTURES")
    folders = [Path(named)] if named else []
    folders.append(Path(__file__).resolve().parents[2].parent / "shared" / "fixtures")
    return next((folder for folder in folders if (folder / _FILE).is_file()), None)


def bot_api() -> BotApi:
    """Return the description, or skip the test and say why: for tests of the oracle itself."""
    found = bot_api_if_here()
    if found is None:
        pytest.skip("the Bot API's description is not here (../shared/fixtures, or set ATIENDE_FIXTURES)")
    return found


def bot_api_if_here() -> BotApi | None:
    """Return the description, or None: for tests that are worth something without it, too."""
    folder = fixtures_folder()
    return None if folder is None else _load(folder / _FILE)


@cache
def _load(path: Path) -> BotApi:
    document = json.loads(path.read_text(encoding="utf-8"))
    return BotApi(methods=document["methods"], types=document["types"])


@dataclass(frozen=True)
class BotApi:
    """Methods and types; every check returns problems as sentences, none when all is well."""

    methods: dict[str, Any]
    types: dict[str, Any]

    def check_request(self, method: str, fields: dict[str, str], files: dict[str, bytes]) -> list[str]:
        """Check a call as it came over the wire: form fields as text, files apart."""
        known = self.methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        described = {field["name"]: field for field in known.get("fields", ())}
        problems = [
            f"{method}: {name} is required"
            for name, field in described.items()
            if field["required"] and name not in fields and name not in files
        ]
        for name, text in fields.items():
            if name not in described:
                problems.append(f"{method}: no parameter {name}")
                continue
            problems += self._check_field(method, described[name], text, files)
        problems += [
            f"{method}: file {name} belongs to no parameter"
            for name in files
            if name not in described and f"attach://{name}" not in fields.values()
        ]
        return problems + _check_lengths(method, fields)

    def check_result(self, method: str, result: Any) -> list[str]:
        """Check the ``result`` of a successful answer."""
        return self.check(result, self.methods[method]["returns"], method)

    def check_update(self, update: Any) -> list[str]:
        """Check an update that the fake hands out."""
        return self.check(update, ["Update"], "update")

    def check(self, value: Any, types: list[str], where: str) -> list[str]:
        """Check a JSON value against alternatives; the problems are those of the nearest one."""
        best: list[str] | None = None
        for name in types:
            problems = self._check_type(value, name, where)
            if not problems:
                return []
            if best is None or len(problems) < len(best):
                best = problems
        return best or [f"{where}: no type"]

    def _check_type(self, value: Any, name: str, where: str) -> list[str]:
        if name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is not a list"]
            inner = name.removeprefix("Array of ")
            return [problem for at, item in enumerate(value) for problem in self.check(item, [inner], f"{where}[{at}]")]
        if name in _SIMPLE:
            return [] if _SIMPLE[name](value) else [f"{where}: {value!r} is not {name}"]
        if name == "InputFile":
            return [] if isinstance(value, str) and value.startswith("attach://") else [f"{where}: not a file"]
        described = self.types[name]
        if "subtypes" in described:
            return self.check(value, described["subtypes"], where)
        return self._check_object(value, described, where)

    def _check_object(self, value: Any, described: dict[str, Any], where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is not a {described['name']}"]
        fields = {field["name"]: field for field in described.get("fields", ())}
        problems = [
            f"{where}: {described['name']} lacks {name}"
            for name, field in fields.items()
            if field["required"] and name not in value
        ]
        for name, inner in value.items():
            if name not in fields:
                problems.append(f"{where}: {described['name']} has no field {name}")
            else:
                problems += self.check(inner, fields[name]["types"], f"{where}.{name}")
        data = value.get("callback_data")
        if isinstance(data, str) and not 1 <= len(data.encode()) <= _CALLBACK_BYTES:
            problems.append(f"{where}: callback_data has {len(data.encode())} bytes, 1 to 64 are allowed")
        return problems

    def _check_field(self, method: str, field: dict[str, Any], text: str, files: dict[str, bytes]) -> list[str]:
        where = f"{method}.{field['name']}"
        if "InputFile" in field["types"] and text.startswith("attach://"):
            return [] if text.removeprefix("attach://") in files else [f"{where}: {text} was not uploaded"]
        if "String" in field["types"]:
            return []
        try:
            value = json.loads(text)
        except ValueError:
            return [f"{where}: {text!r} is not JSON"]
        return self.check(value, field["types"], where)


def _check_lengths(method: str, fields: dict[str, str]) -> list[str]:
    problems = []
    for name, limit in (("text", _TEXT_UNITS), ("caption", _CAPTION_UNITS)):
        words = fields.get(name)
        if method.startswith("send") and words is not None:
            plain = _without_markup(words) if fields.get("parse_mode") == "HTML" else words
            units = len(plain.encode("utf-16-le")) // 2
            if not 1 <= units <= limit:
                problems.append(f"{method}.{name}: {units} UTF-16 units, 1 to {limit} are allowed")
    return problems


def _without_markup(text: str) -> str:
    import html
    import re

    return html.unescape(re.sub(r"<[^<>]+>", "", text))
