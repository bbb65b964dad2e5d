"""Find which option of a menu was meant: by its number, a number word, its label, or a label nearly right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.nlu.normalise import fold, squeeze
from bot.nlu.numbers import ORDINALS, words_to_int
from bot.nlu.yes_no import read_yes_no

_NUMBERED = re.compile(
    r"\A[\s¿¡\"'(*#]*(?:(?:la|el|opcion|opsion|numero|nro\.?|num\.?|no\.|escojo|elijo|quiero|prefiero|seria|es|de|mejor|por favor)\s*){0,5}"
    r"(?:(\d{1,2})|([a-z]+))[\s.)°o!*]*(?:(?:por favor|porfa|gracias|opcion|pues|de una)[\s.!]*){0,2}\Z"
)
_BELOW_ZERO = re.compile(r"\s*-\s?\d")
_CLOSE_ENOUGH = 84
_LONGEST = 80
_SHORTEST_FUZZY = 4
_NEGATIONS = frozenset({"no", "ni", "nunca", "sin", "tampoco"})
_SMALL_WORDS = frozenset("el la los las un una de del a al por para mi mis me con en y o que quiero es".split())


class Option(Protocol):
    """One option that was shown: what it says and what choosing it stands for."""

    @property
    def label(self) -> str:
        """The words on the button."""
        ...

    @property
    def payload(self) -> str:
        """``/intent{…}``, ``/SetSlots(…)`` or text."""
        ...


def read_number(text: str, count: int) -> int | None:
    """Return the place (from 0) that the whole of ``text`` names in a menu of ``count`` options, or None."""
    match = _NUMBERED.match(fold(text[:_LONGEST]).text)
    if not match:
        return None
    number = int(match[1]) if match[1] else ORDINALS.get(match[2], 0) or words_to_int((match[2],)) or 0
    if number == -1:
        return count - 1 if count else None
    return number - 1 if 1 <= number <= count else None


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in squeeze(text).split() if word not in _SMALL_WORDS)


def read_label(text: str, labels: Sequence[str]) -> int | None:
    """Return the place of the one label that ``text`` says, exactly, in part or nearly; None when none or several.

    A part must be half of the label, and a "no" is never dropped: "acepto" is not "no acepto".
    """
    said = squeeze(text) if len(text) <= _LONGEST else ""
    if not said or _BELOW_ZERO.match(text):
        return None
    keys = [squeeze(label) for label in labels]
    if said in keys:
        return keys.index(said)
    alike = [place for place, key in enumerate(keys) if _negates(key) == _negates(said)]
    words = _content(text)
    inside = [
        place
        for place in alike
        if words and words <= (label := _content(labels[place])) and 2 * len(words) >= len(label)
    ]
    if len(inside) == 1:
        return inside[0]
    if len(said) < _SHORTEST_FUZZY or any(character.isdigit() for character in said):
        return None
    return _nearly(said, {place: keys[place] for place in alike})


def _negates(key: str) -> bool:
    return not _NEGATIONS.isdisjoint(key.split())


def _nearly(said: str, keys: Mapping[int, str]) -> int | None:
    from rapidfuzz import fuzz, process

    close = process.extract(said, keys, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=2)
    if close and (len(close) == 1 or close[0][1] > close[1][1]):
        return int(close[0][2])
    return None


def read_polarity(text: str, labels: Sequence[str]) -> int | None:
    """Return the place of the only label that means the yes or the no of ``text`` ("de una" → "Sí, radicar")."""
    said = read_yes_no(text)
    if said is None:
        return None
    meant = [place for place, label in enumerate(labels) if read_yes_no(label) is said]
    return meant[0] if len(meant) == 1 else None


def read_option(text: str, options: Sequence[Option], *, by_number: bool = True) -> int | None:
    """Return the place of the option that ``text`` chooses, or None.

    ``by_number=False`` when a number is itself an answer to what was asked (an account, an amount): then only labels
    count.
    """
    if not options:
        return None
    if by_number:
        place = read_number(text, len(options))
        if place is not None:
            return place
    return read_label(text, [option.label for option in options])
