"""Read a message for danger: words mended from their worst spellings, and the concepts of danger that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.danger_rules import PAIRS
from bot.nlu.danger_signs import SIGNS
from bot.nlu.danger_words import CONCEPTS, FUZZY, LOOKALIKES
from bot.nlu.normalise import LONGEST, fold, spellings
from bot.nlu.phonetic import sound

LONGEST_WORD = 24

_SHORTEST_FUZZY = 6
_SHORTEST_SPLIT = 6
_SHORTEST_RUN, _LONGEST_RUN = 6, 48
#: Pieces of words written as one: words of danger from this length on, and what stands between them.
_SHORTEST_PIECE = 3
_SMALL_WORDS = frozenset("se la el un una a de en mi los las ai ya me nos al del por esta ta kon i no".split())
_NO_CONCEPTS: set[str] = set()
_NOTHING: frozenset[str] = frozenset()
_LETTER = r"[^\W\d_]"
#: "g a s", "g.a.s": letters one by one.
_SPELLED = re.compile(rf"(?<!\w){_LETTER}(?:[ .*_-]{{1,2}}{_LETTER}){{2,}}(?!\w)")
#: "g4s", "hu3le", "g@s": figures that look like letters, inside a word.
_FIGURES = re.compile(rf"(?<![\w@.]){_LETTER}+(?:[013457@$]{_LETTER}+)+(?![\w@.])")
_AS_LETTERS = str.maketrans("013457@$", "oleastas")
_NOT_LETTERS = re.compile(r"[ .*_-]+")
_PAIR_SOUNDS = {(sound(left), sound(right)): concept for (left, right), concept in PAIRS.items()}
_CRY_SIGN = "\N{SQUARED SOS}"


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a message, and where each concept of danger is named.

    ``begun`` holds the places of the words that follow a sign ("no, huele"), ``denials`` those that deny what follows.
    """

    words: tuple[str, ...]
    concepts: tuple[frozenset[str], ...]
    places: Mapping[str, list[int]]
    begun: frozenset[int]
    denials: frozenset[int]


@lru_cache(maxsize=16)
def read(text: str) -> Reading:
    """Return the reading of ``text``; the time grows with the length only."""
    words: list[str] = []
    begun: set[int] = set()
    for word in spellings(_mended(text)):
        if word.isalpha():
            words += WORDS.parts(word)
        else:
            begun.add(len(words))
    concepts = [WORDS.find(word) for word in words]
    places: dict[str, list[int]] = {}
    for place, named in enumerate(concepts):
        for concept in named:
            places.setdefault(concept, []).append(place)
    for place, concept in _pairs(words, concepts):
        at = places.setdefault(concept, [])
        at.append(place)
        at.sort()
    denials = frozenset((*places.get("NO", ()), *places.get("NEGADO", ())))
    return Reading(tuple(words), tuple(concepts), places, frozenset(begun), denials)


def _mended(text: str) -> str:
    """Return ``text`` with spelled-out words joined and figures inside words as letters."""
    read_part = text[:LONGEST]
    mended = read_part.replace(_CRY_SIGN, " sos ")
    mended = _SPELLED.sub(lambda found: _NOT_LETTERS.sub("", found[0]), mended)
    mended = _FIGURES.sub(lambda found: found[0].translate(_AS_LETTERS), mended)
    # The readers of one message share what they remember of its very text.
    return text if mended == read_part else mended


def _pairs(words: list[str], concepts: list[frozenset[str]]) -> Iterator[tuple[int, str]]:
    """Yield the concepts that two neighbours make: a fixed pair, or one word with a space inside ("can dela")."""
    for place in range(len(words) - 1):
        left, right = words[place], words[place + 1]
        concept = _PAIR_SOUNDS.get((sound(left), sound(right)))
        if concept is not None:
            yield place, concept
        if len(left) + len(right) >= _SHORTEST_SPLIT and not (concepts[place] & FUZZY or concepts[place + 1] & FUZZY):
            for concept in WORDS.split(left, right):
                yield place, concept


