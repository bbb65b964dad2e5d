"""What a turn says as few messages as can carry it, where each of them costs money."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.pieces import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.base import Caps, Say

#: Between what were two messages.
_GAP = "\n\n"


def joined(said: Sequence[tuple[str, Say]], caps: Caps) -> list[tuple[str, Say]]:
    """Return what a turn says, each with its response, with neighbours made one where nothing is lost by it.

    A saying takes in the one before it when that one asks nothing, offers nothing, and both together still fit: options
    and questions stay at the end, where people look for them. The response of the last one stays.
    """
    if not caps.paid:
        return list(said)
    found: list[tuple[str, Say]] = []
    for response, say in said:
        before = found[-1][1] if found else None
        both = _together(before, say, caps) if before is not None else None
        if both is None:
            found.append((response, say))
        else:
            found[-1] = (response, both)
    return found


def _together(first: Say, then: Say, caps: Caps) -> Say | None:
    if first.options or first.ask or (first.media and then.media):
        return None
    both = replace(
        then,
        text=_GAP.join(filter(None, (first.text.strip(), then.text.strip()))),
        media=(*first.media, *then.media),
    )
    is_plain = not (both.options or both.ask or both.media)
    # Beyond this a saying is cut in two again, or its options become numbers.
    return both if width(both.text) <= (caps.text if is_plain else caps.body_with_options) else None
