"""What a webhook says of people apart from their messages: another scoped id, no more advertising."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.channels.base import Address, Moved, Stopped
from bot.channels.whatsapp.message import address_of, moment, phone_of, user_of

if TYPE_CHECKING:
    from datetime import datetime


def people_news(name: str, value: Mapping[str, Any], account: str, at: datetime) -> Iterator[Moved | Stopped]:
    """Yield what a change of the webhook field ``name`` says of people who talk with ``account``."""
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, Mapping) else None
    items = value.get(name)
    if number not in {None, account} or not isinstance(items, list):
        return
    for item in items:
        found = _READERS[name](item, value, account, at) if name in _READERS and isinstance(item, Mapping) else None
        if found is not None:
            yield found


def _moved(item: Mapping[str, Any], _value: Mapping[str, Any], account: str, at: datetime) -> Moved | None:
    ids = item.get("user_id")
    old = user_of(ids.get("previous")) if isinstance(ids, Mapping) else None
    new = user_of(ids.get("current")) if isinstance(ids, Mapping) else None
    if old is None or new is None or old == new:
        return None
    phone = phone_of(item.get("wa_id"))
    now = Address("whatsapp", account, new, phone=f"+{phone}" if phone else None)
    return Moved(Address("whatsapp", account, old), now, f"{old}>{new}", moment(item.get("timestamp"), at))


def _stopped(item: Mapping[str, Any], value: Mapping[str, Any], account: str, at: datetime) -> Stopped | None:
    """Read a wish about advertising; to begin again is no consent to us, so only the end of it counts."""
    if item.get("value") != "stop" or item.get("category") != "marketing_messages":
        return None
    contacts = [contact for contact in value.get("contacts") or () if isinstance(contact, Mapping)]
    who = {"from": item.get("wa_id"), "from_user_id": item.get("user_id")}
    address = address_of(who, contacts, account)
    when = moment(item.get("timestamp"), at)
    return None if address is None else Stopped(address, f"stop:{address.user}:{int(when.timestamp())}", when)


_READERS = {"user_id_update": _moved, "user_preferences": _stopped}
