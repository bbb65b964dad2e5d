"""Cut what the dialogue wants to say into the messages a channel can carry: one ladder for every channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.channels.base import Caps, Form, Option, Say, form, numbered, split

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST_ASTRAL = 0x10000


@dataclass(frozen=True, slots=True)
class Piece:
    """One message: its text, the form of its options (only the last piece has any) and what it asks for."""

    text: str
    form: Form = "plain"
    options: tuple[Option, ...] = ()
    ask: Literal["", "location", "phone"] = ""


def pieces(say: Say, caps: Caps) -> tuple[Piece, ...]:
    """Return the messages that carry the words of ``say``; media are not among them.

    Options ride on the last piece as buttons, as a list, or, where neither fits, as numbered lines in the text. Where
    buttons have no room for hints, these go into the text. Lengths count UTF-16 units, as the providers do.
    A ``say`` without words and options gives no piece.
    """
    if not say.options:
        parts = _cut(say.text, caps.text)
        return _asking(tuple(Piece(part) for part in parts), say)
    worded = replace(say, text=say.text.strip() or say.menu_label)
    if caps.rows == 0 and any(option.hint for option in say.options):
        worded = replace(worded, text=f"{worded.text}\n\n{_hints(say.options)}")
    parts = _cut(worded.text, caps.text)
    if width(parts[-1]) > caps.body_with_options:
        parts = [*parts[:-1], *_cut(parts[-1], caps.body_with_options)]
    shape = form(replace(worded, text=parts[-1]), caps)
    if shape == "numbered":
        lines = numbered(replace(say, text=say.text.strip() or say.menu_label))
        return _asking(tuple(Piece(part, "numbered") for part in _cut(lines, caps.text)), say)
    heads = (Piece(part) for part in parts[:-1])
    return _asking((*heads, Piece(parts[-1], shape, say.options)), say)


def width(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units: what Telegram and browsers count."""
    return len(text) + sum(1 for character in text if ord(character) >= _FIRST_ASTRAL)


def _cut(text: str, limit: int) -> list[str]:
    clean = text.strip()
    if not clean:
        return []
    if width(clean) <= limit:
        return [clean]
    parts: list[str] = []
    for part in split(clean, limit):
        # A part full of emoji is up to twice as wide as it is long.
        parts.extend([part] if width(part) <= limit else split(part, limit // 2))
    return [part for part in parts if part.strip()]


def _hints(options: Iterable[Option]) -> str:
    return "\n".join(f"{option.label}: {option.hint}" for option in options if option.hint)


def _asking(parts: tuple[Piece, ...], say: Say) -> tuple[Piece, ...]:
    if not say.ask or not parts:
        return parts
    return (*parts[:-1], replace(parts[-1], ask=say.ask))
