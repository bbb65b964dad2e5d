"""Neighbourhoods, villages and sectors by a gazetteer that forgives accents and slips of the finger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold, shorten, squeeze

_CLOSE_ENOUGH = 86
_LONGEST_NAME = 5
_MOST_WORDS = 400
_MOST_CUES = 12
_ARTICLES = frozenset("el la los las de del san santa santo".split())
_CUE = re.compile(
    r"\b(?:barrio|varrio|bario|brr|sector|vereda|vda|urbanizacion|urb|conjunto|comuna|corregimiento|invasion|"
    r"asentamiento|localidad|caserio|(?:vivo en|por aca en|aqui en|aca en|somos de|soy de)"
    r"(?! (?:el |la )?(?:barrio|sector|vereda|conjunto|urbanizacion|comuna|corregimiento)\b))\s+"
    r"((?:(?:el|la|los|las|de|del|san|santa|santo|villa|ciudad|nuevo|nueva|alto|bajo)\s+){0,3}[a-z0-9]{1,20}"
    r"(?:\s[a-z0-9]{1,20}){0,3})"
)
_NAMED = re.compile(r"\A(?:barrio|varrio|bario|brr|sector|vereda|vda|urbanizacion|urb|conjunto|comuna|corregimiento)\b")
_STOP = frozenset(
    "no se que hay esta desde hace con sin y o pero porque por para cuando donde es fue son tenemos tengo estamos llego"
    " llega lleva llevamos nos me ya aun en a mi necesito quiero hoy ayer anoche todavia aqui alla buenas gracias al del"
    " otra vez siempre tampoco tambien ni si como esto este esta un una cerca frente donde van va esa ese calle carrera"
    " queda mis sus su tu este quedo otro otra cra cll cl kr manzana mz casa cs telefono cel sigue seguimos".split()
)
_WORD = re.compile(r"[a-z0-9]+")


class Gazetteer:
    """Names of places and the value each stands for (a sector id or its official name).

    Args:
        names: what people may call a place → value; compared without case, accents and signs.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._values = {squeeze(name): value for name, value in (names or {}).items() if squeeze(name)}
        self._names = tuple(self._values)
        self._firsts = frozenset(name.split()[0] for name in self._names)

    @classmethod
    def of(cls, names: Iterable[str]) -> Gazetteer:
        """Return a gazetteer in which each name stands for itself."""
        return cls({name: name for name in names})

    def __len__(self) -> int:
        """Return how many names are known."""
        return len(self._names)

    def may_begin(self, word: str) -> bool:
        """Whether a name begins with this ``word``."""
        return word in self._firsts

    def exact(self, phrase: str) -> str | None:
        """Return the value of a squeezed ``phrase``, or None."""
        return self._values.get(phrase)

    def nearest(self, phrase: str) -> str | None:
        """Return the value of the name most like ``phrase``, or None when nothing is like it enough."""
        if not self._names or len(phrase) > 60:  # noqa: PLR2004 - no place has a longer name
            return None
        from rapidfuzz import fuzz, process

        best = process.extractOne(squeeze(phrase), self._names, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        return self._values[best[0]] if best else None


def _bounded(words: list[str]) -> list[str]:
    """Return the words of a place, up to where the sentence goes on; nothing when it goes on at once."""
    kept: list[str] = []
    for word in words:
        if word in _STOP and word not in _ARTICLES:
            break
        kept.append(word)
    while kept and kept[-1] in _ARTICLES:
        kept.pop()
    return kept


def _read_known(reading: Reading, gazetteer: Gazetteer) -> None:
    words = list(islice(_WORD.finditer(reading.text), _MOST_WORDS))
    spelled = [shorten(word[0]) for word in words]
    for place, first in enumerate(spelled):
        if not gazetteer.may_begin(first):
            continue
        for size in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            value = gazetteer.exact(" ".join(spelled[place : place + size]))
            if value is not None and reading.add("sector", value, words[place].start(), words[place + size - 1].end()):
                break


def read(reading: Reading, gazetteer: Gazetteer | None) -> None:
    """Find ``sector``: names the gazetteer knows anywhere, names like them or unknown after "barrio", "vereda"."""
    if gazetteer is not None and len(gazetteer):
        _read_known(reading, gazetteer)
    for match in islice(_CUE.finditer(reading.text), _MOST_CUES):
        words = _bounded(match[1].split())
        if not words:
            continue
        start = match.start(1)
        for size in range(len(words), 0, -1):
            phrase = " ".join(words[:size])
            value = gazetteer.nearest(phrase) if gazetteer is not None else None
            if value is not None:
                reading.add("sector", value, start, start + len(phrase))
                break
        else:
            if _NAMED.match(match[0]):
                phrase = " ".join(words)
                begin = match.start() if match[0].startswith("comuna") else start
                reading.add("sector", _titled(reading, begin, start + len(phrase)), begin, start + len(phrase))


def _titled(reading: Reading, start: int, end: int) -> str:
    left, right = reading.folded.span(start, end)
    small = {"de", "del", "la", "las", "los", "el", "y"}
    words = reading.original[left:right].split()
    return " ".join(
        word.lower() if word.lower() in small and place else word[:1].upper() + word[1:]
        for place, word in enumerate(words)
    )


def read_sector(text: str, gazetteer: Gazetteer | None) -> str | None:
    """Read the whole of ``text`` as the name of a place the gazetteer knows, or None."""
    if gazetteer is None:
        return None
    phrase = re.sub(r"\A(?:en |el |del )*(?:barrio|sector|vereda)\s+", "", squeeze(fold(text).text))
    return gazetteer.exact(phrase) or gazetteer.nearest(phrase)
