"""Hear that a person takes something back ("no, perdón, es 45") and find what they say instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.normalise import Folded

_MARK = r"[\s,.;:!¡¿?-]*"
_BEFORE = r"(?:(?:no|ay|uy|ah|eh|espere|oiga|huy)\b" + _MARK + r"){0,4}"
_CUE = re.compile(
    r"\A"
    + _MARK
    + _BEFORE
    + r"(?:me equivoque|me confundi|corrijo|correccion|quise decir|queria decir|mejor dicho|digo|"
    r"mentiras?|rectifico|l[oa] escribi mal|l[oa] puse mal|puse mal|quedo mal|me quedo mal|esta mal escrit[oa]|"
    r"camb[ií]el[oa]|corrijal[oa])\b"
)
# "Perdón" and "qué pena" are manners more often than corrections: they need a no before or an "es" after.
_SOFT = r"(?:perdon(?:e|eme)?|disculpe?|disculpa|que pena(?: con usted)?)"
_SOFT_CUE = re.compile(
    r"\A"
    + _MARK
    + r"(?:(?:no|ay no|uy no|ah no|huy no)\b"
    + _MARK
    + _SOFT
    + r"\b|"
    + _BEFORE
    + _SOFT
    + r"\b"
    + _MARK
    + r"(?=(?:no )?(?:es|era|son|eran|me equivoque|me confundi|quise|el correcto|la correcta)\b))"
)
# «mejor en 6 cuotas»: a number takes the place of another; «mejor no», «mejor mañana» take nothing back.
_RATHER = re.compile(
    r"\A"
    + _MARK
    + _BEFORE
    + r"mejor\b"
    + _MARK
    + r"(?=(?:(?:en|a|con|por|el|son|que sean|sean)\b"
    + _MARK
    + r")?(?:\d+|un[ao]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte)\b)"
)
_TAIL = re.compile(
    _MARK + r"(?:(?:es que|no|si|pero|que|y|me equivoque|me confundi|era|es|son|seria|el|la|correct[oa]|numero|por|a|"
    r"en realidad|realmente|mejor|de)\b" + _MARK + r"){0,8}"
)
_NOT_THIS_BUT_THAT = re.compile(
    r"\bno (?:es|era|son|eran|fue)(?: (?:el|la|los|las|de|del|por|un|una))?\s+([\w#./ -]{1,60}?)\s*"
    r"(?:,\s*(?:es|era|son|fue|si ?no)\b|\bsi ?no\b|\s(?:es|era|son)\b)(?: que)?(?: (?:es|era|son))?\s+"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction was heard; ``start`` is where, in the folded text, the new value begins."""

    start: int


def find_correction(folded: Folded) -> Correction | None:
    """Return where the new value begins if the message takes something back, else None."""
    text = folded.text[:400]
    swapped = _NOT_THIS_BUT_THAT.search(text)
    cue = swapped or _CUE.match(text) or _SOFT_CUE.match(text) or _RATHER.match(text)
    if not cue:
        return None
    tail = _TAIL.match(text, cue.end())
    return Correction(tail.end() if tail else cue.end())
