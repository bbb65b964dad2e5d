"""Long numbers that were dictated: "tres diez, cuatro veinte, cincuenta, cincuenta y uno" is 310 420 50 51."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot.nlu.numbers import is_number_word, leading_number

_ZERO = "cero"
_WORD = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")
_SHORTEST = 5
_FEWEST_GROUPS = 3
_SINGLE_DIGITS = 5
_MOST_WORDS = 400
_LONGEST_GROUP = 4


@dataclass(frozen=True, slots=True)
class Dictated:
    """A long number said in groups; ``is_spelled`` when every group is one digit, as nobody says an amount."""

    digits: str
    start: int
    end: int
    is_spelled: bool


def _group(said: list[str], place: int) -> tuple[str, int]:
    """Return the digits of the number that begins at ``place`` and how many words it takes; none when it is no number."""
    word = said[place]
    if word == _ZERO:
        return "0", 1
    if word.isdecimal():
        return word, 1
    found = leading_number(said[place : place + _LONGEST_GROUP]) if is_number_word(word) else None
    return (str(found[0]), found[1]) if found else ("", 0)


@lru_cache(maxsize=16)
def dictated(text: str) -> tuple[Dictated, ...]:
    """Return the numbers of ``_SHORTEST`` digits and more that a folded ``text`` spells in words, group by group."""
    return tuple(_dictated(text))


def _dictated(text: str) -> Iterator[Dictated]:
    words = list(islice(_WORD.finditer(text), _MOST_WORDS))
    said = [word[0] for word in words]
    place = 0
    while place < len(words):
        groups: list[str] = []
        start, end, spoken = place, place, 0
        while place < len(words):
            digits, used = _group(said, place)
            if not used:
                if groups and said[place] == "," and place + 1 < len(words) and _group(said, place + 1)[1]:
                    place += 1
                    continue
                break
            groups.append(digits)
            spoken += said[place].isalpha()
            place += used
            end = place
        number = "".join(groups)
        # Groups of thousands are an amount ("ciento veinte mil"), written digits are read elsewhere.
        is_long = len(number) >= _SHORTEST and len(groups) >= _FEWEST_GROUPS and spoken * 2 > len(groups)
        if is_long and all(len(group) <= _LONGEST_GROUP for group in groups):
            is_spelled = len(groups) >= _SINGLE_DIGITS and all(len(group) == 1 for group in groups)
            yield Dictated(number, words[start].start(), words[end - 1].end(), is_spelled)
        place += not groups