def _gaps(word: str) -> Iterator[str]:
    """Yield ``word`` and every word that lacks one of its letters."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _distance_is_one(left: str, right: str) -> bool:
    from rapidfuzz.distance import OSA

    return OSA.distance(left, right, score_cutoff=1) <= 1


class _Words:
    """The vocabulary of danger, found by sound: exact, by stem, or one slip of the finger away."""

    def __init__(self, concepts: Mapping[str, str]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._literal: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        for concept, words in concepts.items():
            for word in fold(words).text.split():
                if word.endswith("*"):
                    self._stems.setdefault(sound(word[:-1] + "a")[:-1], set()).add(concept)
                else:
                    self._exact.setdefault(sound(word), set()).add(concept)
                    self._literal.setdefault(word, set()).add(concept)
        self._lookalikes = frozenset(sound(word) for word in LOOKALIKES)
        self._near_sounds = _neighbourhood(self._exact)
        self._near_words = _neighbourhood(self._literal)
        self._spelling = {sound(word): word for word in self._literal if word not in LOOKALIKES}
        self.find = lru_cache(maxsize=32768)(self._find)
        self.parts = lru_cache(maxsize=32768)(self._parts)

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return ``word``, or the words that were written as one: "secayoelposte"."""
        if not _SHORTEST_RUN <= len(word) <= _LONGEST_RUN or self.find(word) or word in LOOKALIKES:
            return (word,)
        key = sound(word)
        # For each place, the fewest words that lead there.
        best: list[tuple[str, ...] | None] = [(), *(None for _ in key)]
        for end in range(1, len(key) + 1):
            for start in range(max(0, end - LONGEST_WORD), end):
                piece, before = key[start:end], best[start]
                if before is None or not (
                    piece in _SMALL_WORDS or (end - start >= _SHORTEST_PIECE and piece in self._exact)
                ):
                    continue
                reached = best[end]
                if reached is None or len(before) + 1 < len(reached):
                    best[end] = (*before, piece)
        found = best[-1]
        if found is None or not any(self._exact.get(piece, _NO_CONCEPTS) & FUZZY for piece in found):
            return (word,)
        return tuple(self._spelling.get(piece, piece) for piece in found)

    def split(self, left: str, right: str) -> frozenset[str]:
        """Return what two pieces of a torn word name together."""
        found = self._exact.get(sound(left) + sound(right))
        return frozenset(found & FUZZY) if found else _NOTHING

    def _find(self, word: str) -> frozenset[str]:
        if len(word) > LONGEST_WORD:
            return _NOTHING
        if word in LOOKALIKES:
            return frozenset(self._literal.get(word, ()))
        key = sound(word)
        found = set(self._exact.get(key, ()))
        for length in range(3, len(key) + 1):
            found |= self._stems.get(key[:length], set())
        # A slip may change how a word sounds ("incndio"), so the letters are tried as well as the sound.
        if key in self._lookalikes:
            return frozenset(found)
        found = found or _nearby(key, self._near_sounds, self._exact)
        return frozenset(found or _nearby(word, self._near_words, self._literal))


def _neighbourhood(words: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return, for every word with one letter less, the words it may come from (only those worth guessing)."""
    near: dict[str, set[str]] = {}
    for word, meanings in words.items():
        if len(word) >= _SHORTEST_FUZZY and meanings & FUZZY:
            for gap in _gaps(word):
                near.setdefault(gap, set()).add(word)
    return near


def _nearby(word: str, near: Mapping[str, set[str]], meanings: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    if len(word) < _SHORTEST_FUZZY - 1:
        return found
    for gap in _gaps(word):
        for other in near.get(gap, ()):
            # The first letter is hardly ever the wrong one, and "luego" is not "fuego".
            if other[0] == word[0] and _distance_is_one(word, other):
                found |= meanings[other] & FUZZY
    return found


#: Every concept with all its words.
VOCABULARY = {name: f"{CONCEPTS.get(name, '')} {SIGNS.get(name, '')}" for name in (*CONCEPTS, *SIGNS)}

WORDS = _Words(VOCABULARY)
