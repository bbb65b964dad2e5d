"""What Meta itself says that a message looks like: the examples inside its OpenAPI document, an oracle nobody here wrote.

Its schemas do not accept its own examples, so the examples are what counts: every place of a message of ours, and the
kind of value there, must stand in one of the same type. What is younger than the document is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.support.bot_api_spec import fixtures_folder

SPECIFICATION = Path("whatsapp", "business-messaging-api_v23.0.yaml")
#: Places that came after the document of 2025-11 (scoped ids, our key, named values), and a file above buttons, which
#: Meta's reference tells of and no example shows.
YOUNGER = {
    ("/biz_opaque_callback_data", "str"),
    ("/recipient", "str"),
    ("/template/components/*/parameters/*/parameter_name", "str"),
    ("/interactive/header/type", "str"),
    ("/interactive/header/document/id", "str"),
    ("/interactive/header/document/filename", "str"),
}
#: Kinds of interactive messages of which the document has no example.
UNTOLD = {"location_request_message", "cta_url"}


def places(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every place of a document with the kind of value that stands there."""
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from places(inner, f"{place}/{key}")
    elif isinstance(node, list):
        for inner in node:
            yield from places(inner, f"{place}/*")
    else:
        yield place, type(node).__name__


@cache
def sends(where: Path) -> dict[str, dict[str, Any]]:
    """Return Meta's examples of messages, by name, from the folder ``where`` of shared fixtures."""
    text = (where / SPECIFICATION).read_text(encoding="utf-8")
    begin = text.index("  /{Version}/{Phone-Number-ID}/messages:")
    end = text.index("\n  /", begin + 10)
    # The whole file takes seconds to read; these examples are one part of it.
    part = yaml.load(text[begin:end], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    (path,) = part.values()
    examples = path["post"]["requestBody"]["content"]["application/json"]["examples"]
    return {name: example["value"] for name, example in examples.items()}


@cache
def known(where: Path) -> dict[str, set[tuple[str, str]]]:
    """Return every place that Meta's examples of a type have, by type; marks of reading have the type ``read``."""
    found: dict[str, set[tuple[str, str]]] = {}
    for example in sends(where).values():
        found.setdefault(_type(example), set()).update(places(example))
    return found


def strange(body: dict[str, Any]) -> list[str]:
    """Return what of a request of ours stands in none of Meta's examples; nothing where the document is not here."""
    where = fixtures_folder()
    kind = _type(body)
    if where is None or not (where / SPECIFICATION).is_file():
        return []
    if body.get("interactive", {}).get("type") in UNTOLD:
        return []
    theirs = known(where)
    if kind not in theirs:
        return [f"Meta has no example of {kind}"]
    return [
        f"{place} ({value}) is in no example of {kind}" for place, value in set(places(body)) - theirs[kind] - YOUNGER
    ]


def _type(body: dict[str, Any]) -> str:
    kind = body.get("status") or body.get("type") or "text"
    if kind == "interactive":
        return f"interactive {body['interactive']['type']}"
    return str(kind)
