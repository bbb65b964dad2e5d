"""Addresses that were dictated: "carrera séptima número cuarenta y cinco guion doce" is written with digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.numbers import NUMBER_WORD, ORDINALS, leading_number

#: A word of a street; after it an ordinal is its number.
WAY_WORD = re.compile(
    r"(?:calle|carrera|karrera|carera|carr|diagonal|diag|transversal|avenida|abenida|avda|av|autopista|circular|cra|cll|clle|"
    r"cl|kra|kr|cr|dg|tv)"
)
_PART_WORD = re.compile(
    r"(?:manzana|mansana|mz|casa|cs|lote|lt|torre|bloque|interior|apto|apartamento|etapa|km|kilometro)"
)
_SPOKEN = re.compile(rf"\b(?:{NUMBER_WORD}|{'|'.join(ORDINALS)})\b")
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
    starts: Sequence[int]
    ends: Sequence[int]


def in_digits(text: str) -> Written:
    """Write the numbers in words of a folded ``text`` with digits, ordinals after the word of a street too."""
    if not _SPOKEN.search(text):
        return Written(text, range(len(text)), range(1, len(text) + 1))
    words = list(_WORD.finditer(text))[:_MOST_WORDS]
    numbers: list[tuple[str, int, int]] = []
    place = 0
    while place < len(words):
        word = words[place][0]
        before = words[place - 1][0] if place else ""
        follows = WAY_WORD.fullmatch(before) is not None
        found = leading_number([each[0] for each in words[place : place + 4]])
        used = 1
        if word in ORDINALS and ORDINALS[word] > 0 and follows:
            numbers.append((str(ORDINALS[word]), words[place].start(), words[place].end()))
        elif (
            found
            and found[0] <= _LARGEST
            and (word not in _ONE or before in _SIGNS or follows or (word == "uno" and _PART_WORD.fullmatch(before)))
        ):
            used = found[1]
            numbers.append((str(found[0]), words[place].start(), words[place + used - 1].end()))
        place += used
    return _replaced(text, numbers)


def _replaced(text: str, numbers: Sequence[tuple[str, int, int]]) -> Written:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for digits, start, end in numbers:
        pieces += (text[at:start], digits)
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        starts += [start] * len(digits)
        ends += [end] * len(digits)
        at = end
    pieces.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return Written("".join(pieces), starts, ends)
