"""Colombian addresses in the canon of cadastre: "Cra 7 No. 45-12" is ``KR 7 # 45-12``."""

from __future__ import annotations

import re
from itertools import islice

from bot.nlu.entities.found import Reading
from bot.nlu.entities.hablada import WAY_WORD, in_digits
from bot.nlu.normalise import fold
from bot.nlu.numbers import NUMBER_WORD, ORDINALS, leading_number

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
    r"\d{{1,3}}(?!\d)(?:(?P<{0}_letter>(?!no\b)[a-z]{{1,2}})(?![a-z])| (?P<{0}_apart>[abcdfgh])(?![a-z]))?"
    r"(?: ?(?P<{0}_bis>bis)(?: ?(?P<{0}_bis_letter>[a-z])(?![a-z]))?)?(?: ?(?P<{0}_side>sur|norte|este|oeste)\b)?"
)
_SEP = r"\s{0,2}(?:,\s?)?(?:#|numeral|entre(?: las)?(?: calles| carreras)?|nro\.?|numero|num\.?|no\.?|n\.|n(?=\s?\d)|con(?: (?:calle|carrera|cra|cll|cl|kr|kra|cr|diagonal|transversal|la))?|por|x|/)?\s{0,2}#?\s{0,2}"
_STREET = re.compile(
    rf"\b(?:{_WAY})\.?\s{{0,2}}(?:#\s?)?(?P<first>{_NUMBER.format('a')}){_SEP}"
    rf"(?P<second>{_NUMBER.format('b')})"
    r"(?:\s{0,2}(?:-|–|guion|raya|menos|\s)\s{0,2}(?P<plate>\d{1,3})(?![\d.:])(?: ?(?P<plate_side>sur|norte|este|oeste)\b)?|\s{0,2},?\s?(?P<corner>esquina))?"
)
_PARTS = (
    ("AP", r"apartamento|apartamentos|apto|aparta|ap|apt"), ("TO", r"torre|to"), ("BL", r"bloque|blq|bl"),
    ("IN", r"interior|int|in"), ("CS", r"casa|cs|csa"), ("LT", r"lote|lt"), ("MZ", r"manzana|mansana|manz|mza|mz"),
    ("PI", r"piso|pi"), ("LC", r"local|lc|loc"), ("OF", r"oficina|ofic|ofc|of"), ("ET", r"etapa|et"), ("KM", r"kilometro|km"),
)  # fmt: skip
_PLACES = (
    ("VIA", r"via|carretera"), ("VDA", r"vereda|vda|bereda"), ("FCA", r"finca|fca"), ("CORR", r"corregimiento|corr|correg"),
    ("CONJ", r"conjunto(?: residencial| cerrado)?|conj"), ("URB", r"urbanizacion|urb"), ("BRR", r"barrio|brr|varrio|bario"),
    ("COM", r"comuna|com"), ("LOCALIDAD", r"localidad"), ("SEC", r"sector"), ("INV", r"invasion"), ("ASN", r"asentamiento"),
    ("ED", r"edificio|ed"), ("PARCELA", r"parcela"),
)  # fmt: skip
_ORDINAL = "(?:" + "|".join(word for word, number in ORDINALS.items() if number > 0) + ")"
_FLOOR = re.compile(rf"(?P<floor>\d{{1,2}}|{_ORDINAL})(?:do|er|ro|to|mo|vo|no|o)? piso\b")
_PART = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in _PARTS)
    + r")\.?\s{0,2}(?:#|no\.?|numero)?\s{0,2}"
    r"(?P<value>\d{1,4}(?:[a-z](?![a-z\d])| [a-d](?![a-z\d])|(?![a-z\d]))|(?<![a-z])[a-z]\d{0,3}(?![a-z\d])|"
    + _ORDINAL
    + r"\b)"
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
#: An avenue with a name of its own; the sign is needed, for many things follow a name.
_NAMED_WAY = re.compile(
    r"\b(?:avenida|av|avda|autopista|autop)\.? (?P<way>[a-z]{3,14}(?: [a-z]{3,14})?) ?(?:#|n?no\.?|nro\.?|numero)\s{0,2}"
    r"(?P<number>\d{1,3}[a-z]?)\s?-\s?(?P<plate>\d{1,3})(?!\d)"
)
#: Corners by bare numbers: "la quinta con treinta y siete", "la 30 con 8"; what follows must not be what they count.
_CORNER = re.compile(
    rf"\bla (?P<first>\d{{1,3}}|{_ORDINAL}) con (?:la |calle |carrera )?(?P<second>\d{{1,3}}|(?:{NUMBER_WORD})(?: y (?:{NUMBER_WORD}))?|{_ORDINAL})"
    r"(?P<corner> esquina)?(?=\W{0,3}\Z|[,.;?!]|\s(?:hay|no|se|esta|estan|frente|desde|donde|y|del|en|al|cayo|por|sigue|un|una|botan)\b)"
)
#: What is counted after "calle 5 con 3" says that the 3 is no street.
_COUNTED = re.compile(
    r"\s?(?:dias?|veces|personas?|meses|horas?|anos?|casas?|familias?|ninos?|vecinos?|minutos?|semanas?|cuotas?|recibos?|mil)\b"
)
_MOST_PARTS, _MOST_STREETS, _MOST_ADDRESSES = 10, 40, 3
_BEGIN = re.compile(
    r"(?<![a-z])(?:mz|mza|manz|manzana|mansana|km|kilometro|vereda|vda|finca|fca|corregimiento|parcela|torre|bloque)\b"
)
_BUILDINGS, _DOORS = frozenset({"TO", "BL"}), frozenset({"AP", "CS", "OF", "LC"})


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
            return code, f"{code} {_ordinal(part['value']).replace(' ', '').upper()}", part.end()
        floor = _FLOOR.match(text, start)
        if floor:
            return "PI", f"PI {_ordinal(floor['floor'])}", floor.end()
        place = _PLACE.match(text, start)
        if place:
            found = _named(place)
            if found:
                return found[0].split()[0], found[0], found[1]
    return None


