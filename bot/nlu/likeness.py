"""Which sentences are nearly the same: quickly, among many thousands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.nlu.normalise import squeeze

#: Share of common groups of letters, or likeness of the words put in one order (0 to 100), from which two sentences
#: are nearly the same.
SHARED, RATIO = 0.85, 95.0
#: Shorter sentences differ by a letter and mean different things: only longer ones are compared.
SHORTEST = 16

_GROUP = 4
#: Sentences that share less than this cannot reach ``RATIO`` either.
_CANDIDATE = 0.6


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A sentence as it is compared: its words in alphabetical order, its groups of letters, and the rarest of them."""

    ordered: str
    groups: frozenset[str]
    rarest: tuple[str, ...]


class Likeness:
    """Sentences among which others like them are found.

    Two long sentences that are alike share one of their rarest groups of letters, so only its holders are compared.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        """Sketch and index ``sentences``."""
        self._counts = Counter(group for text in sentences for group in _groups(squeeze(text).split()))
        self._holders: dict[str, list[int]] = {}
        self._sketches: dict[int, _Sketch] = {}
        for place, text in enumerate(sentences):
            sketch = self._sketch(text)
            if sketch is not None:
                self._sketches[place] = sketch
                for group in sketch.rarest:
                    self._holders.setdefault(group, []).append(place)

    def find(self, text: str) -> Iterator[int]:
        """Yield the places of the sentences that are nearly ``text``, in order."""
        sketch = self._sketch(text)
        if sketch is not None:
            yield from self._like(sketch)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of places of the sentences that are nearly the same, the earlier place first."""
        for place, sketch in self._sketches.items():
            yield from ((other, place) for other in self._like(sketch, before=place))

    def _like(self, sketch: _Sketch, before: int | None = None) -> Iterator[int]:
        near = {place for group in sketch.rarest for place in self._holders.get(group, ())}
        for place in sorted(near):
            if before is not None and place >= before:
                return
            if _is_alike(sketch, self._sketches[place]):
                yield place

    def _sketch(self, text: str) -> _Sketch | None:
        words = squeeze(text).split()
        ordered = " ".join(sorted(words))
        if len(ordered) < SHORTEST:
            return None
        groups = _groups(words)
        by_rarity = sorted(groups, key=lambda group: (self._counts[group], group))
        return _Sketch(
            ordered, frozenset(groups), tuple(by_rarity[: len(groups) - math.ceil(_CANDIDATE * len(groups)) + 1])
        )


def _groups(words: Sequence[str]) -> set[str]:
    """Return the groups of four letters inside each word, its edges marked: the order of the words does not matter."""
    found: set[str] = set()
    for word in words:
        edged = f" {word} "
        found.update(edged[start : start + _GROUP] for start in range(max(1, len(edged) - _GROUP + 1)))
    return found


def _is_alike(left: _Sketch, right: _Sketch) -> bool:
    sizes = len(left.groups), len(right.groups)
    if min(sizes) < _CANDIDATE * max(sizes):
        return False
    both = len(left.groups & right.groups)
    shared = both / (sum(sizes) - both)
    if shared >= SHARED:
        return True
    from rapidfuzz import fuzz

    return shared >= _CANDIDATE and fuzz.ratio(left.ordered, right.ordered, score_cutoff=RATIO) > 0
