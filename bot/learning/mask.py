"""Personal data out of a message: every number, contact, place, sum and name gives way to the name of its kind.

What comes out is meant to be read by staff and to become an example, so it keeps how people speak: «mi cuenta es
{cuenta} y le pague {dinero} a don {nombre}». A text in which something still looks personal is not kept at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from bot.kernel.log import redact
from bot.learning import names
from bot.nlu.entities import extract
from bot.nlu.normalise import fold, squeeze
from bot.nlu.numbers import words_to_int
from dialogs.engine.heard import Entity

#: Longer messages are letters: they tell a story of somebody, and nobody learns an intent from one.
LONGEST, MOST_WORDS = 240, 40

#: The kinds that a mask may stand for; each is an entity of the language data.
KINDS = ("radicado", "cuenta", "documento", "telefono", "correo", "direccion", "dinero", "nombre", "sector", "fecha")

MASK = re.compile(r"\{(" + "|".join(KINDS) + r")\}")

_HIDDEN = frozenset(KINDS) - {"fecha"}
#: Sums and places are hidden so that sentences are alike; these tell who somebody is.
_OF_SOMEBODY = _HIDDEN - {"dinero", "sector"}
#: Whether something is a number of identity does not hang on the day.
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|co|net|org|gov|edu|io|me)(?:\.co)?(?:/\S*)?\b", re.IGNORECASE
)
_CONTACT = re.compile(r"\S*@\S+")
_DATE = re.compile(r"\b\d{1,2}\s?[-/.]\s?(?:\d{1,2}|[a-zA-Z]{3,10})\s?[-/.]\s?(?:\d{4}|\d{2})\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"(?<!\w)[a-zA-Z]{0,3}\+?\d(?:[ .\-]?\d){4,}\w*|\w*\d{5,}\w*")
_FEWEST_NUMBER_WORDS = 4
_SHORTEST_KNOWN = 3
_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "<": " ", ">": " "})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_Span = tuple[int, int, str]


def tidy(text: str) -> str:
    """Return ``text`` on one line, without invisible characters and without the signs that mark entities."""
    plain = "".join(" " if unicodedata.category(one) in _UNSEEN else one for one in unicodedata.normalize("NFC", text))
    return " ".join(plain.translate(_BRACKETS).split()).lstrip("-•* ")


def mask(tidied: str, entities: Iterable[Entity], known: Collection[str] = ()) -> str:
    """Return a tidied text with masks; empty when it is too long, teaches nothing or still looks personal.

    Args:
        tidied: what ``tidy`` returned.
        entities: what was found in it.
        known: what the talk already knows of the person (a name, a document): its words are hidden wherever they stand.
    """
    if len(tidied) > LONGEST or len(tidied.split()) > MOST_WORDS:
        return ""
    spans = [
        (entity.start, entity.end, entity.name)
        for entity in entities
        if entity.name in _HIDDEN or (entity.name == "fecha" and _YEAR.search(entity.text))
    ]
    spans += [(found.start(), found.end(), "correo") for found in _CONTACT.finditer(tidied)]
    spans += [(found.start(), found.end(), "correo") for found in _LINK.finditer(tidied)]
    spans += [(found.start(), found.end(), "fecha") for found in _DATE.finditer(tidied)]
    spans += [(found.start(), found.end(), "cuenta") for found in _DIGITS.finditer(tidied)]
    spans += _known(tidied, known)
    spans += [(start, end, "documento") for start, end in _spoken_numbers(tidied)]
    spans += [(start, end, "nombre") for start, end in names.spans(tidied)]
    masked = _written(tidied, spans)
    return masked if teaches(masked) and not still_personal(masked) else ""


def teaches(masked: str) -> bool:
    """Whether words are left beside the masks: nobody learns anything from «{cuenta}» or an emoji."""
    return bool(re.search(r"[^\W\d_]{2,}", MASK.sub(" ", masked)))


def still_personal(masked: str) -> bool:
    """Whether something beside the masks looks like a number of identity, a contact or a person's name."""
    rest = MASK.sub(" ; ", masked)
    return (
        redact(rest) != rest
        or any(pattern.search(rest) for pattern in (_CONTACT, _LINK, _DIGITS, _DATE))
        or next(_spoken_numbers(rest), None) is not None
        or next(names.spans(rest), None) is not None
        or any(entity.name in _OF_SOMEBODY for entity in extract(rest, now=_ANY_DAY))
    )


def key_of(masked: str) -> str:
    """Return what two masked texts are the same by: their words in one spelling, masks among them."""
    return squeeze(MASK.sub(r" x\1x ", masked))


def _known(text: str, known: Collection[str]) -> list[_Span]:
    """Return where words stand that the talk knows of the person, whatever their case and accents."""
    folded = fold(text)
    words = {
        word for value in known for word in re.findall(r"[^\W_]+", fold(value).text) if len(word) >= _SHORTEST_KNOWN
    }
    found = [match for match in re.finditer(r"[^\W_]+", folded.text) if match[0] in words]
    return [
        (*folded.span(match.start(), match.end()), "documento" if match[0].isdigit() else "nombre") for match in found
    ]


def _spoken_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a number is dictated word by word: «diez noventa y ocho setenta y seis»."""
    folded = fold(text)
    run: list[tuple[int, int]] = []
    for match in [*re.finditer(r"[^\W_]+", folded.text), None]:
        if match is not None and (words_to_int((match[0],)) is not None or (match[0] == "y" and run)):
            run.append(match.span())
            continue
        if len(run) >= _FEWEST_NUMBER_WORDS:
            yield folded.span(run[0][0], run[-1][1])
        run = []


def _written(text: str, spans: Iterable[_Span]) -> str:
    """Return ``text`` with each span as its mask; where spans meet, the first of the list gives the kind."""
    taken: list[_Span] = []
    for start, end, kind in spans:
        beside = [one for one in taken if start < one[1] and end > one[0]]
        # Where two kinds claim a place, what both cover is hidden, under the kind that came first.
        joined = (*beside, (start, end, kind))
        taken = [one for one in taken if one not in beside]
        taken.append((min(one[0] for one in joined), max(one[1] for one in joined), joined[0][2]))
    out: list[str] = []
    at = 0
    for start, end, kind in sorted(taken):
        out += [text[at:start], f"{{{kind}}}"]
        at = end
    written = "".join([*out, text[at:]])
    return re.sub(r"(\{\w+\})(?:[ ,.\-]*\1)+", r"\1", written)
