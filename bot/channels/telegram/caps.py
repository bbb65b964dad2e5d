"""What Telegram can show, and the calls that a message takes; light, so that planning needs no library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.base import Caps
from bot.channels.pieces import Piece, pieces

if TYPE_CHECKING:
    from bot.channels.base import Media, Say

#: https://core.telegram.org/bots/api#sendmessage and #inlinekeyboardmarkup; 40 characters fit a narrow screen. The
#: rate keeps clear of "about 30 messages a second" (https://core.telegram.org/bots/faq).
CAPS = Caps(
    text=4096,
    body_with_options=4096,
    buttons=100,
    button_len=40,
    ask=frozenset({"location", "phone"}),
    rate_per_s=25.0,
)


def steps(say: Say) -> tuple[Media | Piece, ...]:
    """Return the calls that carry ``say``; media go first, so that the options end up under the thumb."""
    return (*say.media, *pieces(say, CAPS))
