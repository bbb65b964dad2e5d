"""Read numbers in words, with the slips people make; text2num knows the grammar, this finds where it applies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_SPELLINGS = {
    "un": "un", "uno": "uno", "una": "una", "dos": "dos", "doz": "dos", "tres": "tres", "trez": "tres", "cuatro": "cuatro",
    "quatro": "cuatro", "kuatro": "cuatro", "cinco": "cinco", "sinco": "cinco", "sinko": "cinco", "seis": "seis",
    "ceis": "seis", "seiz": "seis", "siete": "siete", "ciete": "siete", "ocho": "ocho", "hocho": "ocho",
    "nueve": "nueve", "nuebe": "nueve", "diez": "diez", "dies": "diez", "once": "once", "onse": "once", "doce": "doce",
    "dose": "doce", "trece": "trece", "trese": "trece", "catorce": "catorce", "catorse": "catorce", "quince": "quince",
    "kinse": "quince", "quinse": "quince", "dieciseis": "dieciséis", "diesiseis": "dieciséis",
    "diecisiete": "diecisiete", "diesisiete": "diecisiete", "dieciocho": "dieciocho", "diesiocho": "dieciocho",
    "diecinueve": "diecinueve", "diesinueve": "diecinueve", "veinte": "veinte", "beinte": "veinte", "vente": "veinte",
    "veintiuno": "veintiuno", "veintiun": "veintiún", "veintiuna": "veintiuna", "veintidos": "veintidós",
    "veintitres": "veintitrés", "veinticuatro": "veinticuatro", "veinticinco": "veinticinco",
    "veintiseis": "veintiséis", "veintisiete": "veintisiete", "veintiocho": "veintiocho", "veintinueve": "veintinueve",
    "treinta": "treinta", "trenta": "treinta", "cuarenta": "cuarenta", "quarenta": "cuarenta", "cincuenta": "cincuenta",
    "sincuenta": "cincuenta", "cinquenta": "cincuenta", "sesenta": "sesenta", "setenta": "setenta",
    "ochenta": "ochenta", "noventa": "noventa", "nobenta": "noventa", "cien": "cien", "sien": "cien",
    "ciento": "ciento", "siento": "ciento", "doscientos": "doscientos", "docientos": "doscientos",
    "dosientos": "doscientos", "trescientos": "trescientos", "trecientos": "trescientos",
    "tresientos": "trescientos", "cuatrocientos": "cuatrocientos", "cuatrosientos": "cuatrocientos",
    "quinientos": "quinientos", "kinientos": "quinientos", "quiñientos": "quinientos", "seiscientos": "seiscientos",
    "seicientos": "seiscientos", "setecientos": "setecientos", "setesientos": "setecientos",
    "ochocientos": "ochocientos", "ochosientos": "ochocientos", "novecientos": "novecientos",
    "nobecientos": "novecientos", "novesientos": "novecientos", "doscientas": "doscientas",
    "docientas": "doscientas", "dosientas": "doscientas", "trescientas": "trescientas", "tresientas": "trescientas",
    "trecientas": "trescientas", "cuatrocientas": "cuatrocientas", "quinientas": "quinientas",
    "seiscientas": "seiscientas", "setecientas": "setecientas", "ochocientas": "ochocientas",
    "novecientas": "novecientas", "mil": "mil", "y": "y",
}  # fmt: skip
_AND = "y"
_MOST_WORDS = 12

#: Any one word of a number, for regular expressions.
NUMBER_WORD = "|".join(sorted((word for word in _SPELLINGS if word != _AND), key=len, reverse=True))

ORDINALS = {
    "primero": 1, "primera": 1, "primer": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3, "tercer": 3,
    "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6, "septimo": 7, "septima": 7,
    "setima": 7, "setimo": 7, "octavo": 8, "octava": 8, "noveno": 9, "novena": 9, "decimo": 10, "decima": 10,
    "ultimo": -1, "ultima": -1,
}  # fmt: skip


@lru_cache(maxsize=4096)
def words_to_int(words: tuple[str, ...]) -> int | None:
    """Return the whole number that folded ``words`` spell out, or None."""
    spelled = [_SPELLINGS.get(word) for word in words]
    if None in spelled or not words or words[0] == _AND or words[-1] == _AND:
        return None
    # "veinti uno" and "treinta y un" are heard as they are meant.
    if len(words) == 1 and words[0] in {"un", "uno", "una"}:
        return 1
    if words == ("mil",):
        return 1000
    from text_to_num import text2num

    try:
        return int(text2num(" ".join(str(word) for word in spelled), "es"))
    except ValueError:
        return None


def leading_number(words: Sequence[str]) -> tuple[int, int] | None:
    """Return (value, how many words) of the longest number in words at the beginning of ``words``, or None."""
    found = None
    # What begins a number is a number too, but for its "y": the first that is none ends the search.
    for length, word in enumerate(words[:_MOST_WORDS], start=1):
        if word not in _SPELLINGS:
            break
        if word == _AND and found:
            continue
        value = words_to_int(tuple(words[:length]))
        if value is None:
            break
        found = value, length
    return found


def is_number_word(word: str) -> bool:
    """Whether a folded ``word`` can be part of a number in words."""
    return word in _SPELLINGS and word != _AND


def read_count(text: str) -> float | None:
    """Return the number that the whole of a folded ``text`` says ("3", "3,5", "tres", "media docena"), or None."""
    text = text.strip(" .!¡¿?,").strip()
    plain = text.replace(",", ".", 1)
    if plain and len(plain) <= _MOST_WORDS and plain.replace(".", "", 1).isdecimal() and plain.isascii():
        return float(plain)
    if text in {"media docena", "1/2 docena"}:
        return 6.0
    if text in {"docena", "una docena", "la docena"}:
        return 12.0
    words = text.replace("-", " ").split()
    if words and words[0] in {"son", "serian", "como", "unos", "unas", "en", "a", "por", "de"}:
        words = words[1:]
    found = leading_number(words)
    return float(found[0]) if found and found[1] == len(words) else None
