"""Finds the article that answers a question: SQLite's full-text index for the ranking, and an honest doubt on top.

How much of what was asked an article covers (the rarer a word, the more it counts) decides between one answer, a
choice, and «no lo sé»; BM25 only orders what covers equally. A word that no article has is first taken for a slip of
the finger; if nothing is near it, it counts against everything, since the question is then about something else.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

#: Words that ask, greet or join, and say nothing of the subject (folded).
STOP = frozenset(
    "a al algo alguien ahi aqui asi aun bien buen buenas bueno buenos cada como con cosa cual cuales cuando cuanta cuantas"
    " cuanto cuantos da dan de deben debe debo del dia dias dice dicen dios donde e el ella ellos en entonces era es esa ese"
    " eso esta estan este esto estos estoy explica expliqueme favor fue gracias ha haber hace hacen hacer hago hay he hola"
    " informacion la las le les lo los mas me mi mio mis mucho muy nada ni no nos o otra otro para pero por porque pregunta"
    " preguntar puede pueden puedo pues que queria quien quienes quiero quisiera saber se sea ser si sin sino sobre solo"
    " somos son soy su sus tal tambien tan te tengo tiene tienen toca todo tu un una uno unos usted ustedes va vale van"
    " voy y ya yo les doy cuesta diga digame explicar entiendo entender significa necesito tarde noche senor senora vecino"
    " vecina vecino veci don dona sumerce senorita doctor usuario usuaria casa nombre tocaba dijo dijeron"
    " averiguo averiguar vez veces tanto tantos igual verdad vino vinieron venir llegar llega llego paso pasa pasar presente"
    " tener hacerlo sirve funciona seria sera eh ok oiga oye mire vea ayuda ayudar ayudeme colabora".split()
)

_SURE, _POSSIBLE, _AHEAD = 0.62, 0.46, 0.12
#: What a word that no article has weighs against them all, beside the rarest word that one has.
_UNKNOWN = 0.8
_MOST_OFFERED = 3
_SLIP = 84
_SHORTEST_STEM, _SHORTEST_SLIP = 3, 5
_MOST_WORDS = 40
_STRETCH = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What a question met: ``una`` article, ``varias`` to choose from (best first), or ``ninguna``."""

    kind: Literal["una", "varias", "ninguna"]
    ids: tuple[str, ...] = ()


class Shelf:
    """An index over articles.

    Args:
        articles: id → (title, ways to ask for it).
        words: cuts a text into its words in one spelling (lower case, no accents).
        sound: writes a stem as it sounds, so that «resibo» and «recibo» are one.
    """

    def __init__(
        self,
        articles: Mapping[str, tuple[str, Sequence[str]]],
        words: Callable[[str], Sequence[str]],
        sound: Callable[[str], str] = str,
    ) -> None:
        """Build the index in memory."""
        self._words = words
        self._sound = sound
        self._ids = tuple(articles)
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("create virtual table shelf using fts5(title, asked, tokenize = 'ascii')")
        vocabulary: set[str] = set()
        for number, (title, asked) in enumerate(articles.values(), start=1):
            columns = [self._stems(title), self._stems("\n".join(asked))]
            vocabulary.update(*columns)
            self._index.execute(
                "insert into shelf (rowid, title, asked) values (?, ?, ?)",
                (number, *(" ".join(each) for each in columns)),
            )
        self._vocabulary = tuple(sorted(vocabulary))

    def find(self, question: str, allowed: Collection[str] | None = None) -> Found:
        """Return what answers ``question`` among the ``allowed`` ids (all when None)."""
        stems = list(dict.fromkeys(self._stems(question)))[:_MOST_WORDS]
        known = {stem: self._holders(self._mended(stem)) for stem in stems}
        covered: dict[str, float] = {}
        # A long message tells a story around its question: its best stretch counts.
        for start in range(max(1, len(stems) - _STRETCH + 1)):
            part = {stem: known[stem] for stem in stems[start : start + _STRETCH]}
            for name, share in self._coverage(part).items():
                covered[name] = max(covered.get(name, 0.0), share)
        order = self._ranking([self._mended(stem) for stem in stems])
        ranked = sorted(
            (name for name in covered if allowed is None or name in allowed),
            key=lambda name: (-round(covered[name], 2), order.get(name, math.inf)),
        )
        if not ranked or covered[ranked[0]] < _POSSIBLE:
            return Found("ninguna")
        best = covered[ranked[0]]
        near = [name for name in ranked if covered[name] >= max(_POSSIBLE, best - _AHEAD)][:_MOST_OFFERED]
        if len(near) == 1 or (best >= _SURE and self._is_clear(near, order)):
            return Found("una", (near[0],))
        return Found("varias", tuple(near))

    def says_something(self, question: str) -> bool:
        """Tell whether ``question`` has a word of substance."""
        return bool(self._stems(question))

    def _is_clear(self, near: Sequence[str], order: Mapping[str, float]) -> bool:
        """Tell whether BM25 (lower is better) sets the first well apart from the second."""
        first, second = order.get(near[0], 0.0), order.get(near[1], 0.0)
        return first < second * 1.25

    def _coverage(self, known: Mapping[str, frozenset[int]]) -> dict[str, float]:
        count = len(self._ids)
        weight = {
            stem: math.log((count + 1) / (len(rows) + 0.5)) * (1.0 if rows else _UNKNOWN)
            for stem, rows in known.items()
        }
        whole = sum(weight.values())
        if not whole:
            return {}
        return {
            self._ids[row - 1]: sum(weight[stem] for stem, rows in known.items() if row in rows) / whole
            for row in {row for rows in known.values() for row in rows}
        }

    def _ranking(self, stems: Sequence[str]) -> dict[str, float]:
        if not stems:
            return {}
        wanted = " OR ".join(f'"{stem}"' for stem in dict.fromkeys(stems))
        rows = self._index.execute("select rowid, bm25(shelf, 3.0, 1.0) from shelf where shelf match ?", (wanted,))
        return {self._ids[row - 1]: score for row, score in rows}

    def _holders(self, stem: str) -> frozenset[int]:
        rows = self._index.execute("select rowid from shelf where shelf match ?", (f'"{stem}"',))
        return frozenset(row for (row,) in rows)

    def _mended(self, stem: str) -> str:
        if stem in self._vocabulary or len(stem) < _SHORTEST_SLIP:
            return stem
        # Few people miss the first letter, and many words end alike.
        alike = [each for each in self._vocabulary if each[0] == stem[0]]
        near = process.extractOne(stem, alike, scorer=fuzz.ratio, score_cutoff=_SLIP)
        return near[0] if near else stem

    def _stems(self, text: str) -> list[str]:
        words = (word for word in self._words(text) if word.isalpha() and word not in STOP)
        return [self._sound(stem(word)).lower() for word in words]


def stem(word: str) -> str:
    """Cut the plural, the gender and the person off a folded word: ``subsidios`` and ``subsidio`` → ``subsidi``."""
    for ending in ("aciones", "acion", "ando", "iendo", "aron", "ieron", "aban", "amos", "emos", "ces"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    for ending in ("es", "os", "as", "ar", "er", "ir", "an", "en", "ado", "ida", "ido", "ada", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word[:-1] if word[-1] in "aeo" and len(word) > _SHORTEST_STEM else word
