"""The number of a case: how it is built, and how what people type is read (AGN Acuerdo 060/2001 art. 5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.pqr.errors import BadTemplate

_PART = re.compile(r"\{(A+|D+|N+)\}|(\d+)", re.ASCII)
_SEPARATORS = re.compile(r"[\s.,_/\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_LEAD = re.compile(r"^(?:el|mi|numero|nro|no|n|num|radicado|rad|caso|de|del|es|º|°|#|:|\s|\.)+(?=[\d#])")
_YEAR_DIGITS: Final = 4
_LONGEST_TYPED: Final = 200


@dataclass(frozen=True, slots=True)
class Radicado:
    """What a radicado says: the year it was given in, the number within that year, and its whole text."""

    text: str
    year: int
    number: int


@dataclass(frozen=True, slots=True)
class Template:
    """A way to number: ``{AAAA}`` year, ``{DDD}`` dependencia, ``{NNNNNN}`` number of the year, other digits as such.

    The number starts again at 1 each year. Past the width of ``{N…}`` it grows by a digit: filing never stops.
    """

    parts: tuple[str, ...]
    dependencia: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, template: str, dependencia: str) -> Template:
        """Check ``template`` and join it with the digits of ``dependencia``.

        Raises:
            BadTemplate: it has other letters, lacks year or number, repeats one, or the widths do not fit.
        """
        parts = tuple(_PART.sub("\0\\g<0>", template).split("\0"))[1:]
        if not parts or "".join(parts) != template or not all(_PART.fullmatch(part) for part in parts):
            message = f"the template {template!r} may hold only {{AAAA}}, {{DDD}}, {{NNNNNN}} and digits"
            raise BadTemplate(message)
        kinds = [part[1] if part.startswith("{") else "0" for part in parts]
        if kinds.count("A") != 1 or kinds.count("N") != 1 or kinds.count("D") > 1:
            message = f"the template {template!r} needs one {{AAAA}}, one {{NNNNNN}} and at most one {{DDD}}"
            raise BadTemplate(message)
        if len(parts[kinds.index("A")]) - 2 != _YEAR_DIGITS:
            message = f"the template {template!r} needs the year with four digits: {{AAAA}}"
            raise BadTemplate(message)
        if "D" in kinds:
            width = len(parts[kinds.index("D")]) - 2
            if not re.fullmatch(rf"[0-9]{{{width}}}", dependencia):
                message = f"the template {template!r} needs a dependencia of {width} digits, not {dependencia!r}"
                raise BadTemplate(message)
        return cls(parts, dependencia, _pattern(parts, dependencia))

    def write(self, year: int, number: int) -> str:
        """Return the radicado of ``number`` (≥ 1) in ``year``.

        Raises:
            ValueError: the number is below 1 or the year has not four digits.
        """
        if number < 1 or len(str(year)) != _YEAR_DIGITS:
            message = f"there is no radicado for number {number} of year {year}"
            raise ValueError(message)
        return "".join(self._digits(part, year, number) for part in self.parts)

    def read(self, typed: str) -> Radicado | None:
        """Read what a person typed: spaces, hyphens, dots and a leading «radicado No.» are forgiven; else None."""
        text = bare(typed)
        found = self.pattern.fullmatch(text)
        if found is None or int(found["number"]) < 1:
            return None
        return Radicado(text, int(found["year"]), int(found["number"]))

    def _digits(self, part: str, year: int, number: int) -> str:
        match part[:2]:
            case "{A":
                return str(year)
            case "{D":
                return self.dependencia
            case "{N":
                return f"{number:0{len(part) - 2}d}"
        return part


def bare(typed: str) -> str:
    """Return what a person typed as a radicado without its ornaments; digits of any script become 0-9."""
    text = unicodedata.normalize("NFKD", typed[:_LONGEST_TYPED].strip()).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _LEAD.sub("", text).lstrip("#")
    text = _SEPARATORS.sub("", text)
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text)


def _pattern(parts: tuple[str, ...], dependencia: str) -> re.Pattern[str]:
    return re.compile("".join(_shape(part, dependencia) for part in parts))


def _shape(part: str, dependencia: str) -> str:
    width = len(part) - 2
    match part[:2]:
        case "{A":
            return r"(?P<year>[0-9]{4})"
        case "{D":
            return dependencia
        case "{N":
            return rf"(?P<number>[0-9]{{{width}}}|[1-9][0-9]{{{width},{width + 3}}})"
    return part
