"""Sentences grouped by likeness: those that say the same thing in other words are looked at, and labelled, once.

Each group has a leader, its most frequent sentence, and all of its members are like the leader itself: groups do not
drift from one subject to the next as chains do. The same sentences always give the same groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bot.learning.mask import key_of

if TYPE_CHECKING:
    from storage.repos.doubts import DoubtRecord

#: From this cosine of their character n-grams on, two sentences are alike.
ALIKE = 0.6

_NGRAMS = (3, 4)
#: Sequences of letters in more than this share of the sentences tell nothing apart; with few sentences all count.
_COMMON, _MANY = 0.1, 200
_ROWS_AT_ONCE = 512

Source = Literal["people", "model", ""]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The intent that a group seems to be: ``people`` who began it next, or what the model ranked first on average."""

    intent: str = ""
    source: Source = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences that are alike, the leader first; ``id`` is the leader's."""

    members: tuple[DoubtRecord, ...]

    @property
    def id(self) -> int:
        """The number of the group."""
        return self.members[0].id

    @property
    def heard(self) -> int:
        """How often anything of it was said."""
        return sum(member.heard for member in self.members)

    @property
    def reason(self) -> str:
        """Why most of it was kept."""
        return Counter({member.reason: member.heard for member in reversed(self.members)}).most_common(1)[0][0]

    @property
    def suggestion(self) -> Suggestion:
        """What it seems to be: what people began next, else what the model thought likeliest."""
        chosen: Counter[str] = Counter()
        ranked: dict[str, float] = {}
        for member in self.members:
            chosen.update(member.choices)
            for intent, confidence in member.ranking:
                ranked[intent] = ranked.get(intent, 0.0) + confidence * member.heard
        if chosen:
            intent, times = min(chosen.items(), key=lambda one: (-one[1], one[0]))
            return Suggestion(intent, "people", float(times))
        if ranked:
            intent, total = min(ranked.items(), key=lambda one: (-one[1], one[0]))
            return Suggestion(intent, "model", round(total / self.heard, 3))
        return Suggestion()


def group(records: Sequence[DoubtRecord], alike: float = ALIKE) -> list[Group]:
    """Return the groups of ``records``, those that were said most often first."""
    ordered = sorted(records, key=lambda record: (-record.heard, record.id))
    near = _neighbours([key_of(record.said) for record in ordered], alike)
    taken = [False] * len(ordered)
    groups: list[Group] = []
    for leader, others in enumerate(near):
        if taken[leader]:
            continue
        members = [leader, *(other for other in others if other != leader and not taken[other])]
        for member in members:
            taken[member] = True
        groups.append(Group(tuple(ordered[member] for member in members)))
    return sorted(groups, key=lambda one: (-one.heard, one.id))


def _neighbours(keys: Sequence[str], alike: float) -> list[list[int]]:
    """Return for each text the places of those like it, in order."""
    if len(keys) < 2:  # noqa: PLR2004 - nothing to compare
        return [[place] for place in range(len(keys))]
    vectors = _vectors(keys)
    turned = vectors.T.tocsr()
    found: list[list[int]] = []
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        block = (vectors[start : start + _ROWS_AT_ONCE] @ turned).tocsr()
        for row in range(block.shape[0]):
            begin, end = block.indptr[row], block.indptr[row + 1]
            places = block.indices[begin:end][block.data[begin:end] >= alike]
            found.append([int(place) for place in np.sort(places)])
    return found


def _vectors(keys: Sequence[str]) -> Any:
    """Return a row of weighted letter sequences for each text, each of length one."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # only staff's command pays for loading it

    common = _COMMON if len(keys) >= _MANY else 1.0
    reader = TfidfVectorizer(
        analyzer="char_wb", ngram_range=_NGRAMS, max_df=common, sublinear_tf=True, lowercase=False, dtype=np.float32
    )
    return reader.fit_transform(keys)
