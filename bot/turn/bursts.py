"""Messages that one person sends in one breath: «no hay agua» + «desde ayer» + «en la esperanza» is one message.

Two halves. The edge holds a conversation back for a moment while somebody is still typing (``hold_of``); the runner reads
what waits together as one message (``breath``). Danger, buttons, commands and files are neither held nor joined to words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.nlu.emergencies import detect
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bot.channels.base import Inbound

#: Channels whose caller waits for the answer to each message: nothing is held back there.
ANSWERED_AT_ONCE = frozenset({"rest", "terminal"})

#: Messages further apart than this are not one breath, even if they waited together.
APART = timedelta(seconds=20)

#: Most messages and characters that are read as one.
_MOST, _MOST_CHARACTERS = 12, 6_000
#: A number this short answers a menu: the next number answers the next one.
_SHORT_NUMBER = 2


def is_words(event: Inbound, words: Mapping[str, AbstractSet[str]]) -> bool:
    """Return whether ``event`` is plain writing that may go on in the next message: no button, order, number, danger."""
    text = event.text.strip()
    if event.kind != "text" or event.token is not None or event.media or not text or text.startswith("/"):
        return False
    if text.isdigit() and len(text) <= _SHORT_NUMBER:
        return False
    said = plain(text)
    for phrases in words.values():  # not any(): this is asked of every message before it is acknowledged
        if said in phrases:
            return False
    return not detect(text)


def is_file(event: Inbound) -> bool:
    """Return whether ``event`` is a file without words, one of an album perhaps."""
    return event.kind == "media" and bool(event.media) and not event.text.strip()


def hold_of(event: Inbound, words: Mapping[str, AbstractSet[str]], wait_s: float) -> float:
    """Return for how many seconds to wait for more of the same breath; 0 answers at once."""
    if wait_s <= 0 or event.address.channel in ANSWERED_AT_ONCE:
        return 0.0
    return wait_s if is_words(event, words) or is_file(event) else 0.0


def breath(events: Sequence[Inbound], words: Mapping[str, AbstractSet[str]], is_option: Callable[[str], bool]) -> int:
    """Return how many of ``events``, from the first, are one message.

    ``is_option`` tells whether a text is an option on screen: that is an answer of its own.
    """
    first = events[0]
    if is_file(first):
        joins: Callable[[Inbound], bool] = is_file
    elif is_words(first, words) and not is_option(first.text):
        joins = lambda event: is_words(event, words) and not is_option(event.text)  # noqa: E731 - one of two rules
    else:
        return 1
    count, length, before = 1, len(first.text), first
    for event in events[1:_MOST]:
        length += len(event.text)
        if event.sent_at - before.sent_at > APART or length > _MOST_CHARACTERS or not joins(event):
            break
        count, before = count + 1, event
    return count


def joined(events: Sequence[Inbound]) -> Inbound:
    """Return ``events`` as one: texts in lines, the same words only once in a row, files together."""
    if len(events) == 1:
        return events[0]
    lines: list[str] = []
    for event in events:
        text = event.text.strip()
        if text and (not lines or plain(lines[-1]) != plain(text)):
            lines.append(text)
    media = tuple(media for event in events for media in event.media)
    return replace(events[0], text="\n".join(lines), media=media)
