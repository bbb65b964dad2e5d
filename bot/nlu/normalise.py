"""Make one spelling of many: case, accents, invisible characters, drawn-out letters and chat abbreviations."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

#: Longest message that is read, in characters of the original text; the rest is ignored.
LONGEST = 4096

_LONGEST_EXPANSION = 4
#: Letters of a word that are read; the longest of Spanish has fewer than thirty.
_LONGEST_WORD = 64
#: The readers of one message ask for the same text many times; few messages are read at once.
_REMEMBERED = 16
_SAME = {
    "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-", "°": "o", "×": "x", "\t": " ", "\n": "\n", "\r": "\n",
    "👍": " si ", "👌": " si ", "✅": " si ", "✔": " si ", "👎": " no ", "❌": " no ",
    "🙏": " gracias ", "🔥": " fuego ", "💧": " agua ", "💡": " luz ", "😡": " rabia ", "🤬": " rabia ",
}  # fmt: skip
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Sk"})
_SPACED = frozenset({"So", "Zl", "Zp", "Zs"})
#: Letters and signs that are drawn as nothing (fillers of Hangul, an empty cell of Braille).
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_PLAIN = re.compile(r"[\x20-\x7e\n]*\Z")
_TOKEN = re.compile(r"[a-z]+|\d+|[$#%?!,.;:@/+-]")
_DRAWN_OUT_LR = re.compile(r"([lr])\1{2,}(?=[aeiou])")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_NEVER_DOUBLE = re.compile(r"([abdfghijkmpqstuvwxyz])\1")

ABBREVIATIONS = {
    "q": "que", "k": "que", "qe": "que", "ke": "que",
    "xq": "porque", "xk": "porque", "pq": "porque", "pk": "porque", "porq": "porque", "xke": "porque", "xque": "porque",
    "porqe": "porque", "porke": "porque",
    "x": "por", "d": "de", "dl": "del", "m": "me", "n": "no", "pa": "para", "pal": "para el",
    "dsd": "desde", "dsde": "desde", "dde": "desde", "dsds": "desde",
    "tmb": "tambien", "tb": "tambien", "tbn": "tambien", "tmbn": "tambien", "tambn": "tambien", "tmbien": "tambien",
    "toy": "estoy", "tamos": "estamos", "ta": "esta", "taba": "estaba",
    "grax": "gracias", "grcs": "gracias", "grs": "gracias", "gcias": "gracias", "graciass": "gracias",
    "bn": "bien", "bno": "bueno", "bna": "buena", "bnas": "buenas", "bns": "buenas", "wenas": "buenas",
    "wenos": "buenos", "weno": "bueno", "bnos": "buenos",
    "msj": "mensaje", "msjs": "mensajes", "sms": "mensaje", "cel": "celular", "num": "numero", "nro": "numero",
    "ud": "usted", "uds": "ustedes", "uste": "usted", "sr": "senor", "sra": "senora", "dr": "doctor",
    "pls": "por favor", "plis": "por favor", "xfa": "por favor", "porfa": "por favor", "xfavor": "por favor",
    "pf": "por favor", "porfis": "por favor", "porfavor": "por favor",
    "sta": "esta", "stoy": "estoy", "stan": "estan", "stamos": "estamos",
    "hrs": "horas", "hr": "hora", "min": "minutos", "mins": "minutos", "dsps": "despues", "desp": "despues",
    "nd": "nada", "ntp": "no se preocupe", "cmo": "como", "cm": "como", "kmo": "como", "cdo": "cuando",
    "cuand": "cuando", "qndo": "cuando", "kndo": "cuando", "dnd": "donde", "dond": "donde", "qn": "quien",
    "kien": "quien", "aki": "aqui", "aca": "aca", "ps": "pues", "pes": "pues", "pue": "pues", "ntonces": "entonces",
    "ntnc": "entonces", "tonces": "entonces", "ay": "hay", "sumerce": "usted", "veci": "vecino",
    "apto": "apartamento", "fact": "factura", "fac": "factura", "info": "informacion", "dir": "direccion",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without case, accents and invisible characters; ``places[i]`` is where character i stood."""

    text: str
    places: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of the folded slice ``[start, end)``, which must not be empty."""
        return self.places[start], self.places[end - 1] + 1


class Token(NamedTuple):
    """A word, number or sign after normalising, with its offsets in the original."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    same = _SAME.get(character)
    if same is not None:
        return same
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    if category in _SPACED:
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    parts = unicodedata.normalize("NFKD", character)[:_LONGEST_EXPANSION]
    return "".join(part for part in parts.lower() if unicodedata.category(part) not in _DROPPED)


def is_blank(text: str) -> bool:
    """Tell whether nothing in ``text`` can be seen: spaces, controls, zero-width and direction marks at most."""
    return all(
        sign.isspace() or sign in _EMPTY or unicodedata.category(sign) in _DROPPED | {"Zl", "Zp", "Zs"} for sign in text
    )


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> Folded:
    """Lower the case and drop accents, controls, zero-width and direction marks; ñ becomes n; digits become 0–9.

    Reads and returns at most ``LONGEST`` characters: a single one may stand for a whole phrase of Arabic. Every other
    character keeps its order, so offsets lead back to the original.
    """
    text = text[:LONGEST]
    if _PLAIN.match(text):
        return Folded(text.lower(), range(len(text)))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for new in _fold_character(character):
            characters.append(new)
            places.append(place)
    return Folded("".join(characters[:LONGEST]), tuple(places[:LONGEST]))


@lru_cache(maxsize=16384)
def shorten(word: str) -> str:
    """Return ``word`` (folded) without drawn-out letters: ``holaaa`` → ``hola``, ``calllle`` → ``calle``."""
    word = _DRAWN_OUT_LR.sub(r"\1\1", word)
    word = _DRAWN_OUT.sub(
        lambda found: found[1] * 2 if found[1] in "lr" and found.end() < len(word) else found[1], word
    )
    return _NEVER_DOUBLE.sub(r"\1", word)


@lru_cache(maxsize=16384)
def _spelled(word: str) -> tuple[str, ...]:
    """Return the one spelling of a folded ``word``: several words where it is an abbreviation of them."""
    short = shorten(word)
    # «dde» is written with two d's on purpose.
    return tuple((ABBREVIATIONS.get(word) or ABBREVIATIONS.get(short, short)).split())


@lru_cache(maxsize=_REMEMBERED)
def tokens(text: str) -> tuple[Token, ...]:
    """Cut ``text`` into words, numbers and signs, spelled in one way; abbreviations are written out."""
    folded = fold(text)
    places = folded.places
    found: list[Token] = []
    for match in _TOKEN.finditer(folded.text):
        word, (start, end) = match[0], match.span()
        if isinstance(places, tuple):
            start, end = places[start], places[end - 1] + 1
        if word.isalpha():
            found += [Token(part, start, end) for part in _spelled(word[:_LONGEST_WORD])]
        else:
            found.append(Token(word, start, end))
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def spellings(text: str) -> tuple[str, ...]:
    """Return the words, numbers and signs of ``text`` as ``tokens`` does, without their places."""
    found: list[str] = []
    for word in _TOKEN.findall(fold(text).text):
        if word.isalpha():
            found += _spelled(word[:_LONGEST_WORD])
        else:
            found.append(word)
    return tuple(found)


def normalise(text: str) -> str:
    """Return ``text`` in its one spelling, words and signs separated by single spaces."""
    return " ".join(spellings(text))


def squeeze(text: str) -> str:
    """Return the words and numbers of ``text`` in one spelling, without signs: what labels are compared by."""
    return " ".join(word for word in spellings(text) if word[0].isalnum())
