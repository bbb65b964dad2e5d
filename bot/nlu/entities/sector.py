"""Neighbourhoods, villages and sectors by a gazetteer that forgives accents and slips of the finger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold, shorten, squeeze

_CLOSE_ENOUGH = 86
#: Where no word says that a place follows, a name has to be nearer and longer.
_VERY_CLOSE = 88
_LONG_NAME = 7
_MOST_GUESSES = 24
_LONGEST_NAME = 5
_KIND = re.compile(r"\A(?:vereda|barrio|urbanizacion|sector|conjunto|corregimiento|ciudadela) ")
_MOST_WORDS = 400
_NEAR = 24
_LEADING_WORDS = frozenset(
    "en por x de del d para pa pal desde hasta hacia barrio sector vereda vda circuito somos".split()
)
_MOST_CUES = 12
_ARTICLES = frozenset("el la los las de del san santa santo".split())
_CUE = re.compile(
    r"\b(?:barrio|varrio|bario|brr|sector|vereda|vda|urbanizacion|urb|conjunto|comuna|corregimiento|invasion|"
    r"asentamiento|localidad|caserio|(?:vivo en|por aca en|aqui en|aca en|somos de|soy de)"
    r"(?! (?:el |la )?(?:barrio|sector|vereda|conjunto|urbanizacion|comuna|corregimiento)\b))\s+"
    r"((?:(?:el|la|los|las|de|del|san|santa|santo|villa|ciudad|nuevo|nueva|alto|bajo)\s+){0,3}[a-z0-9]{1,20}"
    r"(?:\s[a-z0-9]{1,20}){0,3})"
)
#: Words that lead to a place; lower-case names that are also words ("la esperanza") count only after them.
_LEAD = re.compile(
    r"(?:\A|[,.;:] ?|\b(?:en|por|x|de|del|d|para|pa|pal|desde|hasta|hacia|a|al|barrio|sector|vereda|vda|y|e|o|ni|circuito|somos|con)) (?:(?:el|la|los|las) )?\Z|\A(?:(?:el|la|los|las) )?\Z"
)
#: Names of neighbourhoods that are everyday words.
_WORDS = frozenset(
    "alameda amistad aurora bosque campo castillo ceiba centro cerro colina dorado esmeralda esperanza estacion estrella"
    " floresta fortuna gloria granja hacienda independencia isla jardin jardines lago laguna libertad loma mango milagrosa"
    " mirador palma palmas parque paz pinos playa plaza porvenir portal prado pradera praderas primavera progreso puente"
    " recreo rio roble robles rosal rosales sol triunfo union victoria villa".split()
)
#: After such a name, these make it the everyday thing: "centro comercial", "el jardín de mi casa".
_THING_AFTER = re.compile(
    r" (?:comercial|medico|educativo|historico|vacacional|recreacional|deportivo|infantil|de (?:que|salud|mi|mis|su|sus|la casa|"
    r"atencion|acopio|servicios?|vida|convivencia|copiado|mando|control|computo|todos?|los|las)|y salvo|verde|publico|principal)\b"
)
#: Heads of names that are seldom anything else, for neighbourhoods that no list knows: "Altos de la Colina".
_HEADS = (
    r"altos|alto|brisas|mirador|portal|portales|ciudadela|villas?|balcones|parques|torres|senderos|jardines|bosques|praderas|"
    r"colinas|lomas|prados|quintas|rincon|hacienda|urbanizacion|conjunto|nuevo|nueva|san|santa|el|la|los|las"
)
_UNKNOWN = re.compile(
    rf"\b(?:en|por|x|d|de|para|pa|hacia|hasta|desde|circuito) ((?:{_HEADS}) (?:(?:de|del|la|los|las) ){{0,2}}[a-z]{{3,20}}(?: [a-z]{{3,20}})?)\b"
)
_NOT_A_PLACE = frozenset(
    "empresa superintendencia superservicios alcaldia junta fiscalia policia gerencia gobernacion personeria universidad"
    " sena dian señor dios virgen ley constitucion corte resolucion vieja nueva primera segunda anterior".split()
)
_NAMED = re.compile(r"\A(?:barrio|varrio|bario|brr|sector|vereda|vda|urbanizacion|urb|conjunto|comuna|corregimiento)\b")
_STOP = frozenset(
    "no se que hay esta desde hace con sin y o pero porque por para cuando donde es fue son tenemos tengo estamos llego"
    " llega lleva llevamos nos me ya aun en a mi necesito quiero hoy ayer anoche todavia aqui alla buenas gracias al del"
    " otra vez siempre tampoco tambien ni si como esto este esta un una cerca frente donde van va esa ese calle carrera"
    " queda mis sus su tu este quedo otro otra cra cll cl kr manzana mz casa cs telefono cel sigue seguimos"
    " mal bien yo equivocado equivocada entero entera completo completa todo toda mismo misma esos echando quedo le les"
    " quienes cual todos nada alla ahi ahora tan muy mas menos solo sola fue era han ha he son"
    " tiene tienen quiere quieren solicito reclamo interpongo pido exijo denuncio vendi quitan quita pasa pasan viene vienen"
    " llegan cada coma punto xfa residencial industrial rural urbano urbana viejo entonces comercial poste luz agua gas tanque"
    " carro basura tubo gente empresa lunes martes miercoles jueves viernes sabado sabados domingo domingos tuberia estan secos"
    " hecho hecha duerme duermen recibir fecha reunion trabaja trabajan vive viven sufre sufren paga pagan sale salen quedan"
    " dice dicen hace hacen parece puede pueden debe deben pide piden espera esperan sabe saben sabemos vecino vecina".split()
)
#: No name of a place ends with these.
_ENDLESS = _STOP | frozenset("el la los las de del".split())
_GOING_ON = re.compile(r"[a-z]{2,20}(?:ando|endo|ieron|aban)|[a-z]{4,20}(?:amos|emos|imos|aron)")
_WORD = re.compile(r"[a-z0-9]+")


class Gazetteer:
    """Names of places and the value each stands for (a sector id or its official name).

    Args:
        names: what people may call a place → value; compared without case, accents and signs.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._values = {squeeze(name): value for name, value in (names or {}).items() if squeeze(name)}
        for name, value in tuple(self._values.items()):
            self._values.setdefault(_KIND.sub("", name), value)
        self._names = tuple(self._values)
        self._firsts = frozenset(name.split()[0] for name in self._names)
        # "villaluz": names of several words are also written as one.
        self._joined = {name.replace(" ", ""): name for name in self._names if " " in name and len(name) >= _LONG_NAME}

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

    def joined(self, word: str) -> str | None:
        """Return the value of a name that is written as one ``word``, or None."""
        name = self._joined.get(word)
        return self._values[name] if name is not None else None

    def nearest(self, phrase: str, likeness: float = _CLOSE_ENOUGH) -> str | None:
        """Return the value of the name most like ``phrase``, or None when nothing is like it by ``likeness`` percent."""
        if not self._names or len(phrase) > 60:  # noqa: PLR2004 - no place has a longer name
            return None
        from rapidfuzz import fuzz, process

        best = process.extractOne(squeeze(phrase), self._names, scorer=fuzz.ratio, score_cutoff=likeness)
        return self._values[best[0]] if best else None


