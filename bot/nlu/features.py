"""What the model looks at: words, pairs of words and the edges by their sound, and the letters inside each word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from bot.nlu.normalise import spellings
from bot.nlu.phonetic import sound

#: Changes when the features of a text change, so that a model trained with others is refused.
SIGNATURE = "words12-skip-edges-length-sound-chars25-v2"

_SHORTEST_PIECE = 2
_LONGEST_PIECE = 5
_SIGNS = frozenset("?$%")
_LONGEST_WORD = 32
_SMALL_NUMBER, _MEDIUM_NUMBER = 3, 7
#: Lengths are told apart by doubling: 1, 2-3, 4-7, 8-15, 16 words and more.
_LONGEST_KIND = 5


@lru_cache(maxsize=16384)
def _heard(word: str) -> str:
    """Return the sound of a word; numbers only by how long they are."""
    if word.isdigit():
        return "0" if len(word) < _SMALL_NUMBER else "00" if len(word) < _MEDIUM_NUMBER else "000"
    return sound(word)


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` by their sound, with the signs that mean something (``? $ %``)."""
    return [
        _heard(word[:_LONGEST_WORD]) if word[0].isalnum() else word
        for word in spellings(text)
        if word[0].isalnum() or word in _SIGNS
    ]


def word_features(words: list[str]) -> Iterator[str]:
    """Yield each word, each pair of neighbours, each pair around one word, the first and last word, and how many."""
    if not words:
        return
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"
    for left, right in zip(words, words[2:], strict=False):
        yield f"{left}_{right}"
    yield f"^{words[0]}"
    yield f"{words[-1]}$"
    yield f"#{min(_LONGEST_KIND, len(words).bit_length())}"


@lru_cache(maxsize=16384)
def pieces_of(word: str) -> tuple[str, ...]:
    """Return the runs of two to five letters of a word with its edges marked, repeats included."""
    edged = f"<{word}>"
    return tuple(
        "~" + edged[start : start + size]
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1)
        for start in range(max(1, len(edged) - size + 1))
    )


def piece_features(words: list[str]) -> Iterator[str]:
    """Yield the pieces of every word."""
    for word in words:
        yield from pieces_of(word)
