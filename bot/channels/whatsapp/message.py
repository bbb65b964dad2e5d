"""One message of a webhook as an event. The person is known by the business-scoped id; a phone may be missing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.base import Address, Inbound, Media, MediaKind, Moved
from bot.channels.clean import clean_text
from bot.channels.whatsapp.notes import Note

_USER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}")
_PHONE: Final = re.compile(r"\+?(\d{5,17})")
_NOT_ASCII: Final = re.compile(r"[^\x21-\x7e]")
_MEDIA: Final[Mapping[str, MediaKind]] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}
#: Said by WhatsApp itself, or by a finger that wants no answer.
_SILENT: Final = {
    "reaction": "reaction",
    "request_welcome": "opened",
    "ephemeral": "ephemeral",
}
#: Said when a person changes their number, their scoped id, or both at once.
_MOVES: Final = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})
_LONGEST_TOKEN = 256
_LONGEST_FORM = 16_000
_LAST_SECOND = 4_102_444_800  # 2100-01-01


def read_message(
    message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]], *, account: str, now: datetime
) -> Inbound | Moved | Note:
    """Return the event of ``message``, or the note why there is none.

    Args:
        message: an item of ``messages``.
        contacts: the ``contacts`` of the same change.
        account: our phone-number id.
        now: used where the message has no moment.
    """
    kind = message.get("type")
    if kind in _SILENT:
        return Note("ignored", _SILENT[kind])
    if message.get("group_id"):
        return Note("ignored", "group")
    key = message.get("id")
    if kind == "system" and (moved := moved_of(message, account, now)) is not None:
        return moved
    address = address_of(message, contacts, account)
    if not isinstance(key, str) or not key or address is None:
        return Note("ignored", "shapeless")
    context = _object(message, "context")
    reply_to = context.get("id")
    event = Inbound(
        key=key,
        sent_at=moment(message.get("timestamp"), now),
        address=address,
        kind="unsupported",
        reply_to=reply_to if isinstance(reply_to, str) else None,
    )
    match kind:
        case "system":
            return _system(message, event)
        case "edit":
            return _edited(message, event)
        case "revoke":
            gone = _object(message, "revoke").get("original_message_id")
            return (
                replace(event, kind="deleted", reply_to=gone) if isinstance(gone, str) else Note("ignored", "revoked")
            )
        case "interactive":
            return _interactive(_object(message, "interactive"), event)
        case _:
            return _content(message, event)


def address_of(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]], account: str) -> Address | None:
    """Return who wrote, or None. A contact that is not provably the writer's lends neither name nor id."""
    phone = phone_of(message.get("from"))
    user = user_of(message.get("from_user_id"))
    contact = _contact(contacts, phone, user)
    user = user or user_of(contact.get("user_id"))
    phone = phone or phone_of(contact.get("wa_id"))
    if user is None and phone is None:
        return None
    name = _object(contact, "profile").get("name")
    return Address(
        channel="whatsapp",
        account=account,
        user=user or str(phone),
        phone=f"+{phone}" if phone else None,
        name=clean_text(name)[:200] or None if isinstance(name, str) else None,
    )


def moment(timestamp: object, now: datetime) -> datetime:
    """Return the moment of a ``timestamp`` in seconds (Meta writes it as a text), else ``now``."""
    text = str(timestamp) if isinstance(timestamp, str | int) and not isinstance(timestamp, bool) else ""
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:12]) < _LAST_SECOND:
        return now
    return datetime.fromtimestamp(int(text[:12]), UTC)


def _content(message: Mapping[str, Any], event: Inbound) -> Inbound:
    kind = message.get("type")
    if kind == "text":
        text = _text(_object(message, "text"), "body")
        return replace(event, kind="text", text=text) if text else event
    if kind == "button":
        button = _object(message, "button")
        return _chosen(event, button.get("payload"), _text(button, "text"))
    if kind == "location":
        return _place(_object(message, "location"), event)
    if kind == "contacts":
        return _shared(message, event)
    if isinstance(kind, str) and kind in _MEDIA:
        return _file(_MEDIA[kind], _object(message, kind), event)
    return event


def _interactive(body: Mapping[str, Any], event: Inbound) -> Inbound | Note:
    match body.get("type"):
        case "button_reply" | "list_reply" as kind:
            reply = _object(body, kind)
            return _chosen(event, reply.get("id"), _text(reply, "title"))
        case "nfm_reply":
            return _form(_object(body, "nfm_reply"), event)
        case "call_permission_reply":
            return Note("ignored", "call_permission")
        case _:
            return event


def _chosen(event: Inbound, token: object, label: str) -> Inbound:
    if not isinstance(token, str) or not token:
        # A template's button may come with its words only: they are read as if they had been typed.
        return replace(event, kind="text", text=label) if label else event
    return replace(event, kind="choice", token=_NOT_ASCII.sub("?", token)[:_LONGEST_TOKEN], text=label)