def _bounded(words: list[str]) -> list[str]:
    """Return the words of a place, up to where the sentence goes on; nothing when it goes on at once."""
    kept: list[str] = []
    for word in words:
        if (
            (word in _STOP and word not in _ARTICLES)
            or _GOING_ON.fullmatch(word)
            or (not kept and word in {"de", "del"})
        ):
            break
        kept.append(word)
    while kept and kept[-1] in _ARTICLES:
        kept.pop()
    return kept


def _read_known(reading: Reading, gazetteer: Gazetteer) -> None:
    words = list(islice(_WORD.finditer(reading.text), _MOST_WORDS))
    spelled = [shorten(word[0]) for word in words]
    for place, first in enumerate(spelled):
        joined = gazetteer.joined(first)
        if joined is not None:
            reading.add("sector", joined, words[place].start(), words[place].end())
        if not gazetteer.may_begin(first):
            continue
        for size in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            value = gazetteer.exact(" ".join(spelled[place : place + size]))
            start, end = words[place].start(), words[place + size - 1].end()
            if value is not None and _is_place(reading, start, end) and reading.add("sector", value, start, end):
                break


def _is_place(reading: Reading, start: int, end: int) -> bool:
    """Whether a name of the gazetteer is meant, and not the everyday words it is made of."""
    text = reading.text
    if _WORDS.isdisjoint(text[start:end].split()):
        return True
    if _THING_AFTER.match(text, end):
        return False
    return _is_capital(reading, start) or bool(_LEAD.search(text[max(0, start - _NEAR) : start] if start else ""))


def _is_capital(reading: Reading, start: int) -> bool:
    """Whether a word inside the message has one capital, its first letter."""
    left, _ = reading.folded.span(start, start + 1)
    return start > 0 and reading.original[left].isupper() and not reading.original[left + 1 : left + 2].isupper()


def _read_misspelled(reading: Reading, gazetteer: Gazetteer) -> None:
    """Find names with a slip where a place may stand: at the beginning or after "en", "por", "de"."""
    words = list(islice(_WORD.finditer(reading.text), _MOST_WORDS))
    guesses = 0
    for place, word in enumerate(words):
        if place and words[place - 1][0] not in _LEADING_WORDS:
            continue
        for size in (4, 3, 2, 1):
            if place + size > len(words) or guesses >= _MOST_GUESSES or words[place + size - 1][0] in _ENDLESS:
                continue
            start, end = word.start(), words[place + size - 1].end()
            phrase = reading.text[start:end]
            if (
                len(phrase) < _LONG_NAME
                or not _is_place(reading, start, end)
                or not reading.is_free(start, end)
                or any(sign in phrase for sign in ".,;:\n")
            ):
                continue
            guesses += 1
            value = gazetteer.nearest(phrase, _VERY_CLOSE)
            if value is not None and reading.add("sector", value, start, end):
                break


def _read_unknown(reading: Reading) -> None:
    """Find names that no list knows but that are written as names of places: "en Altos de la Colina"."""
    for match in islice(_UNKNOWN.finditer(reading.text), _MOST_CUES):
        start = match.start(1)
        words = list(_WORD.finditer(reading.text, *match.span(1)))
        if (
            match[0].startswith("de san")
            or not _is_capital(reading, start)
            or not _NOT_A_PLACE.isdisjoint(word[0] for word in words)
        ):
            continue
        end = start
        for word in words:
            if _is_capital(reading, word.start()):
                end = word.end()
            elif word[0] not in _ARTICLES:
                break
        if end > words[0].end():
            reading.add("sector", _titled(reading, start, end), start, end)


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
    if gazetteer is not None and len(gazetteer):
        _read_misspelled(reading, gazetteer)
    _read_unknown(reading)


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
