"""What a Telegram update means: events for the inbox, and small courtesies owed to Telegram itself.

Shapes are those of the Bot API's ``Update`` (https://core.telegram.org/bots/api#update).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import structlog

from bot.channels.base import Address, Inbound, InboundKind, Media, MediaKind
from bot.channels.clean import clean_text
from bot.channels.telegram.plain import plain_text, spoken

if TYPE_CHECKING:
    from telegram import (
        Animation,
        Audio,
        CallbackQuery,
        Chat,
        ChatMemberUpdated,
        Document,
        Message,
        Update,
        User,
        Video,
        Voice,
    )

log = structlog.get_logger(__name__)

#: The only kinds of update we ask Telegram for.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_NOT_ASCII = re.compile(r"[^\x21-\x7e]")
#: Messages by which Telegram itself reports something in a private chat: nobody waits for an answer to them.
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "connected_website",
    "write_access_allowed",
    "boost_added",
    "gift",
    "unique_gift",
)


@dataclass(frozen=True, slots=True)
class AnswerCallback:
    """Telegram's button turns until its query is answered."""

    query_id: str


@dataclass(frozen=True, slots=True)
class RefuseGroup:
    """Somebody put us in a group; ``can_speak`` is false where we may not write (broadcast channels)."""

    chat_id: int
    can_speak: bool = True


Courtesy = AnswerCallback | RefuseGroup


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one update asks of us."""

    events: tuple[Inbound, ...] = ()
    courtesies: tuple[Courtesy, ...] = ()


def read(raw: Mapping[str, Any], *, account: str, now: datetime, commands: Mapping[str, str]) -> Reading:
    """Return what ``raw``, one update with an integer ``update_id``, means.

    Args:
        raw: the update as JSON.
        account: our bot's id.
        now: used where Telegram gives no moment (pressed buttons).
        commands: what each command stands for in words, ``{"asesor": "hablar con un asesor"}``, and each deep link,
            ``{"start caso": "consultar el radicado {valor}"}``; a command that is followed by other text stays as it was
            typed, so an unknown link arrives as ``/start <token>``.

    Never raises: an update of an unknown shape becomes an ``unsupported`` event where a private chat can be made out
    and nothing elsewhere, so that one strange update cannot hold up those behind it.
    """
    if (quick := plain_text(raw, account, commands)) is not None:
        return Reading((quick,))
    from telegram import Update

    key = str(raw["update_id"])
    try:
        update = Update.de_json(cast("dict[str, Any]", dict(raw)), None)
        reading = _read(update, key, account, now, commands)
        if all(_is_sound(event) for event in reading.events):
            return reading
        log.warning("telegram_update_not_sound", update=key)
    except Exception as error:  # noqa: BLE001 - any shape may come; see the docstring
        log.warning("telegram_update_not_understood", update=key, error=type(error).__name__)
    return Reading(_salvage(raw, key, account, now))


def _is_sound(event: Inbound) -> bool:
    """Tell whether the library's own types were kept: it reads a null date as no date, and any number as a degree."""
    moment: object = event.sent_at
    if not isinstance(moment, datetime):
        return False
    return event.point is None or (abs(event.point[0]) <= 90 and abs(event.point[1]) <= 180)  # noqa: PLR2004 - degrees


def _read(update: Update, key: str, account: str, now: datetime, commands: Mapping[str, str]) -> Reading:
    if update.callback_query is not None:
        return _pressed(update.callback_query, key, account, now)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, key, account)
    message = update.message or update.edited_message
    if message is None or update.channel_post is not None:
        return Reading()
    if message.chat.type != "private":
        return Reading(courtesies=(RefuseGroup(message.chat.id, can_speak=message.chat.type != "channel"),))
    if message.from_user is not None and message.from_user.is_bot:
        return Reading()
    address = _address(message.chat, message.from_user, account)
    if update.edited_message is not None:
        return _edited(message, key, address)
    return _message(message, key, address, commands)


