"""The commonest update by far, a person's text in a private chat, read without the library: four times as fast.

Only what has exactly that shape is read here; everything else is the library's, and so is every doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.base import Address, Inbound
from bot.channels.clean import clean_text

_UPDATE: Final = frozenset({"update_id", "message"})
_MESSAGE: Final = frozenset({"message_id", "from", "chat", "date", "text"})
_CHAT: Final = frozenset({"id", "type", "first_name", "last_name", "username"})
_USER: Final = frozenset({"id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium"})
_LAST_SECOND: Final = 4_102_444_800  # 2100-01-01
_COMMAND: Final = re.compile(r"^/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?=\s|$)")
#: The name of a link and, after a hyphen, its value (https://core.telegram.org/bots/features#deep-linking).
_LINK: Final = re.compile(r"([A-Za-z0-9_]{1,24})(?:-([A-Za-z0-9_]{1,40}))?")


def plain_text(raw: Mapping[str, Any], account: str, commands: Mapping[str, str]) -> Inbound | None:
    """Return the event of ``raw``, one update, when it is a plain text of a person; None when it may be anything else."""
    message = raw.get("message")
    if raw.keys() != _UPDATE or not isinstance(message, dict) or message.keys() != _MESSAGE:
        return None
    chat, user, date, text = message["chat"], message["from"], message["date"], message["text"]
    if not isinstance(chat, dict) or not isinstance(user, dict) or not (chat.keys() <= _CHAT and user.keys() <= _USER):
        return None
    first, last = user.get("first_name"), user.get("last_name", "")
    is_plain = (
        chat.get("type") == "private"
        and user.get("is_bot") is False
        and type(chat.get("id")) is type(user.get("id")) is type(message["message_id"]) is type(date) is int
        and type(first) is type(last) is type(text) is str
        and 0 < date < _LAST_SECOND
    )
    if not (is_plain and first and text):
        return None
    return Inbound(
        key=str(raw["update_id"]),
        sent_at=datetime.fromtimestamp(date, UTC),
        address=Address("telegram", account, str(chat["id"]), name=clean_text(f"{first} {last}" if last else first)),
        kind="text",
        text=spoken(clean_text(text), commands),
        message=str(message["message_id"]),
    )


def spoken(text: str, commands: Mapping[str, str]) -> str:
    """Return ``text`` with a command of our menu put into words; other commands lose only the bot's name."""
    found = _COMMAND.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    name = found.group(1)
    if not rest.strip() and name.lower() in commands:
        return commands[name.lower()]
    linked = _linked(rest.strip(), commands) if name.lower() == "start" else ""
    return linked or f"/{name}{rest}"


def _linked(token: str, commands: Mapping[str, str]) -> str:
    """Return what a deep link says; its value may only be a number or a name, and reads as if the person had typed it."""
    found = _LINK.fullmatch(token)
    text = commands.get(f"start {found[1].lower()}", "") if found else ""
    if found is None or ("{valor}" in text) != bool(found[2]):
        return ""
    return text.replace("{valor}", (found[2] or "").replace("_", " ").strip())
