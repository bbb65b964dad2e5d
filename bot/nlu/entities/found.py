"""What the readers hand to each other: a text in one spelling, the places already taken, the things found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from bot.nlu.normalise import Folded
from dialogs.engine.heard import Entity

#: More things than this in one message are noise.
MOST_THINGS = 48

Lean = Literal["past", "future", ""]


@dataclass(slots=True)
class Reading:
    """One message being read.

    ``folded`` is what regular expressions run on, ``original`` what the person wrote. ``today`` is the date in Bogotá
    and ``now`` the moment there. ``asked`` is the entity that was just asked for, or empty. ``lean`` says whether dates
    are rather past or future.
    """

    original: str
    folded: Folded
    now: datetime
    asked: str = ""
    lean: Lean = ""
    found: list[Entity] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @property
    def today(self) -> date:
        """The date of ``now``."""
        return self.now.date()

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return len(self.taken) >= MOST_THINGS

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was found yet between two offsets of the folded text."""
        return all(end <= left or start >= right for left, right in self.taken)

    def refuse(self, start: int, end: int) -> None:
        """Take ``[start, end)`` of the folded text without an entity: what stands there is none, whatever it looks like."""
        if not self.is_full:
            self.taken.append((start, end))

    def add(self, name: str, value: Any, start: int, end: int, role: str = "") -> bool:
        """Keep an entity at ``[start, end)`` of the folded text unless something is there; tell whether it was kept."""
        if start >= end or self.is_full or not self.is_free(start, end):
            return False
        self.taken.append((start, end))
        left, right = self.folded.span(start, end)
        self.found.append(Entity(name, value, left, right, self.original[left:right], role))
        return True
