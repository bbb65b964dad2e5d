"""What WhatsApp can show, and the messages that a saying takes: as few as it can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.channels.base import Caps, Option, Say, numbered
from bot.channels.clean import is_web_link
from bot.channels.pieces import Piece, pieces, width

if TYPE_CHECKING:
    from bot.channels.base import Media

#: Meta takes 4096 characters in the body of a list, but its clients cut them: 1024, as in the body of buttons. The
#: rate keeps clear of 80 a second, which what comes in shares.
CAPS: Final = Caps(
    text=4096,
    body_with_options=1024,
    buttons=3,
    button_len=20,
    rows=10,
    row_len=24,
    hint_len=72,
    ask=frozenset({"location"}),
    window_s=24 * 3600,
    rate_per_s=60.0,
    paid=True,
)
_CAPTION = 1024
_MENU_LABEL = 20
#: A body with a button that shares a place is short, and so is one with a button that opens a page.
_SHORT_BODY: Final = replace(CAPS, text=1024)
_WITHOUT_LIST: Final = replace(CAPS, rows=0)
_CAPTIONED: Final = frozenset({"image", "video", "document"})


@dataclass(frozen=True, slots=True)
class Step:
    """One message: words, a file, or a file with its words; ``link`` opens a page."""

    piece: Piece | None = None
    media: Media | None = None
    link: Option | None = None
    menu_label: str = ""


def steps(say: Say) -> tuple[Step, ...]:
    """Return the messages that carry ``say``, in order.

    Files go first. The last one carries the words where they fit under it: every message costs money.
    """
    words = [replace(step, menu_label=say.menu_label) for step in _words(say)]
    files = [Step(media=media) for media in say.media]
    if files and words and _fits(files[-1], words[0]) and len(words) == 1:
        files[-1] = replace(words.pop(), media=files[-1].media)
    return (*files, *words)


def _words(say: Say) -> list[Step]:
    if say.ask == "location":
        # The one button of such a message shares the place; options are answered by number or by their name.
        return [Step(piece) for piece in _asking(say)]
    links = [option for option in say.options if is_web_link(option.url)]
    if len(links) == len(say.options) == 1 and _is_short(say, links[0]):
        return [Step(Piece(say.text.strip() or say.menu_label), link=links[0])]
    if links:
        # A reply button opens no page: the address goes into the text, where a finger can press it.
        lines = "\n".join(f"{option.label}: {option.url}" for option in links)
        rest = tuple(option for option in say.options if option not in links)
        say = replace(say, text=f"{say.text.strip()}\n\n{lines}".strip(), options=rest)
    caps = CAPS if len(say.menu_label) <= _MENU_LABEL else _WITHOUT_LIST
    return [Step(piece) for piece in pieces(say, caps)]


def _asking(say: Say) -> tuple[Piece, ...]:
    text = numbered(replace(say, text=say.text.strip())).strip()
    plain = Say(text=text, ask="location")
    return pieces(plain, _SHORT_BODY if width(text) > _SHORT_BODY.text else CAPS)


def _is_short(say: Say, option: Option) -> bool:
    return len(option.label) <= CAPS.button_len and width(say.text) <= CAPS.body_with_options


def _fits(file: Step, words: Step) -> bool:
    piece, media = words.piece, file.media
    if piece is None or media is None or words.link is not None or piece.ask:
        return False
    is_simple = piece.form in {"plain", "numbered"} and width(piece.text) <= _CAPTION
    return media.kind in _CAPTIONED and (is_simple or piece.form == "buttons")
