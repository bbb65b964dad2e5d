"""Marks as people give them: «5», «cuatro estrellas», «⭐⭐⭐», «muy mala», «👎», «4/5»."""

from __future__ import annotations

import re

from bot.nlu.normalise import fold

WORST, BEST = 1, 5

_STARS = "⭐★🌟✨"
_FACES: dict[str, int] = {
    **dict.fromkeys("😍🤩😁😀😃😄🥰😊👏💯🎉🙌", 5),
    **dict.fromkeys("🙂👍😌👌💚💙", 4),
    **dict.fromkeys("😐😑😶🤷", 3),
    **dict.fromkeys("🙁😕😞☹😔😟😒", 2),
    **dict.fromkeys("😡🤬😠👎💩😤😭", 1),
}
#: The worst first: «muy mala» is not «mala», and «no muy buena» is not «muy buena».
_WORDS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (mark, re.compile(rf"\b(?:{words})\b"))
    for mark, words in (
        (1, "muy mal[oa]?|malisim[oa]|pesim[oa]|horrible|terrible|fatal|la peor|lo peor|un asco|una porqueria"),
        (2, "no (?:muy|tan) buen[oa]|no (?:fue |es )?buen[oa]|mal[oa]?|deficiente|floj[oa]"),
        (3, "regular(?:cit[oa])?|mas o menos|normal|ni fu ni fa|ahi (?:mas o menos|vamos)|aceptable|pasable"),
        (5, ("muy (?:buen[oa]|bien)|buenisim[oa]|excelente|perfect[oa]|genial|espectacular|maravillos[oa]|la mejor|"
            "lo mejor|super(?: bien| buena)?|inmejorable|impecable")),
        (4, "buen[oa]|bien|bacan[oa]|chever[e]?|satisfech[oa]|conforme"),
    )
)  # fmt: skip
_OUT_OF = re.compile(r"\b([1-5])\s*(?:/|de|sobre)\s*(?:5|cinco)\b")
_NUMBERS = {"uno": "1", "una estrella": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "diez": "10"}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_BELOW_ZERO = re.compile(r"(?<![\w.])-\s?\d|\bmenos \d")
_LONGEST = 120


def read_mark(text: str) -> int | None:
    """Return the mark from 1 (very bad) to 5 (very good) that ``text`` gives, or None."""
    said = text.strip()[:_LONGEST]
    stars = sum(said.count(star) for star in _STARS)
    if stars:
        return stars if stars <= BEST else None
    folded = fold(said).text
    if _BELOW_ZERO.search(folded):
        return None
    out_of = _OUT_OF.search(folded)
    if out_of:
        return int(out_of[1])
    numbers = re.findall(r"\d+", _NUMBER_WORD.sub(lambda found: _NUMBERS[found[0]], folded))
    if numbers:
        mark = int(numbers[0]) if len(numbers) == 1 else 0
        return mark if WORST <= mark <= BEST else BEST if numbers == ["10"] else None
    for mark, words in _WORDS:
        if words.search(folded):
            return mark
    faces = [_FACES[face] for face in said if face in _FACES]
    return min(faces) if faces else None