def _message(message: Message, key: str, address: Address, commands: Mapping[str, str]) -> Reading:
    text = clean_text(message.text or message.caption or "")
    reply_to = str(message.reply_to_message.message_id) if message.reply_to_message else None
    event = Inbound(
        key=key,
        sent_at=message.date,
        address=address,
        kind="text",
        text=text,
        reply_to=reply_to,
        message=str(message.message_id),
    )
    if message.text:
        return Reading((replace(event, text=spoken(text, commands)),))
    if message.location is not None:
        point = (float(message.location.latitude), float(message.location.longitude))
        words = clean_text(message.venue.address) if message.venue else ""
        return Reading((replace(event, kind="location", point=point, text=words),))
    if message.contact is not None:
        phone = "+" + re.sub(r"\D", "", message.contact.phone_number)
        # Only a contact whose owner is its sender proves the number (Bot API, Contact.user_id).
        is_own = message.from_user is not None and message.contact.user_id == message.from_user.id
        own = replace(address, phone=phone) if is_own else address
        return Reading((replace(event, kind="contact", text=phone, address=own),))
    media = _media(message)
    if media is not None:
        return Reading((replace(event, kind="media", media=(media,)),))
    if any(getattr(message, name, None) for name in _SERVICE):
        return Reading()
    return Reading((replace(event, kind="unsupported"),))


def _media(message: Message) -> Media | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Media("image", largest.file_id, "image/jpeg", largest.file_size)
    if message.sticker:
        return Media("sticker", message.sticker.file_id, "image/webp", message.sticker.file_size)
    if message.video_note:
        return Media("video", message.video_note.file_id, "video/mp4", message.video_note.file_size)
    if message.voice:
        return _file("audio", message.voice, "audio/ogg")
    if message.audio:
        return _file("audio", message.audio, "audio/mpeg")
    if message.video:
        return _file("video", message.video, "video/mp4")
    if message.animation:
        return _file("video", message.animation, "video/mp4")
    if message.document:
        return _file("document", message.document, "application/octet-stream")
    return None


def _file(kind: MediaKind, file: Voice | Audio | Video | Animation | Document, mime: str) -> Media:
    name = getattr(file, "file_name", None)
    return Media(kind, file.file_id, file.mime_type or mime, file.file_size, clean_text(name) if name else None)


def _edited(message: Message, key: str, address: Address) -> Reading:
    text = clean_text(message.text or message.caption or "")
    if not text:
        return Reading()  # a live location moves by edits, hundreds of them
    moment = message.edit_date or message.date
    kind: InboundKind = "edited"
    return Reading((Inbound(key, moment, address, kind, text=text, reply_to=str(message.message_id)),))


def _pressed(query: CallbackQuery, key: str, account: str, now: datetime) -> Reading:
    courtesies = (AnswerCallback(query.id),)
    message = query.message
    if message is not None and message.chat.type != "private":
        return Reading(courtesies=(*courtesies, RefuseGroup(message.chat.id)))
    if query.data is None:
        return Reading(courtesies=courtesies)
    user = query.from_user
    event = Inbound(
        key=key,
        sent_at=now,  # a query carries no moment of its own, and its message's is when we spoke
        address=Address("telegram", account, str(user.id), name=clean_text(user.full_name)),
        kind="choice",
        text=clean_text(_label(message, query.data)),
        token=_NOT_ASCII.sub("?", query.data),
        reply_to=str(message.message_id) if message is not None else None,
    )
    return Reading((event,), courtesies)


def _label(message: object, data: str) -> str:
    keyboard = getattr(message, "reply_markup", None)
    for row in keyboard.inline_keyboard if keyboard else ():
        for button in row:
            if button.callback_data == data:
                return str(button.text)
    return ""


def _membership(change: ChatMemberUpdated, key: str, account: str) -> Reading:
    status = change.new_chat_member.status
    if change.chat.type != "private":
        if status in {"member", "administrator"}:
            return Reading(courtesies=(RefuseGroup(change.chat.id, can_speak=change.chat.type != "channel"),))
        return Reading()
    if status != "kicked":
        return Reading()  # whoever comes back presses Start, and that is a message
    address = _address(change.chat, change.from_user, account)
    return Reading((Inbound(key=key, sent_at=change.date, address=address, kind="opted_out"),))


def _address(chat: Chat, user: User | None, account: str) -> Address:
    return Address("telegram", account, str(chat.id), name=clean_text(user.full_name) if user is not None else None)


def _salvage(raw: Mapping[str, Any], key: str, account: str, now: datetime) -> tuple[Inbound, ...]:
    message = raw.get("message")
    chat = message.get("chat") if isinstance(message, Mapping) else None
    if not isinstance(chat, Mapping) or chat.get("type") != "private" or not isinstance(chat.get("id"), int):
        return ()
    return (Inbound(key, now, Address("telegram", account, str(chat["id"])), "unsupported"),)
