"""Words that leave a choice of time to us: «cualquiera», «la primera que tenga», «por la tarde»."""

from __future__ import annotations

import re

from dialogs.engine.slots import plain

# What is heard here is already without capitals, accents and punctuation.
_FIRST = re.compile(
    r"\b(?:cualquier\w*|la que sea|el que sea|cuando (?:sea|puedan?|haya|tengan?)|(?:lo|la|el) que (?:haya|tenga\w*)|"
    r"(?:me )?da (?:lo mismo|igual)|escoja usted|usted diga|primer[ao]?|(?:mas|bien|muy) (?:tempran|pront|cercan)\w*|"
    r"tempran\w*|lo antes posible|cuanto antes|proxim[ao] (?:turno|cita|hora|cupo))\b"
)
_LAST = re.compile(r"\b(?:ultim[ao]|mas tarde)\b")
_MORNING = re.compile(
    r"\b(?:(?:por|en|a|de) la manan\w+|mananita|antes (?:de almuerzo|del almuerzo|de(?:l)? medio ?dia))\b"
)
_AFTERNOON = re.compile(
    r"\b(?:(?:por|en|a|de) la tard\w+|tardecita|despues (?:de almuerzo|del almuerzo|de(?:l)? medio ?dia))\b"
)


def part_of_day(text: str) -> str:
    """Return ``manana`` or ``tarde`` when the words name one of them, else an empty text."""
    said = plain(text)
    morning, afternoon = _MORNING.search(said), _AFTERNOON.search(said)
    return "" if bool(morning) == bool(afternoon) else "manana" if morning else "tarde"


def which(text: str) -> str:
    """Return ``primera`` or ``ultima`` when the words leave the choice to us, else an empty text."""
    said = plain(text)
    if _LAST.search(said):
        return "ultima"
    return "primera" if _FIRST.search(said) else ""


def leaves_choice(text: str) -> bool:
    """Tell whether the words choose without naming a day or an hour."""
    return bool(which(text) or part_of_day(text))
