"""Make the slips of the finger that people make, so that the model has seen some; the same ones in every run."""

from __future__ import annotations

import random

_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xvs", "d": "sfe", "e": "wri", "f": "dg", "g": "fhj", "h": "gj", "i": "uoe", "j": "hkg",
    "k": "jlc", "l": "ko", "m": "n", "n": "bm", "o": "ipu", "p": "ol", "q": "wa", "r": "et", "s": "adcz", "t": "ryg",
    "u": "yio", "v": "cb", "w": "qe", "x": "zc", "y": "tul", "z": "xs",
}  # fmt: skip
_SHORTEST = 4
_WORDS_PER_SLIP = 5


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    kind = chance.random()
    if kind < 0.35:  # noqa: PLR2004 - shares of the kinds of slips
        return word[:place] + word[place + 1 :]
    if kind < 0.6:  # noqa: PLR2004
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind < 0.9:  # noqa: PLR2004
        return word[:place] + chance.choice(_NEIGHBOURS.get(word[place].lower(), "a")) + word[place + 1 :]
    return word[:place] + word[place] + word[place:]


def noisy(text: str, chance: random.Random) -> str:
    """Return ``text`` with about one slip in five words: a letter lost, swapped, wrong or doubled, a space lost."""
    words = text.split()
    for _ in range(max(1, len(words) // _WORDS_PER_SLIP)):
        place = chance.randrange(len(words))
        if chance.random() < 0.15 and place + 1 < len(words):  # noqa: PLR2004 - share of lost spaces
            words[place : place + 2] = [words[place] + words[place + 1]]
        elif len(words[place]) >= _SHORTEST:
            words[place] = _slip(words[place], chance)
    return " ".join(words)
