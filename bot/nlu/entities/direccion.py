"""Colombian addresses in the canon of cadastre: "Cra 7 No. 45-12" is ``KR 7 # 45-12``."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold
from bot.nlu.numbers import ORDINALS, leading_number

_WAYS = (
    ("AC", r"avenida calle|avda\.? calle|av\.? ?(?:calle|cll|cl)|ac"),
    ("AK", r"avenida carrera|avda\.? carrera|av\.? ?(?:carrera|cra|kra|kr)|ak"),
    ("CQ", r"circular|circ|cq"),
    ("DG", r"diagonal|diag|dg|dig"),
    ("TV", r"transversal|transversa|tranversal|transv|trans|tranv|trv|tv|tr"),
    ("CL", r"calle|caye|cale|callle|clle|cll|cl"),
    ("KR", r"carrera|karrera|carera|cararera|carr|crra|cra|kra|kr|cr"),
    ("AV", r"avenida|abenida|autopista|autop|avda|ave|av"),
)
_WAY = "|".join(f"(?P<{code}>{words})" for code, words in _WAYS)
# A letter stands at the number ("52A", "3N") or apart from it; apart, only letters that no word of Spanish is.
_NUMBER = (
    r"\d{{1,3}}(?:(?P<{0}_letter>(?!no\b)[a-z]{{1,2}})(?![a-z])| (?P<{0}_apart>[abcdfgh])(?![a-z]))?"
    r"(?: ?(?P<{0}_bis>bis)(?: ?(?P<{0}_bis_letter>[a-z])(?![a-z]))?)?(?: ?(?P<{0}_side>sur|norte|este|oeste)\b)?"
)
_SEP = r"\s{0,2}(?:,\s?)?(?:#|nro\.?|numero|num\.?|no\.?|n\.|n(?=\s?\d)|con(?: (?:calle|carrera|cra|cll|cl|kr|kra|cr|diagonal|transversal|la))?|por|x|/)?\s{0,2}#?\s{0,2}"
_STREET = re.compile(
    rf"\b(?:{_WAY})\.?\s{{0,2}}(?:#\s?)?(?P<first>{_NUMBER.format('a')}){_SEP}"
    rf"(?P<second>{_NUMBER.format('b')})"
    r"(?:\s{0,2}(?:-|–|\s)\s{0,2}(?P<plate>\d{1,3})(?![\d.:])(?: ?(?P<plate_side>sur|norte|este|oeste)\b)?|\s{0,2},?\s?(?P<corner>esquina))?"
)
_PARTS = (
    ("AP", r"apartamento|apartamentos|apto|aparta|ap|apt"), ("TO", r"torre|to"), ("BL", r"bloque|blq|bl"),
    ("IN", r"interior|int|in"), ("CS", r"casa|cs|csa"), ("LT", r"lote|lt"), ("MZ", r"manzana|manz|mza|mz"),
    ("PI", r"piso|pi"), ("LC", r"local|lc|loc"), ("OF", r"oficina|of"), ("ET", r"etapa|et"), ("KM", r"kilometro|km"),
)  # fmt: skip
_PLACES = (
    ("VIA", r"via|carretera"), ("VDA", r"vereda|vda|bereda"), ("FCA", r"finca|fca"), ("CORR", r"corregimiento|corr|correg"),
    ("CONJ", r"conjunto(?: residencial| cerrado)?|conj"), ("URB", r"urbanizacion|urb"), ("BRR", r"barrio|brr|varrio|bario"),
    ("COM", r"comuna|com"), ("LOCALIDAD", r"localidad"), ("SEC", r"sector"), ("INV", r"invasion"), ("ASN", r"asentamiento"),
    ("ED", r"edificio|ed"), ("PARCELA", r"parcela"),
)  # fmt: skip
_CODES = {word: code for code, words in _PARTS for word in words.split("|")}
_PART = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in _PARTS)
    + r")\.?\s{0,2}(?:#|no\.?|numero)?\s{0,2}"
    r"(?P<value>\d{1,4}(?:[a-z](?![a-z\d])| [a-d](?![a-z\d])|(?![a-z\d]))|[a-z]\d{0,3}(?![a-z\d]))"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"(?P<{code}>{words})" for code, words in _PLACES) + r")\.?\s{1,2}"
    r"(?P<value>(?:(?:la|el|los|las|san|santa|santo|villa|a|al) ){0,2}[a-z0-9]{1,20}(?: [a-z0-9]{1,20}){0,3})"
)
_STOP = frozenset(
    "no se que hay esta desde hace con sin y o pero porque por para cuando donde es fue son tenemos tengo estamos llego"
    " llega lleva llevamos nos me ya aun en mi necesito quiero hoy ayer anoche todavia aqui alla buenas gracias frente"
    " telefono tel cel celular apartamento apto torre bloque interior casa cs lote manzana mz piso local etapa vereda"
    " vda finca fca barrio brr sector km kilometro via corregimiento municipio cedula cuenta a al cerca esquina antes"
    " despues conjunto urbanizacion siempre tampoco sigue queda soy somos".split()
)
_RURAL = frozenset({"KM", "VDA", "FCA", "MZ", "PARCELA", "CORR"})
_JOINS = re.compile(r"[\s,.;:-]{0,4}(?:(?:de|del|en|el|la)\s)?(?:\s?)")
_WAY_WORD = re.compile(r"\b(?:calle|carrera|diagonal|transversal|avenida|circular|cra|cll|kra|dg|tv)\b")
_MOST_PARTS = 10


def _numbered(match: re.Match[str], group: str, name: str) -> str:
    digits = re.match(r"\d+", match[name])
    text = digits[0] if digits else ""
    text += (match[f"{group}_letter"] or match[f"{group}_apart"] or "").upper()
    if match[f"{group}_bis"]:
        text += " BIS" + (f" {match[f'{group}_bis_letter'].upper()}" if match[f"{group}_bis_letter"] else "")
    if match[f"{group}_side"]:
        text += f" {match[f'{group}_side'].upper()}"
    return text


def _street(match: re.Match[str]) -> str:
    way = next(code for code, _ in _WAYS if match[code])
    text = f"{way} {_numbered(match, 'a', 'first')} # {_numbered(match, 'b', 'second')}"
    if match["plate"]:
        text += f"-{match['plate']}" + (f" {match['plate_side'].upper()}" if match["plate_side"] else "")
    elif match["corner"]:
        text += " ESQUINA"
    return text


def _named(match: re.Match[str]) -> tuple[str, int] | None:
    """Return (canon, end) of a named place, cut where the sentence goes on."""
    code = next(code for code, _ in _PLACES if match[code])
    kept: list[str] = []
    for word in match["value"].split():
        if word in _STOP and kept and word not in {"el", "la"}:
            break
        if word in _STOP and not kept and word not in {"a", "al"}:
            return None
        kept.append(word)
    while kept and kept[-1] in {"el", "la", "los", "las", "de", "del"}:
        kept.pop()
    if not kept:
        return None
    return f"{code} {' '.join(kept).upper()}", match.start("value") + len(" ".join(kept))


def _next_part(text: str, at: int) -> tuple[str, str, int] | None:
    """Return (code, canon, end) of the complement that begins at ``at`` or after a comma."""
    joined = _JOINS.match(text, at)
    for start in (joined.end() if joined else at, at):
        part = _PART.match(text, start)
        if part:
            code = next(code for code, _ in _PARTS if part[code])
            return code, f"{code} {part['value'].replace(' ', '').upper()}", part.end()
        place = _PLACE.match(text, start)
        if place:
            found = _named(place)
            if found:
                return found[0].split()[0], found[0], found[1]
    return None


def _complements(text: str, at: int) -> tuple[list[str], int]:
    parts: list[str] = []
    while len(parts) < _MOST_PARTS:
        found = _next_part(text, at)
        if found is None:
            break
        parts.append(found[1])
        at = found[2]
    return parts, at


def _digits_for_words(text: str) -> str:
    """Write the numbers in words of a dictated address with digits: "carrera séptima numero cuarenta y cinco"."""
    words = text.split(" ")
    written: list[str] = []
    place = 0
    while place < len(words):
        if words[place] in ORDINALS and written and _WAY_WORD.fullmatch(written[-1]):
            written.append(str(ORDINALS[words[place]]))
            place += 1
            continue
        found = leading_number(words[place : place + 4])
        if found:
            written.append(str(found[0]))
            place += found[1]
        else:
            written.append(words[place])
            place += 1
    return " ".join(written)


def _first(text: str) -> tuple[str, int, int] | None:
    """Return (canon, start, end) of the first address in a folded ``text``."""
    street = _STREET.search(text)
    if street and _is_street(street):
        parts, end = _complements(text, street.end())
        return " ".join([_street(street), *parts]), street.start(), end
    for begin in re.finditer(
        r"(?<![a-z])(?:mz|mza|manz|manzana|km|kilometro|vereda|vda|finca|fca|corregimiento|parcela)\b", text
    ):
        parts, end = _complements(text, begin.start())
        codes = {part.split()[0] for part in parts}
        if len(parts) > 1 and codes & _RURAL:
            return " ".join(parts), begin.start(), end
    return None


def _is_street(match: re.Match[str]) -> bool:
    """Whether it is more than a way with two loose numbers: "tr 3 4" alone could be anything."""
    way = next(code for code, _ in _WAYS if match[code])
    said = match[way]
    return len(said) > 2 or bool(match["plate"]) or "#" in match[0]  # noqa: PLR2004 - "tv", "cr", "ac" are short


def read(reading: Reading) -> None:
    """Find ``direccion`` in the canon of §8.2: way, number, ``#``, number, ``-``, plate, complements."""
    offset = 0
    for _ in range(3):
        found = _first(reading.text[offset:])
        if found is None:
            break
        canon, start, end = found
        reading.add("direccion", canon, offset + start, offset + end)
        offset += end
    if not offset and _WAY_WORD.search(reading.text):
        dictated = _first(_digits_for_words(reading.text))
        if dictated:
            way = _WAY_WORD.search(reading.text)
            reading.add("direccion", dictated[0], way.start() if way else 0, len(reading.text.rstrip()))


def read_address(text: str) -> str | None:
    """Read the first address of ``text`` in canon form, or None when it has no nomenclature."""
    folded = fold(text).text
    found = _first(folded) or _first(_digits_for_words(folded))
    return found[0] if found else None
