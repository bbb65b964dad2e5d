"""Names of persons: after "me llamo", "soy", "mi nombre es", or as a direct answer."""

from __future__ import annotations

import re
from itertools import islice

from bot.nlu.entities.found import Reading
from bot.nlu.entities.nombres import ALSO_WORDS, GIVEN, NOT_A_NAME, SMALL
from bot.nlu.normalise import fold

_TITLE = r"(?:(?:el |la )?(?:don|dona|sr\.?|sra\.?|senor|senora|seno|senorita|doctora?|dr\.?|dra\.?|profe|profesora?|ingenier[oa]|tecnic[oa]) )?"
_INTRODUCED = re.compile(
    r"\b(me llamo|mi nombre(?: completo)? es|(?:le|les) (?:habla|escribe|saluda)|habla con|(?<!no )habla|me dicen|"
    rf"soy|nombre\s?:|titular(?: es|:)|atte\.?:?|atentamente,?)\s+{_TITLE}(?=[a-z])"
)
#: "con Fulana de Tal, mucho gusto".
_GREETED = re.compile(
    r"(?:\A|[,.] ?|\b)con ([a-z]{3,14}(?: [a-z]{2,14}){0,4}), (?:mucho gusto|para servirle|a la orden)\b"
)
_KIN = r"herman[oa]|espos[oa]|marido|mujer|hij[oa]|mama|papa|ma|pa|madre|padre|ti[oa]|abuel[oa]|suegr[oa]|prim[oa]|cunad[oa]|novi[oa]|comadre|compadre|amig[oa]|vecin[oa]|nuera|yerno|niet[oa]|jef[ea]"
#: Words that lead to the name of somebody who is spoken of.
_OTHER = re.compile(
    r"\b(don|dona|senora?|seno|senorita|sra?\.?|joven|muchach[oa]|tecnic[oa]|ingenier[oa]|inge|doctora?|dra?\.?|asesora?|"
    r"funcionari[oa]|operari[oa]|cajer[oa]|emplead[oa]|profe|profesora?|comadre|compadre|vecin[oa]|patrona|patron|conductor|"
    rf"(?:mi|su|la|el) (?:{_KIN})|una? tal|se llama|a nombre de|a nombre de (?:(?:mi|su) (?:{_KIN})|ella|el)|hoja de vida de|apellido,? que es)\s+(?=[a-z])"
)
#: After these even a word nobody knows is a name ("doña yoli").
_SURE_TITLES = frozenset({"don", "dona"})
_PLACE_BEFORE = re.compile(
    r"\b(?:san|santa|villa|barrio|brr|vereda|puerto|en|calle|avenida|av|sector|colegio|hospital|parque|ciudad|clinica|banco|edificio|conjunto|por|rio) \Z"
)
_WORD = re.compile(r"[a-z'-]+")
#: The role of a name that is not that of whoever writes.
OTHER = "otra_persona"
_MOST_BARE = 120
_MOST_CUES = 100
_NEAR = 16
_MOST_WORDS = 6
_LONGEST_NAME = 80


def _cut(reading: Reading, start: int) -> tuple[int, int] | None:
    """Return the span of the words from ``start`` that can be a name."""
    end = start
    count = 0
    at = start
    while count < _MOST_WORDS:
        match = _WORD.match(reading.text, at)
        if not match or (match[0] in NOT_A_NAME and match[0] not in SMALL):
            break
        count += 1
        if match[0] not in SMALL:
            end = match.end()
        at = match.end()
        if reading.text[at : at + 1] != " ":
            break
        at += 1
    return (start, end) if end > start else None


def _is_credible(reading: Reading, cue: str, start: int, end: int) -> bool:
    words = reading.text[start:end].split()
    if words[0] in NOT_A_NAME or words[0] in SMALL or len(words[0]) < 2:  # noqa: PLR2004
        return False
    if cue == "me llamo" and "ó" in _said(reading, start - len("llamo "), start).lower():
        return False  # "me llamó alguien"
    if cue in {"me llamo", "nombre:", "nombre :"} or cue.startswith(("mi nombre", "atte", "atentamente", "titular")):
        return True
    return words[0] in GIVEN or _is_capital(reading, start)


def _said(reading: Reading, start: int, end: int) -> str:
    left, right = reading.folded.span(start, end)
    return reading.original[left:right]


def _is_capital(reading: Reading, start: int) -> bool:
    """Whether the word at ``start`` has one capital, its first letter."""
    left, _ = reading.folded.span(start, start + 1)
    return reading.original[left].isupper() and not reading.original[left + 1 : left + 2].isupper()


