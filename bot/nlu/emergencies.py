"""Hear danger to life in any spelling, before anything else and without the model: recall first."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.nlu.danger_words import CONCEPTS, CRY, CRY_BESIDE, FUZZY, JOINED, LOOKALIKES, RULES, Rule
from bot.nlu.normalise import fold, tokens
from bot.nlu.phonetic import sound

#: Every kind of danger; the answers are fixed texts of the same names (domain of the company, §7.6).
KINDS = ("gas", "monoxido", "electrica", "agua", "agua_mala", "fuego", "vida")

_SHORTEST_FUZZY = 6
_LONGEST_WORD = 24
_BETWEEN = frozenset("se me ha han esta estan hay es fue le nos les he".split())
_CRY_LONGEST = 8


#: Words that point at a report that exists here: its number, «del reporte», «mi reporte de la fuga sigue igual». «La fuga
#: que reporté» does not: it may have been reported to anybody.
_REPORTED = re.compile(
    r"\br ?-? ?20\d\d ?-? ?\d+|\b(?:de(?:l| mi| ese| este)|sobre (?:el|mi)) reporte\b"
    r"|\bmi reporte de (?:la|esa|una) \w+ (?:sigue|no|esta)\b"
)


@dataclass(frozen=True, slots=True)
class Danger:
    """What was found: the kind of danger, the rule that said so and the words that made it speak."""

    kind: str
    rule: str
    words: tuple[str, ...]


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
        self.find = lru_cache(maxsize=16384)(self._find)

    def _find(self, word: str) -> frozenset[str]:
        if len(word) > _LONGEST_WORD:
            return frozenset()
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


_WORDS = _Words(CONCEPTS)
_JOINED = tuple(("".join(sound(word) for word in phrase.split()), kind) for phrase, kind in JOINED)


def _within(places: Mapping[str, list[int]], groups: tuple[frozenset[str], ...], window: int) -> tuple[int, ...] | None:
    """Return one place for each group, all within ``window`` words of the first group's, or None."""
    options = [sorted({place for name in group for place in places.get(name, ())}) for group in groups]
    if not all(options):
        return None
    for anchor in options[0]:
        chosen = [anchor]
        for other in options[1:]:
            middle = bisect_left(other, anchor)
            around = other[max(0, middle - len(groups)) : middle + len(groups)]
            free = [place for place in around if place not in chosen and abs(place - anchor) <= window]
            if not free:
                break
            chosen.append(min(free, key=lambda place: abs(place - anchor)))
        else:
            return tuple(chosen)
    return None


def _is_denied(rule: Rule, chosen: Iterable[int], words: list[str], places: Mapping[str, list[int]]) -> bool:
    """Whether a "no" stands right before a word of the rule: "no sale", "no se ha caído", but not "no pasen, cable…"."""
    if not rule.not_denied:
        return False
    negations = set(places.get("NO", ()))
    for place in chosen:
        before = place - 1
        while before >= 0 and before not in negations and words[before] in _BETWEEN:
            before -= 1
        if before in negations:
            return True
    return False


def explain(text: str) -> Danger | None:
    """Return the danger that ``text`` speaks of and why, or None. Never raises; time grows with the length only."""
    words = [token.text for token in tokens(text) if token.text.isalpha()]
    is_reported = speaks_of_report(text)
    return _by_rule(words, is_reported=is_reported) or _by_cry(words) or _by_joined_words(words) if words else None


def speaks_of_report(text: str) -> bool:
    """Tell whether ``text`` is about a fault that somebody reported before."""
    return _REPORTED.search(fold(text).text) is not None


def _places(words: list[str]) -> dict[str, list[int]]:
    """Return where each concept is named; ``YA_NO`` is a "ya no"."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        for concept in _WORDS.find(word):
            places.setdefault(concept, []).append(place)
    for left, right in pairwise(range(len(words))):
        if words[left] == "ya" and words[right] == "no":
            places.setdefault("YA_NO", []).append(right)
    return places


def _by_rule(words: list[str], *, is_reported: bool) -> Danger | None:
    places = _places(words)
    for rule in RULES:
        if any(name in places for name in rule.unless) or (is_reported and rule.unless_reported):
            continue
        chosen = _within(places, rule.groups, rule.window)
        if chosen is not None and not _is_denied(rule, chosen, words, places):
            return Danger(rule.kind, rule.name, tuple(words[place] for place in sorted(chosen)))
    return None


def _by_cry(words: list[str]) -> Danger | None:
    """Hear a message that is nothing but a cry for help."""
    cries = tuple(word for word in words if word in CRY)
    if cries and len(words) <= _CRY_LONGEST and all(word in CRY | CRY_BESIDE for word in words):
        return Danger("vida", "cry for help", cries)
    return None


def _by_joined_words(words: list[str]) -> Danger | None:
    """Hear the phrases that matter most through lost or misplaced spaces."""
    squashed = "".join(sound(word) for word in words if len(word) <= _LONGEST_WORD)
    for joined, kind in _JOINED:
        if joined in squashed.replace("yano" + joined, ""):
            return Danger(kind, "joined", (joined,))
    return None


def detect(text: str) -> str:
    """Return the kind of danger in ``text`` (one of ``KINDS``), or an empty text."""
    found = explain(text)
    return found.kind if found else ""
