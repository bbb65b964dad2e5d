"""Colombian addresses in the canon of cadastre: "Cra 7 No. 45-12" is ``KR 7 # 45-12``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.nlu.entities import vias
from bot.nlu.entities.found import Reading
from bot.nlu.entities.hablada import Written, in_digits
from bot.nlu.normalise import Folded, fold
from bot.nlu.numbers import ORDINALS, leading_number

#: The role of a street without a house, of a manzana or a finca alone: heard, and not enough to be an address.
HALF = "a_medias"
_MOST_PARTS, _MOST_STREETS, _MOST_ADDRESSES = 10, 40, 4
_NEAR = 24
_HIGHEST_STREET = 250
#: Ways of two letters that are nothing else, even before a number alone.
_SHORT_WAYS = frozenset({"cl", "kr", "cr", "dg", "av"})
#: Where one lives, by itself and with where that is.
_GROUNDS = frozenset({"KM", "FCA", "HDA", "MZ", "SMZ", "SLT", "PARCELA"})
_COUNTRY = frozenset({"VDA", "CORR"})
_BUILDINGS = frozenset({"TO", "BL", "IN", "ED", "CONJ", "URB", "PARCELACION"})
_DOORS = frozenset({"AP", "CS", "OF", "LC", "LT"})
_NAMED_BUILDINGS, _BLOCKS = frozenset({"ED", "CONJ", "URB"}), frozenset({"TO", "BL", "IN"})
#: Lines that one calls, and no streets: "llamé a la 123".
_LINES = frozenset("112 115 116 119 122 123 125 132 144 155 192 195".split())


@dataclass(frozen=True, slots=True)
class _Place:
    """An address in its canon at ``[start, end)``; ``is_street`` when it begins with one."""

    canon: str
    start: int
    end: int
    is_street: bool = True


@dataclass(slots=True)
class _Text:
    """A message with digits for its numbers, and the way back to what was written, where capitals are."""

    written: Written
    folded: Folded
    original: str

    @property
    def text(self) -> str:
        return self.written.text

    def is_capital(self, at: int) -> bool:
        """Whether the word at ``at`` has a capital and is not all of them."""
        left, _ = self.folded.span(self.written.starts[at], self.written.starts[at] + 1)
        return self.original[left].isupper() and not self.original[left + 1 : left + 2].isupper()


def _code(match: re.Match[str], names: tuple[tuple[str, str], ...]) -> str:
    return next(code for code, _ in names if match[code])


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
    text = f"{_code(match, vias.WAYS)} {_numbered(match, 'a', 'first')} # {_numbered(match, 'b', 'second')}"
    if match["plate"]:
        text += f"-{match['plate'].upper()}" + (f" {match['plate_side'].upper()}" if match["plate_side"] else "")
    elif match["corner"]:
        text += " ESQUINA"
    return text


def _ordinal(word: str) -> str:
    return str(ORDINALS.get(word, word))


def _name_end(said: _Text, start: int, value: str) -> int:
    """Return where the name of a place that begins at ``start`` ends: the sentence goes on, or the capitals stop."""
    end = at = start
    is_written = None
    for word in value.split():
        at = said.text.index(word, at)
        is_small = word in vias.ARTICLES or word in {"a", "al", "san", "santa", "santo", "villa"}
        if (word in vias.STOP and not (is_small and end == start)) or vias.GOING_ON.fullmatch(word):
            break
        if not is_small and not word[0].isdigit():
            if is_written and not said.is_capital(at):
                break
            is_written = said.is_capital(at)
        at += len(word)
        if word not in vias.ARTICLES:
            end = at
    return end


def _named(said: _Text, match: re.Match[str]) -> tuple[str, str, int] | None:
    """Return (code, canon, end) of a named place, cut where the sentence goes on."""
    start = match.start("value")
    end = _name_end(said, start, match["value"])
    name = said.text[start:end]
    if not name or name in {"a", "al"}:
        return None
    code = _code(match, vias.PLACES)
    if code == "VIA" and any(letter.isdigit() for letter in name):
        return None  # "la vía a las 4"
    return code, f"{code} {name.upper()}", end


def _next_part(said: _Text, at: int) -> tuple[str, str, int] | None:
    """Return (code, canon, end) of the complement that begins at ``at`` or after a comma."""
    joined = vias.JOINS.match(said.text, at)
    for start in (joined.end() if joined else at, at):
        kilometre = vias.KILOMETRE.match(said.text, start)
        if kilometre:
            more = (kilometre["more"] or "").replace(" y medio", ".5").replace(",", ".").replace(" ", "")
            return "KM", f"KM {kilometre['km']}{more}", kilometre.end()
        part = vias.PART.match(said.text, start)
        if part:
            code = _code(part, vias.PARTS)
            return code, f"{code} {_ordinal(part['value']).replace(' ', '').upper()}", part.end()
        floor = vias.FLOOR.match(said.text, start)
        if floor:
            return "PI", f"PI {_ordinal(floor['floor'])}", floor.end()
        place = vias.PLACE.match(said.text, start)
        found = _named(said, place) if place else None
        if found:
            return found
    return None


def _complements(said: _Text, at: int) -> tuple[list[str], int]:
    """Return the complements from ``at`` on, and where they end; a neighbourhood at the end is left to its own reader."""
    parts: list[str] = []
    end = at
    while len(parts) < _MOST_PARTS:
        found = _next_part(said, at)
        if found is None:
            break
        parts.append(found[1])
        at = found[2]
        if found[0] != "BRR":
            end = at
    return parts, end


def _with_complements(said: _Text, canon: str, start: int, end: int) -> _Place:
    parts, end = _complements(said, end)
    return _Place(" ".join([canon, *parts]), start, end)


def _streets(said: _Text) -> Iterator[_Place]:
    for match in islice(vias.STREET.finditer(said.text), _MOST_STREETS):
        if not _is_street(said.text, match):
            continue
        between = vias.AND_NUMBER.match(said.text, match.end()) if "entre" in (match["sep"] or "") else None
        yield _with_complements(said, _street(match), match.start(), between.end() if between else match.end())
    for match in islice(vias.BETWEEN.finditer(said.text), _MOST_STREETS):
        canon = f"{_code(match, vias.WAYS)} {match['first'].upper()} # {match['second'].upper()}"
        yield _Place(canon, match.start(), match.end())


def _is_street(text: str, match: re.Match[str]) -> bool:
    """Whether it is more than a way with two loose numbers: "tr 3 4" alone could be anything, "calle 5 con 3 días" counts."""
    code = _code(match, vias.WAYS)
    way = match[code]
    if not match["plate"] and not match["corner"] and vias.is_counted(text, match.end()):
        return False
    if match["cross"] and not match["plate"] and vias.code_of(match["cross"]) == code:
        return False  # "la calle 10 y la calle 14" do not meet
    if len(way) == 1:
        return bool(match["plate"]) and match["sep"] is not None and match["cross"] is None
    is_said = bool(match["plate"]) or "#" in match[0] or (way in _SHORT_WAYS and bool(match["sep"]))
    return len(way) > 2 or is_said  # noqa: PLR2004 - "tv", "cr", "ac" are short


def _is_name(match: re.Match[str]) -> bool:
    words = match["name"].split()
    first = 1 if words[0] in vias.ARTICLES else 0
    return len(words) > first and vias.STOP.isdisjoint(words[first:])


def _named_ways(said: _Text) -> Iterator[_Place]:
    for match in islice(vias.NAMED_WAY.finditer(said.text), _MOST_STREETS):
        code = vias.code_of(match["way"])
        if not _is_name(match):
            continue
        canon = f"{code} {match['name'].upper()} # "
        if match["number"]:
            yield _with_complements(
                said, f"{canon}{match['number'].upper()}-{match['plate']}", match.start(), match.end()
            )
        elif (code == "AV" or match["cross"]) and not vias.is_counted(said.text, match.end()):
            yield _Place(canon + match["corner"].upper(), match.start(), match.end())


def _half_streets(said: _Text) -> Iterator[tuple[_Place, bool]]:
    """Yield the streets without a second number, and whether a house of theirs is told: "calle 19 mz B casa 14"."""
    for match in islice(vias.HALF_STREET.finditer(said.text), _MOST_STREETS):
        code = _code(match, vias.WAYS)
        canon = f"{code} {_numbered(match, 'a', 'first')}"
        parts, end = _complements(said, match.end())
        codes = {part.split()[0] for part in parts}
        if len(match[code]) > 1 and codes & {"MZ", "LT", "CS"} and codes & (_DOORS | _BLOCKS):
            yield _Place(" ".join([canon, *parts]), match.start(), end), True
            continue
        number = int(re.match(r"\d+", match["first"])[0])  # type: ignore[index]  # a street begins with digits
        is_short = len(match[code]) <= 2  # noqa: PLR2004 - "AV052" is no street, "av 52" is one
        is_way = not is_short or (match[code] in _SHORT_WAYS and match.start("first") > match.end(code))
        is_way = is_way and code not in {"CQ", "AK", "AC"} and not _is_denied(said, match.start())
        if is_way and 0 < number <= _HIGHEST_STREET and not vias.is_counted(said.text, match.end()):
            month = vias.MONTH_AFTER.match(said.text, match.end())
            yield _Place(canon + (month[0].upper() if month else ""), match.start(), (month or match).end()), False


def _is_denied(said: _Text, start: int) -> bool:
    return said.text.endswith((" no ", " ni "), 0, start)


def _grounds(said: _Text) -> Iterator[_Place]:
    """Yield what has no street: "mz C casa 14", "km 5 vía Tunja", "torre 2 apto 804"."""
    reached = 0
    for begin in islice(vias.BEGIN.finditer(said.text), _MOST_STREETS):
        if begin.start() < reached:
            continue
        parts, end = _complements(said, begin.start())
        codes = {part.split()[0] for part in parts}
        is_place = len(parts) > 1 and (
            codes & _GROUNDS
            or (codes & _COUNTRY and codes & _DOORS)
            or (codes & _BUILDINGS and codes & _DOORS)
            or (codes & _NAMED_BUILDINGS and codes & _BLOCKS)
        )
        if is_place:
            reached = end
            yield _Place(" ".join(parts), begin.start(), end, is_street=False)


def _corners(said: _Text) -> Iterator[_Place]:
    """Yield corners of two numbers that are named without a word of street; the first is the carrera."""
    for match in islice(vias.CORNER.finditer(said.text), _MOST_STREETS):
        if vias.is_counted(said.text, match.end()):
            continue
        before = said.text[max(0, match.start() - _NEAR) : match.start()]
        if not vias.PLACE_LEAD.search(before) and not vias.CORNER_GOES_ON.match(said.text, match.end()):
            continue
        numbers = []
        for name in ("first", "second"):
            words = leading_number(match[name].split())
            letter = match[f"{name}_letter"] or ""
            # "la 7a" is the seventh, not the 7A.
            letter = "" if letter == "a" else letter[: len(letter) == 1].upper()
            numbers.append((str(words[0]) if words else _ordinal(match[name])) + letter)
        corner = " ESQUINA" if match["corner"] else ""
        yield _Place(f"KR {numbers[0]} # {numbers[1]}{corner}", match.start(), match.end())


def _whole(said: _Text) -> list[_Place]:
    """Return the addresses that are told in full, the surest first; what stands before a street belongs to it."""
    kept: list[_Place] = []
    halves = (place for place, is_whole in _half_streets(said) if is_whole)
    for found in (_streets(said), halves, _named_ways(said), _grounds(said), _corners(said)):
        for place in found:
            if len(kept) < _MOST_ADDRESSES and all(place.end <= one.start or place.start >= one.end for one in kept):
                kept.append(place)
    return [_joined(said, place, kept) for place in kept if not _is_before(said, place, kept)]


def _is_before(said: _Text, place: _Place, kept: list[_Place]) -> bool:
    return not place.is_street and any(one.is_street and _touches(said, place, one) for one in kept)


def _joined(said: _Text, place: _Place, kept: list[_Place]) -> _Place:
    before = next((one for one in kept if not one.is_street and place.is_street and _touches(said, one, place)), None)
    return _Place(f"{place.canon} {before.canon}", before.start, place.end) if before else place


def _touches(said: _Text, first: _Place, second: _Place) -> bool:
    return first.end <= second.start <= first.end + _NEAR and bool(
        vias.JOINS.fullmatch(said.text, first.end, second.start)
    )


def _halves(said: _Text) -> Iterator[_Place]:
    """Yield what tells a part of an address: "la calle 40", "la avenida Boyacá", "por la 15", "finca El Porvenir"."""
    yield from (place for place, is_whole in _half_streets(said) if not is_whole)
    for match in islice(vias.NAMED_AVENUE.finditer(said.text), _MOST_STREETS):
        start = match.start("name")
        first = start + (match["name"].index(" ") + 1 if match["name"].split()[0] in vias.ARTICLES else 0)
        end = _name_end(said, start, match["name"])
        is_known = said.is_capital(first) or match["name"].split()[0] in {"norte", "sur"}
        if end > first and is_known:
            yield _Place(f"AV {said.text[start:end].upper()}", match.start(), end)
    for match in islice(vias.BARE_RANGE.finditer(said.text), _MOST_STREETS):
        for name in ("first", "second"):
            yield _Place(f"LA {match[name].upper()}", *match.span(name))
    for match in islice(vias.BARE.finditer(said.text), _MOST_STREETS):
        if match["first"] not in _LINES:
            yield _Place(f"LA {match['first'].upper()}", *match.span("first"))
    yield from _half_grounds(said)


def _half_grounds(said: _Text) -> Iterator[_Place]:
    for begin in islice(vias.BEGIN.finditer(said.text), _MOST_STREETS):
        found = _next_part(said, begin.start())
        if found is None or found[2] <= begin.end():
            continue
        code, canon, end = found
        name = canon.removeprefix(f"{code} ")
        is_named = (
            code in {"FCA", "HDA"}
            and not said.text.endswith("de ", 0, end - len(name))
            and (
                name.split()[0] in {"LA", "EL", "LOS", "LAS", "SAN", "SANTA", "VILLA"}
                or said.is_capital(end - len(name))
            )
        )
        before = said.text[max(0, begin.start() - _NEAR) : begin.start()]
        is_kilometre = code == "KM" and re.search(r"\b(?:el|del|al|en)\ \Z", before) is not None
        is_block = code == "MZ" and name not in {"A", "E", "O", "Y"} and not vias.is_counted(said.text, end)
        if (is_named or is_kilometre or is_block) and not _is_denied(said, begin.start()):
            yield _Place(canon, begin.start(), end)


def read(reading: Reading) -> None:
    """Find ``direccion`` in the canon of §8.2: way, number, ``#``, number, ``-``, plate, complements."""
    if not vias.HINT.search(reading.text):
        return
    said = _Text(in_digits(reading.text), reading.folded, reading.original)
    written = said.written
    count = 0
    for role, places in (("", _whole(said)), (HALF, _halves(said))):
        for place in places:
            if count < _MOST_ADDRESSES:
                start, end = written.starts[place.start], written.ends[place.end - 1]
                count += reading.add("direccion", place.canon, start, end, role)


def read_address(text: str) -> str | None:
    """Read the first address of ``text`` in canon form, or None when it has no nomenclature."""
    folded = fold(text)
    found = _whole(_Text(in_digits(folded.text), folded, text))
    return found[0].canon if found else None