def titled(name: str) -> str:
    """Write a name with capitals where they belong: ``maría de la paz`` → ``María de la Paz``."""
    words = name.split()
    return " ".join(
        word.lower()
        if word.lower() in SMALL and place
        else word
        if word[:1].isupper() and not word.isupper()
        else word[:1].upper() + word[1:].lower()
        for place, word in enumerate(words)
    )


def _keep(reading: Reading, start: int, end: int, role: str = "") -> None:
    left, right = reading.folded.span(start, end)
    reading.add("nombre", titled(reading.original[left:right]), start, end, role)


def read(reading: Reading) -> None:
    """Find ``nombre`` where a person is introduced; with the role "otra_persona" where somebody is spoken of."""
    for match in islice(_INTRODUCED.finditer(reading.text), _MOST_CUES):
        span = _cut(reading, match.end())
        if span and _is_credible(reading, match[1].strip(), *span):
            _keep(reading, *span)
    for match in _GREETED.finditer(reading.text):
        if match[1].split()[0] in GIVEN or _is_capital(reading, match.start(1)):
            _keep(reading, *match.span(1))
    for match in islice(_OTHER.finditer(reading.text), _MOST_CUES):
        span = _cut_other(reading, match.end())
        if span and _is_other(reading, match[1], *span):
            _keep(reading, *span, OTHER)
    _read_bare(reading)


def _cut_other(reading: Reading, start: int) -> tuple[int, int] | None:
    """Return the span of a name without a bound of its own: one word, and those with a capital that follow it."""
    span = _cut(reading, start)
    if span is None:
        return None
    words = list(_WORD.finditer(reading.text, *span))
    end = words[0].end()
    for word in words[1:]:
        if _is_capital(reading, word.start()) or (word[0] in GIVEN and word[0] not in ALSO_WORDS):
            end = word.end()
        elif word[0] not in SMALL:
            break
    return start, end


def _is_other(reading: Reading, cue: str, start: int, end: int) -> bool:
    first = reading.text[start:end].split()[0]
    if first in NOT_A_NAME or first in SMALL or len(first) < 3:  # noqa: PLR2004
        return False
    return cue in _SURE_TITLES or first in GIVEN or _is_capital(reading, start)


def _read_bare(reading: Reading) -> None:
    """Find given names that stand inside a sentence with a capital: "me eligieron a mí, Germán Tafur"."""
    for match in islice(_WORD.finditer(reading.text), _MOST_BARE):
        if match[0] not in GIVEN or not match.start() or not _is_capital(reading, match.start()):
            continue
        before = reading.text[max(0, match.start() - _NEAR) : match.start()]
        if _PLACE_BEFORE.search(before) or not reading.is_free(*match.span()):
            continue
        span = _cut_other(reading, match.start()) or match.span()
        is_single = span[1] == match.end()
        if not is_single or (match[0] not in ALSO_WORDS and not re.search(r"[.!?:\n]\s*\Z", before)):
            _keep(reading, *span, OTHER)


def read_name(text: str) -> str | None:
    """Read the whole of ``text`` as a person's name, with or without "me llamo"; None when it cannot be one."""
    folded = fold(text)
    introduced = _INTRODUCED.match(folded.text.lstrip())
    original = text.strip()
    if introduced:
        spaces = len(folded.text) - len(folded.text.lstrip())
        left, _ = folded.span(introduced.end() + spaces, introduced.end() + spaces + 1)
        original = text[left:]
    original = re.split(r"[,;\n]|\b(?:c\.?c|cédula|cedula|identificad[oa])\b", original, maxsplit=1)[0].strip(" .!")
    if not original or len(original) > _LONGEST_NAME or re.search(r"[\d@#$%/\\<>{}?¿!¡=]", original):
        return None
    words = fold(original).text.split()
    if not words or len(words) > _MOST_WORDS or not all(re.fullmatch(r"[a-z.'’-]+", word) for word in words):
        return None
    if words[0] in NOT_A_NAME or (len(words) == 1 and len(words[0]) < 2):  # noqa: PLR2004
        return None
    if any(word in NOT_A_NAME and word not in SMALL for word in words):
        return None
    return titled(original)


def introduces(text: str, name: str) -> bool:
    """Whether ``text`` can only have meant a name: an introduction, or a given name everybody bears."""
    folded = fold(text).text.lstrip()
    return _INTRODUCED.match(folded) is not None or fold(name).text.split()[0] in GIVEN
