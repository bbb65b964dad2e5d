"""Emphasis in our wording: ``**this**`` is bold where a channel can show it and plain where it cannot."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*\*")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of ``text`` in order, each with whether it is bold."""
    place = 0
    for found in _BOLD.finditer(text):
        if found.start() > place:
            yield text[place : found.start()], False
        yield found[1], True
        place = found.end()
    if place < len(text):
        yield text[place:], False


def plain(text: str) -> str:
    """Return ``text`` without the marks of emphasis."""
    return _BOLD.sub(r"\1", text)


def as_html(text: str) -> str:
    """Return ``text`` escaped for HTML with its emphasis as ``<b>``."""
    return "".join(
        f"<b>{html.escape(piece, quote=False)}</b>" if is_bold else html.escape(piece, quote=False)
        for piece, is_bold in runs(text)
    )