def _form(reply: Mapping[str, Any], event: Inbound) -> Inbound:
    answers = reply.get("response_json")
    try:
        document = json.loads(answers) if isinstance(answers, str) and len(answers) <= _LONGEST_FORM else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return event
    # The token is the flow's own and says nothing about the person; an iPhone may leave it out.
    document.pop("flow_token", None)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return replace(event, kind="form", text=clean_text(text))


def _place(location: Mapping[str, Any], event: Inbound) -> Inbound:
    lat, lon = _degrees(location.get("latitude"), 90.0), _degrees(location.get("longitude"), 180.0)
    if lat is None or lon is None:
        return event
    words = ", ".join(filter(None, (_text(location, "name"), _text(location, "address"))))
    return replace(event, kind="location", point=(lat, lon), text=words)


def _shared(message: Mapping[str, Any], event: Inbound) -> Inbound:
    """Return the first number of the first contact that has one."""
    contacts = message.get("contacts")
    for contact in contacts if isinstance(contacts, list) else ():
        phones = contact.get("phones") if isinstance(contact, Mapping) else None
        for phone in phones if isinstance(phones, list) else ():
            if not isinstance(phone, Mapping):
                continue
            digits = phone_of(phone.get("wa_id")) or phone_of(re.sub(r"[^\d+]", "", _text(phone, "phone")))
            if digits:
                return replace(event, kind="contact", text=f"+{digits}")
    return event


def _file(kind: MediaKind, file: Mapping[str, Any], event: Inbound) -> Inbound:
    ref, mime, name = file.get("id"), file.get("mime_type"), file.get("filename")
    if not isinstance(ref, str) or not ref:
        return event
    media = Media(
        kind=kind,
        ref=ref,
        mime=mime.partition(";")[0].strip() if isinstance(mime, str) and mime else "application/octet-stream",
        name=clean_text(name) or None if isinstance(name, str) else None,
    )
    return replace(event, kind="media", text=_text(file, "caption"), media=(media,))


def _edited(message: Mapping[str, Any], event: Inbound) -> Inbound | Note:
    edit = _object(message, "edit")
    changed = _content(_object(edit, "message"), event)
    if not changed.text:
        return Note("ignored", "edit_without_words")
    original = edit.get("original_message_id")
    reply_to = original if isinstance(original, str) else None
    return replace(event, kind="edited", text=changed.text, reply_to=reply_to)


def moved_of(message: Mapping[str, Any], account: str, now: datetime) -> Moved | None:
    """Return the move that a system message tells of, or None: another number, another scoped id, or both."""
    system = _object(message, "system")
    if system.get("type") not in _MOVES:
        return None
    phone, new_phone = phone_of(message.get("from")), phone_of(system.get("wa_id"))
    new = user_of(system.get("user_id")) or new_phone
    known = (user_of(system.get("previous_user_id")), user_of(message.get("from_user_id")), phone)
    old = next((one for one in known if one and one != new), None)
    key = message.get("id")
    if old is None or new is None or not isinstance(key, str) or not key:
        return None
    was = Address("whatsapp", account, old, phone=f"+{phone}" if phone else None)
    moved = Address("whatsapp", account, new, phone=f"+{new_phone}" if new_phone else None)
    return Moved(was, moved, key, moment(message.get("timestamp"), now))


def _system(message: Mapping[str, Any], event: Inbound) -> Inbound | Note:
    said = _object(message, "system").get("type")
    if said in _MOVES:
        # Meta does not say where to. Whoever gets the old number next is a stranger: nothing more may be sent there.
        return replace(event, kind="opted_out", address=replace(event.address, name=None))
    return Note("person", said[:100] if isinstance(said, str) else "system")


def _contact(contacts: Sequence[Mapping[str, Any]], phone: str | None, user: str | None) -> Mapping[str, Any]:
    for contact in contacts:
        if user is not None and contact.get("user_id") == user:
            return contact
        if phone is not None and phone_of(contact.get("wa_id")) == phone:
            return contact
    if len(contacts) != 1:
        return {}
    # One message, one contact, and nothing in them that contradicts: a person without a visible phone.
    (only,) = contacts
    differs = (phone and phone_of(only.get("wa_id"))) or (user and user_of(only.get("user_id")))
    return {} if differs else only


def _object(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    return clean_text(value) if isinstance(value, str) else ""


def phone_of(value: object) -> str | None:
    """Return the digits of a phone number, or None when it is none."""
    found = _PHONE.fullmatch(value) if isinstance(value, str) and value.isascii() else None
    return found[1] if found else None


def user_of(value: object) -> str | None:
    """Return a scoped id, or None when it is none."""
    return value if isinstance(value, str) and _USER.fullmatch(value) else None


def _degrees(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
