"""Spell as people spell: accents, slips of the finger, letters that sound alike, chat abbreviations, spaces.

Every kind is a change of a few words that can be switched on by its name; the same ``random.Random`` gives the same
spelling. Words with digits are left alone: a number with another digit is another number.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from bot.nlu.normalise import ABBREVIATIONS

Words = list[str]
Change = Callable[[Words, random.Random], Words]

_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xvs", "d": "sfe", "e": "wri", "f": "dg", "g": "fhj", "h": "gj", "i": "uoe", "j": "hkg",
    "k": "jlc", "l": "ko", "m": "n", "n": "bm", "o": "ipu", "p": "ol", "q": "wa", "r": "et", "s": "adcz", "t": "ryg",
    "u": "yio", "v": "cb", "w": "qe", "x": "zc", "y": "tul", "z": "xs",
}  # fmt: skip
#: Letters that are said alike: (written, written instead, only before these letters, or anywhere when empty).
_ALIKE = (
    ("b", "v", ""), ("v", "b", ""), ("ll", "y", ""), ("y", "ll", "aeou"), ("z", "s", ""), ("s", "z", "aou"),
    ("c", "s", "ei"), ("s", "c", "ei"), ("qu", "k", "ei"), ("c", "k", "aou"), ("g", "j", "ei"), ("j", "g", "ei"),
    ("gu", "w", "a"), ("hu", "w", "e"), ("x", "cs", "aeio"), ("ñ", "ni", "ao"),
)  # fmt: skip
_ACCENTED = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú"}
#: Letters with signs around them.
_WORD = re.compile(r"([^\w]*)([^\W\d_]+)([^\w]*)")
_VOWELS = "aeiouáéíóú"
_SHORTEST = 4
_SHORTEST_ACCENTED = 3
_WORDS_PER_SLIP = 5
_DRAWN = (2, 5)
#: How often a letter is lost, swapped, missed for its neighbour or doubled: 7, 5, 6 and 2 of twenty, added up.
_SLIP_WEIGHTS = (7, 12, 18, 20)

#: Written out → ways to shorten it, from what is read back when a message is normalised.
SHORTENED: Mapping[str, tuple[str, ...]] = {
    long: tuple(short for short, written in ABBREVIATIONS.items() if written == long and short != long)
    for long in sorted(set(ABBREVIATIONS.values()))
}
_LONGEST_PHRASE = max(len(long.split()) for long in SHORTENED)


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


@lru_cache(maxsize=16384)
def _plain(word: str) -> str:
    """Return ``word`` in small letters without accents, as it is looked up."""
    return _bare(word.lower())


def _one(words: Words, chance: random.Random, spell: Callable[[str], Sequence[str]]) -> Words:
    """Return ``words`` with one of those that ``spell`` can spell otherwise so spelled, if there is any."""
    cut = [_WORD.fullmatch(word) for word in words]
    able = [(place, found, ways) for place, found in enumerate(cut) if found and (ways := spell(found[2]))]
    if not able:
        return words
    place, found, ways = chance.choice(able)
    return [*words[:place], found[1] + chance.choice(ways) + found[3], *words[place + 1 :]]


def accents_lost(words: Words, _: random.Random) -> Words:
    """Drop every accent and the tilde of the ñ: who does not write them writes none."""
    return [_bare(word) for word in words]


def accents_added(words: Words, chance: random.Random) -> Words:
    """Put an accent on a wrong vowel: «agúa», «recíbo»."""

    def spell(word: str) -> list[str]:
        if len(word) < _SHORTEST_ACCENTED or not word.isascii():
            return []
        return [
            word[:place] + _ACCENTED[letter] + word[place + 1 :]
            for place, letter in enumerate(word)
            if letter in _ACCENTED
        ]

    return _one(words, chance, spell)


def keyboard(words: Words, chance: random.Random) -> Words:
    """Slip: a letter lost, two swapped, a neighbour on the keyboard hit, or a letter doubled; never the first one."""

    def spell(word: str) -> list[str]:
        if len(word) < _SHORTEST:
            return []
        place = chance.randrange(1, len(word) - 1)
        before, letter, after = word[:place], word[place], word[place + 1 :]
        neighbour = chance.choice(_NEIGHBOURS.get(_plain(letter), letter))
        kinds = (
            before + after,
            before + after[0] + letter + after[1:],
            before + neighbour + after,
            before + letter + letter + after,
        )
        return chance.choices(kinds, cum_weights=_SLIP_WEIGHTS)

    return _one(words, chance, spell)


def phonetic(words: Words, chance: random.Random) -> Words:
    """Write by ear: b and v, s, c and z, ll and y, qu and k, g and j, an h left out or put in front."""
    return _one(words, chance, _by_ear)


def _by_ear(word: str) -> list[str]:
    small = word.lower()
    ways = [
        small[:place] + instead + small[place + len(written) :]
        for written, instead, before in _ALIKE
        for place in range(len(small))
        if small.startswith(written, place)
        and (not before or _plain(small[place + len(written) :])[:1] in tuple(before))
    ]
    if small.startswith("h") and len(small) > 1:
        ways.append(small[1:])
    elif small[0] in _VOWELS and len(small) >= _SHORTEST:
        ways.append("h" + small)
    return ways


def abbreviations(words: Words, chance: random.Random) -> Words:
    """Shorten every other word that chats shorten: que → q, por → x, también → tmb, por favor → porfa."""
    found: Words = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            ways = SHORTENED.get(_plain(" ".join(words[place : place + length])))
            if ways and chance.random() < 0.5:  # noqa: PLR2004 - every other one
                found.append(chance.choice(ways))
                place += length
                break
        else:
            found.append(words[place])
            place += 1
    return found


def spaces(words: Words, chance: random.Random) -> Words:
    """Lose a space between two words."""
    able = [place for place in range(len(words) - 1) if words[place].isalpha() and words[place + 1].isalpha()]
    if not able:
        return words
    place = chance.choice(able)
    return [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]


def drawn_out(words: Words, chance: random.Random) -> Words:
    """Draw out the last vowel of a word: «holaaa»."""

    def spell(word: str) -> list[str]:
        places = [place for place, letter in enumerate(word) if letter.lower() in _VOWELS]
        if len(word) < _SHORTEST_ACCENTED or not places:
            return []
        return [word[: places[-1]] + word[places[-1]] * (1 + chance.randint(*_DRAWN)) + word[places[-1] + 1 :]]

    return _one(words, chance, spell)


#: Every kind of noise by its name.
KINDS: Mapping[str, Change] = {
    "accents_lost": accents_lost,
    "accents_added": accents_added,
    "keyboard": keyboard,
    "phonetic": phonetic,
    "abbreviations": abbreviations,
    "spaces": spaces,
    "drawn_out": drawn_out,
}
#: What training adds when nobody says otherwise, and how often: most slips are of the finger.
SLIPS: Mapping[str, float] = {"keyboard": 0.85, "spaces": 0.15}


def noisy(text: str, chance: random.Random, kinds: Mapping[str, float] | Sequence[str] = ()) -> str:
    """Return ``text`` with about one change in five words, at least one where any is possible.

    Args:
        text: what a person might write.
        chance: decides; its state goes on from call to call.
        kinds: names of ``KINDS``, or their shares; ``SLIPS`` when there are none.
    """
    shares = kinds if isinstance(kinds, Mapping) else dict.fromkeys(kinds, 1.0) or SLIPS
    words = text.split()
    for _ in range(max(1, len(words) // _WORDS_PER_SLIP)):
        (name,) = chance.choices(list(shares), weights=list(shares.values()))
        words = KINDS[name](words, chance)
    return " ".join(words)
