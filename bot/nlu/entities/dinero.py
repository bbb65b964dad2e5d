"""Money in Colombian pesos: "$1'234.567", "120 mil", "85 lucas", "palo y medio", "ciento veinte mil"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bot.nlu.entities.found import Reading
from bot.nlu.numbers import is_number_word, leading_number

#: The largest amount in pesos that is believed; above it somebody pressed a key too long.
LARGEST = 9_999_999_999
#: The smallest coin; "ni un peso" is no amount.
_SMALLEST = 50

_UNITS: dict[str, int] = {
    "mil": 1_000, "miles": 1_000, "k": 1_000, "luca": 1_000, "lucas": 1_000, "luka": 1_000, "lukas": 1_000,
    "luquitas": 1_000, "barra": 1_000, "barras": 1_000, "mill": 1_000_000,
    "palo": 1_000_000, "palos": 1_000_000, "millon": 1_000_000, "millones": 1_000_000, "millon's": 1_000_000,
    "melon": 1_000_000, "melones": 1_000_000, "millo": 1_000_000, "miyon": 1_000_000, "miyones": 1_000_000,
    "milon": 1_000_000, "milones": 1_000_000, "mm": 1_000_000, "paletas": 1_000_000,
    "palito": 1_000_000, "palitos": 1_000_000, "vara": 1_000, "varas": 1_000, "milpesos": 1_000,
}  # fmt: skip
_PESOS = frozenset("peso pesos pesitos cop".split())
#: Units that are an amount alone ("palo y medio", "una luca"); in the plural, or cut down, palos are trees.
_ALONE = frozenset("luca luka palo melon millon".split())
#: What an amount may begin with, besides a number.
_OPENERS = frozenset({"$", "cop", "-", "menos", "medio", *_ALONE})
_SLANG_THOUSANDS = frozenset("luca lucas luka lukas luquitas barra barras vara varas".split())
_TREES = re.compile(
    r"\b(?:moch\w*|tumb\w*|cort[aoe]\w*|cay\w*|call?o|poda\w*|arbol\w*|rama\w*|siembr\w*|sembr\w*|subi\w*)\b"
)
_MILLION = 1_000_000
_PIECE = re.compile(
    r"\$|(?:(?<=\$)|(?<=\$ ))\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?= ?(?:pesos|pesitos|cop)\b)|"
    r"\d{1,3}(?:['´.]\d{3})+(?:,\d{1,2})?(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,2})?(?!\d)|"
    r"\d+|[a-z]+|[^\s\w]"
)
_NOT_MONEY_AFTER = frozenset(
    "usuarios personas litros metros kilovatios kwh kw kilowatios familias casas hogares veces gracias disculpas"
    " perdones anos dias horas minutos habitantes suscriptores firmas m3 cubicos kilometros vecinos".split()
)
_MONEY_BEFORE = re.compile(
    r"\b(?:debo|deben?|debe|debiendo|pagar|pague|pago|pagado|abon[aeo]\w*|consign\w+|valor|total|suma|monto|plata|cobr\w+|"
    r"cuesta|vale|salio|llego|vino|llega|factura|recibo|cuota(?: inicial)? de|inicial de|por|saldo|deuda)"
    r"(?: (?:de|por|en|es|fue|son|a|como|un|solo|unos|inicial))*\W{0,2}\Z"
)
_BARE = range(1_000, 100_000_000)
_YEARS = range(1990, 2040)
_LOOK_BEHIND = 48
#: "1.200.000" is money; "79.123.456" without a sign is rather somebody's cedula.
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_MORE_LIKELY_A_DOCUMENT = 10_000_000
_MOST_PIECES = 800


class _Piece(NamedTuple):
    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Amount:
    """An amount being read: pesos so far, whether a unit, a sign or the word pesos made it money."""

    value: float = 0.0
    is_marked: bool = False
    unit: int = 0
    smallest_unit: int = 0
    negative: bool = False


def _plain_number(text: str) -> float | None:
    """Read digits: dots or apostrophes in threes are thousands, a comma before one or two digits is decimal."""
    if not text[0].isdigit():
        return None
    if text.isdecimal():
        return float(text)
    if " " in text:
        return float(text.replace(" ", ""))
    if re.fullmatch(r"\d{1,3}(?:['´.]\d{3})+(?:,\d{1,2})?", text):
        return float(re.sub(r"['´.]", "", text).replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _number_at(pieces: list[_Piece], place: int) -> tuple[float, int] | None:
    """Return (value, pieces used) of a number in digits or words at ``place``."""
    said = pieces[place].text
    if said[0].isdigit():
        value = _plain_number(said)
        return (value, 1) if value is not None else None
    if not is_number_word(said):
        return None
    return leading_number([following.text for following in pieces[place : place + 12]])


def _unit_at(pieces: list[_Piece], place: int) -> int:
    return _UNITS.get(pieces[place].text, 0) if place < len(pieces) else 0


def _is(pieces: list[_Piece], place: int, *words: str) -> bool:
    return [piece.text for piece in pieces[place : place + len(words)]] == list(words)


def _term(pieces: list[_Piece], place: int, amount: _Amount) -> int:
    """Add one term ("2 palos", "medio millon", "300 mil") at ``place`` to ``amount``; return the pieces used."""
    if _is(pieces, place, "medio") and _unit_at(pieces, place + 1):
        unit = _unit_at(pieces, place + 1)
        amount.value += unit / 2
        amount.is_marked, amount.smallest_unit = True, unit
        return 2
    number = _number_at(pieces, place)
    if number is None:
        unit = _unit_at(pieces, place)
        if pieces[place].text not in _ALONE:
            return 0
        value, used = 1.0, 0
    else:
        value, used = number
        # "millones" belongs to the grammar of words, "palos" does not.
        unit = _unit_at(pieces, place + used)
    if not unit:
        return _without_unit(pieces, place, value, used, amount)
    used += 1
    if amount.smallest_unit and unit >= amount.smallest_unit:
        return 0
    if unit == 1_000 and _unit_at(pieces, place + used) == _MILLION:  # noqa: PLR2004 - "mil millones"
        unit, used = 1_000 * _MILLION, used + 1
    elif value >= 1_000 and pieces[place + used - 1].text in _SLANG_THOUSANDS:  # noqa: PLR2004
        unit = 1  # "doscientas mil barras" are pesos
    amount.value += value * unit
    if _is(pieces, place + used, "y", "medio") or _is(pieces, place + used, "y", "media"):
        amount.value += unit / 2
        used += 2
    amount.is_marked, amount.smallest_unit = True, unit
    amount.unit = amount.unit or unit
    return used


def _without_unit(pieces: list[_Piece], place: int, value: float, used: int, amount: _Amount) -> int:
    """Take a number without a unit: the rest of a million ("palo doscientos"), or an amount in itself."""
    if amount.smallest_unit:
        if amount.smallest_unit == _MILLION and 100 <= value < 1_000 and value % 10 == 0:  # noqa: PLR2004
            amount.value += value * 1_000
        elif value < amount.smallest_unit and (amount.smallest_unit > value >= 1):
            amount.value += value
        else:
            return 0
        amount.smallest_unit = 1
        return used
    amount.value += value
    amount.smallest_unit = 1
    in_words = pieces[place].text[0].isalpha()
    is_round = value % 1_000 == 0 or (value >= 10_000 and value % 100 == 0)  # noqa: PLR2004 - "veinte mil quinientos"
    if in_words and value > 1_000 and is_round:  # noqa: PLR2004
        amount.is_marked = True
        amount.smallest_unit = 1_000 if value < _MILLION else _MILLION
    return used


def _amount_at(pieces: list[_Piece], place: int) -> tuple[_Amount, int] | None:
    """Read an amount that begins at ``place``; return it with the pieces used."""
    first = pieces[place].text
    if first not in _OPENERS and not first[0].isdigit() and not is_number_word(first):
        return None
    amount = _Amount()
    at = place
    if _is(pieces, at, "$") or _is(pieces, at, "cop"):
        amount.is_marked = True
        at += 1
    if at < len(pieces) and pieces[at].text in {"-", "menos"}:
        amount.negative = True
        at += 1
    used = _term(pieces, at, amount) if at < len(pieces) else 0
    if not used:
        return None
    at += used
    while at < len(pieces) and amount.smallest_unit > 1:
        skip = 1 if _is(pieces, at, "y") or _is(pieces, at, "con") else 0
        used = _term(pieces, at + skip, amount) if at + skip < len(pieces) else 0
        if not used:
            break
        at += skip + used
    if _is(pieces, at, "de") and at + 1 < len(pieces) and pieces[at + 1].text in _PESOS:
        at += 1
    if at < len(pieces) and (pieces[at].text in _PESOS or _is_slang_for_pesos(pieces[at].text, amount)):
        amount.is_marked = True
        at += 1
    return amount, at - place


def _is_slang_for_pesos(word: str, amount: _Amount) -> bool:
    """Whether ``word`` after thousands adds nothing: "200 mil lucas", "doscientas mil barras"."""
    return word in _SLANG_THOUSANDS and amount.value >= 1_000  # noqa: PLR2004


def _pieces(text: str) -> list[_Piece]:
    return [_Piece(match[0], match.start(), match.end()) for match in islice(_PIECE.finditer(text), _MOST_PIECES)]


def _is_believable(value: float) -> bool:
    return _SMALLEST <= value <= LARGEST


def _is_money(text: str, pieces: list[_Piece], place: int, used: int, amount: _Amount) -> bool:
    following = pieces[place + used].text if place + used < len(pieces) else ""
    if following == "de" and place + used + 1 < len(pieces):
        following = pieces[place + used + 1].text  # "un millón de gracias"
    is_cut = place > 0 and pieces[place - 1].text in {"cientos", "sientos"}  # "cuatro cientos mil": the four is lost
    if following in _NOT_MONEY_AFTER or is_cut or amount.negative or _is_wood(text, pieces, place, used):
        return False
    if amount.is_marked:
        return True
    first = pieces[place].text
    start = pieces[place].start
    if "'" in first or (_DOTTED.fullmatch(first) and amount.value < _MORE_LIKELY_A_DOCUMENT):
        return True
    before = text[max(0, start - _LOOK_BEHIND) : start]
    is_bare = first[0].isdigit() and int(amount.value) in _BARE and int(amount.value) not in _YEARS
    return is_bare and bool(_MONEY_BEFORE.search(before))


def _is_wood(text: str, pieces: list[_Piece], place: int, used: int) -> bool:
    """Whether "un palo" or "dos palos" are of wood: of something, or cut and fallen; one alone needs words of paying."""
    last = pieces[place + used - 1]
    if last.text not in {"palo", "palos"}:
        return False
    start = pieces[place].start
    before = text[max(0, start - _LOOK_BEHIND) : start]
    is_of = re.match(r" de (?!pesos\b)", text[last.end : last.end + 8])
    is_one = last.text == "palo" and (used == 1 or pieces[place].text == "un")
    return bool(is_of or _TREES.search(before)) or (
        is_one and bool(before.strip()) and not _MONEY_BEFORE.search(before)
    )


def _shared(pieces: list[_Piece], place: int, amount: _Amount) -> tuple[float, _Piece] | None:
    """Return the amount before this one that has its unit: the 50 of "entre 50 y 60 mil"."""
    if place < 2 or amount.unit < 1_000 or pieces[place - 1].text not in {"y", "o", "u", "a"}:  # noqa: PLR2004
        return None
    number = _number_at(pieces, place - 2)
    if number is None or number[1] != 1 or not 1 <= number[0] * amount.unit < amount.value:
        return None
    return number[0] * amount.unit, pieces[place - 2]


def read(reading: Reading) -> None:
    """Find ``dinero``: amounts with a sign, a unit or the word pesos, or bare ones after words of paying."""
    if not re.search(r"\d|mil|palo|palit|luca|luka|melon|barra|vara|peso", reading.text):
        return
    pieces = _pieces(reading.text)
    place = 0
    while place < len(pieces) and not reading.is_full:
        result = _amount_at(pieces, place)
        if result is None:
            place += 1
            continue
        amount, used = result
        start, end = pieces[place].start, pieces[place + used - 1].end
        touches = reading.text[start - 1 : start] in {"#", "-", "/"} or reading.text[end : end + 1] in {"/", "-"}
        if _is_believable(amount.value) and not touches and _is_money(reading.text, pieces, place, used, amount):
            reading.add("dinero", round(amount.value), start, end)
            shared = _shared(pieces, place, amount)
            if shared:
                reading.add("dinero", round(shared[0]), shared[1].start, shared[1].end)
        place += used


def read_money(text: str) -> int | None:
    """Read the whole of a folded ``text`` as an amount in whole pesos.

    Negative, absurd (over ``LARGEST``) and doubtful amounts ("120", which may be 120.000) are None.
    """
    text = re.sub(
        r"\A(?:son|serian|como|unos|por|de|debo|pague|puedo|pagar|abonar|daria|doy|hasta|aprox\w*|\s)+\b", "", text
    )
    pieces = _pieces(text.strip(" .!?¿¡"))
    if not pieces:
        return None
    result = _amount_at(pieces, 0)
    if result is None:
        return None
    amount, used = result
    rest = [piece.text for piece in pieces[used:]]
    if amount.negative or any(word[0].isdigit() for word in rest) or len(rest) > 4:  # noqa: PLR2004
        return None
    doubtful = not amount.is_marked and amount.value < 1_000  # noqa: PLR2004 - nobody owes less
    return round(amount.value) if _is_believable(amount.value) and not doubtful else None