def _ordinal(word: str) -> str:
    return str(ORDINALS.get(word, word))


def _complements(text: str, at: int) -> tuple[list[str], int]:
    """Return the complements from ``at`` on, and where they end; a neighbourhood at the end is left to its own reader."""
    parts: list[str] = []
    end = at
    while len(parts) < _MOST_PARTS:
        found = _next_part(text, at)
        if found is None:
            break
        parts.append(found[1])
        at = found[2]
        if found[0] != "BRR":
            end = at
    return parts, end


def _first(text: str) -> tuple[str, int, int] | None:
    """Return (canon, start, end) of the first address in a folded ``text``."""
    street = next((match for match in islice(_STREET.finditer(text), _MOST_STREETS) if _is_street(text, match)), None)
    if street:
        parts, end = _complements(text, street.end())
        return " ".join([_street(street), *parts]), street.start(), end
    named = _NAMED_WAY.search(text)
    if named:
        parts, end = _complements(text, named.end())
        canon = f"AV {named['way'].upper()} # {named['number'].upper()}-{named['plate']}"
        return " ".join([canon, *parts]), named.start(), end
    for begin in islice(_BEGIN.finditer(text), _MOST_STREETS):
        parts, end = _complements(text, begin.start())
        codes = {part.split()[0] for part in parts}
        if len(parts) > 1 and (codes & _RURAL or (codes & _BUILDINGS and codes & _DOORS)):
            return " ".join(parts), begin.start(), end
    return None


def _is_street(text: str, match: re.Match[str]) -> bool:
    """Whether it is more than a way with two loose numbers: "tr 3 4" alone could be anything, "calle 5 con 3 días" counts."""
    way = next(code for code, _ in _WAYS if match[code])
    if not match["plate"] and not match["corner"] and _COUNTED.match(text, match.end()):
        return False
    return len(match[way]) > 2 or bool(match["plate"]) or "#" in match[0]  # noqa: PLR2004 - "tv", "cr", "ac" are short


def _corner(text: str) -> tuple[str, int, int] | None:
    """Return the corner of two numbers that are named without a word of street; the first is the carrera."""
    match = _CORNER.search(text)
    if not match:
        return None
    numbers = []
    for said in (match["first"], match["second"]):
        words = leading_number(said.split())
        numbers.append(str(words[0]) if words else _ordinal(said))
    corner = " ESQUINA" if match["corner"] else ""
    return f"KR {numbers[0]} # {numbers[1]}{corner}", match.start("first") - len("la "), match.end()


def _spoken(text: str) -> tuple[str, int, int] | None:
    """Return the first address that was dictated in words, with its place in ``text``."""
    if not WAY_WORD.search(text):
        return None
    written = in_digits(text)
    found = _first(written.text)
    return found and (found[0], written.starts[found[1]], written.ends[found[2] - 1])


def read(reading: Reading) -> None:
    """Find ``direccion`` in the canon of §8.2: way, number, ``#``, number, ``-``, plate, complements."""
    text, offset = reading.text, 0
    for _ in range(_MOST_ADDRESSES):
        found = _first(text[offset:])
        if found is None:
            break
        canon, start, end = found
        reading.add("direccion", canon, offset + start, offset + end)
        offset += end
    spoken = None if offset else _spoken(text) or _corner(text)
    if spoken:
        reading.add("direccion", *spoken)


def read_address(text: str) -> str | None:
    """Read the first address of ``text`` in canon form, or None when it has no nomenclature."""
    folded = fold(text).text
    found = _first(folded) or _spoken(folded) or _corner(folded)
    return found[0] if found else None
