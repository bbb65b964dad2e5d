"""Tell a whole letter pasted into the chat from a message: it is a petition in writing, to be kept as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.nlu.cued import Cued
from dialogs.engine.heard import Intent

#: A letter is longer than people write in a chat, and speaks as letters do.
SHORTEST: Final = 300
FEWEST_MARKS: Final = 3
CONFIDENCE: Final = 0.95

_MARKS: Final = (
    Cued(r"\bderecho (fundamental )?de peticion\b", "peticion"),
    Cued(r"\barticulo 23\b|\bart\.? 23\b|\bley 1755\b|\bley 142\b", " 23|ley 1"),
    Cued(r"^\W*(respetad[oa]s? )?(senor(a|es|as)?|doctor(a|es)?)\b", "senor|doctor"),
    Cued(r"\b(asunto|referencia|ref|radicado)\s*[:.]", "asunto|ref|radicado"),
    Cued(
        r"\b(atentamente|cordialmente|respetuosamente|agradezco su (pronta )?(atencion|respuesta))\b",
        "mente|agradezco su",
    ),
    Cued(r"\bidentificad[oa]s? con\b|\bcon cedula de ciudadania\b|\bmayor de edad\b", "identificad|cedula|mayor"),
    Cued(
        r"\b(me permito|me dirijo a|por medio de la presente|mediante el presente|en ejercicio)\b",
        "permito|dirijo|presente|ejercicio",
    ),
    Cued(r"\b(hechos|antecedentes|fundamentos|pruebas)\s*[:.\n]", "hechos|antecedentes|fundamentos|pruebas"),
    Cued(r"\b(peticiones|pretensiones|anexos|notificaciones)\s*[:.\n]", "iones|anexos"),
    Cued(r"\b(solicito|solicitamos|pido|requiero|se sirva|se sirvan)\b", "solicit|pido|requiero|sirva"),
    Cued(r"\b(e\.?\s?s\.?\s?m\.?|ciudad)\s*(\n|$)", "m|ciudad"),
)
#: What a letter may be; anything else that it sounds like is one of its sentences.
_KINDS: Final = ("radicar_reclamo", "radicar_queja", "radicar_recurso", "radicar_denuncia", "radicar_peticion")
_LEAST: Final = 0.5
_PETITION: Final = "radicar_peticion"


def is_letter(text: str, folded: str) -> bool:
    """Tell whether ``text`` (``folded``: without capitals and accents) is a whole letter."""
    return len(text) >= SHORTEST and sum(mark.search(folded) is not None for mark in _MARKS) >= FEWEST_MARKS


def as_letter(ranking: Sequence[Intent]) -> tuple[Intent, ...]:
    """Return what a letter wants: the filing that it clearly is, else a petition, as the law names it."""
    kind = next((one.name for one in ranking if one.name in _KINDS and one.confidence >= _LEAST), _PETITION)
    return (Intent(kind, CONFIDENCE),)


def takes_letters(ranking: Sequence[Intent]) -> bool:
    """Tell whether the assistant whose intents are ranked can file a letter; another one's reads it as a message."""
    return not ranking or any(one.name == _PETITION for one in ranking)
