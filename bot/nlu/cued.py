"""Patterns that are tried only where they can match: each names its cues, and looking for a cue costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Cued:
    """A compiled pattern and its cues: of those pieces of text one stands in whatever the pattern matches.

    Args:
        pattern: the regular expression.
        cues: pieces of text, with ``|`` between them; the tests prove that no match lacks them all.
    """

    __slots__ = ("cues", "pattern")

    def __init__(self, pattern: str, cues: str) -> None:
        self.pattern = re.compile(pattern)
        self.cues = tuple(cues.split("|"))

    def is_cued(self, text: str) -> bool:
        """Tell whether ``text`` holds a cue, without which the pattern matches nowhere."""
        return any(cue in text for cue in self.cues)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in ``text``, or None."""
        return self.pattern.search(text) if self.is_cued(text) else None

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the match that begins at ``start`` of ``text``, or None."""
        return self.pattern.match(text, start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches in ``text`` that do not overlap."""
        return self.pattern.finditer(text) if self.is_cued(text) else iter(())
