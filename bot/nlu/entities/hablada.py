"""Addresses that were dictated: "carrera séptima número cuarenta y cinco guion doce" is written with digits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.numbers import ORDINALS, leading_number

#: A word of a street; after it an ordinal is its number.
WAY_WORD = re.compile(r"\b(?:calle|carrera|karrera|diagonal|transversal|avenida|circular|cra|cll|kra|dg|tv)\b")
_WORD = re.compile(r"[^\s,.;]+|[,.;]")
#: These count houses rather than name a street, unless a sign is said before them.
_ONE = frozenset({"un", "uno", "una"})
_SIGNS = frozenset({"numero", "numeral", "guion", "raya", "con"})
_LARGEST = 999
_MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Written:
    """A text with digits for its numbers in words; ``starts`` and ``ends`` lead each character back to what was said."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def in_digits(text: str) -> Written:
    """Write the numbers in words of a folded ``text`` with digits, ordinals after the word of a street too."""
    words = list(_WORD.finditer(text))[:_MOST_WORDS]
    pieces: list[tuple[str, int, int]] = []
    place = 0
    while place < len(words):
        word = words[place][0]
        before = words[place - 1][0] if place else ""
        found = leading_number([each[0] for each in words[place : place + 4]])
        if word in ORDINALS and WAY_WORD.fullmatch(before):
            pieces.append((str(ORDINALS[word]), words[place].start(), words[place].end()))
            place += 1
        elif found and found[0] <= _LARGEST and (word not in _ONE or before in _SIGNS or WAY_WORD.fullmatch(before)):
            pieces.append((str(found[0]), words[place].start(), words[place + found[1] - 1].end()))
            place += found[1]
        else:
            pieces.append((word, words[place].start(), words[place].end()))
            place += 1
    return _joined(pieces)


def _joined(pieces: list[tuple[str, int, int]]) -> Written:
    text = ""
    starts: list[int] = []
    ends: list[int] = []
    for word, start, end in pieces:
        if text and not (word in ",.;" and ends[-1] == start):
            text += " "
            starts.append(start)
            ends.append(start)
        text += word
        same = len(word) == end - start
        starts += [start + step if same else start for step in range(len(word))]
        ends += [start + step + 1 if same else end for step in range(len(word))]
    return Written(text, tuple(starts), tuple(ends))
