"""What a webhook of the Cloud API means: every message and status of every change of every entry.

Meta delivers at least once, in no order, and several in one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

import structlog

from bot.channels.base import Inbound, News, Receipt, Verdict
from bot.channels.whatsapp.body import whole_key
from bot.channels.whatsapp.message import moment, read_message
from bot.channels.whatsapp.moves import people_news
from bot.channels.whatsapp.notes import Note, note_of, template_news
from bot.channels.whatsapp.verdicts import CODES, told_later

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger(__name__)

OBJECT: Final = "whatsapp_business_account"
_STATES: Final[Mapping[str, Literal["sent", "delivered", "read", "failed"]]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # a voice message that was listened to
    "failed": "failed",
}
Event = Inbound | Receipt | News
_LONGEST_KEY = 512
_LARGEST_CODE = 2**31


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one webhook says, in its order."""

    events: tuple[Event, ...] = ()
    notes: tuple[Note, ...] = ()


def is_webhook(document: object) -> bool:
    """Tell whether ``document`` has the outer shape of a webhook of a WhatsApp account."""
    return isinstance(document, dict) and document.get("object") == OBJECT and isinstance(document.get("entry"), list)


def read(document: Mapping[str, Any], *, account: str, now: datetime, owner: str = "") -> Reading:
    """Return what ``document``, for which ``is_webhook`` holds, means to the number ``account``.

    Never raises: what has an unknown shape becomes a note, so that it cannot hold up the others of its batch.

    Args:
        document: the body as JSON.
        account: our phone-number id; messages for another one are ignored and noted.
        now: used where a moment is missing or is none.
        owner: the WhatsApp Business account that has the number and its templates; unless told, any one is believed.
    """
    events: list[Event] = []
    notes: list[Note] = []
    for name, value, at, told_by in _changes(document, now):
        if name != "messages" and owner and told_by not in {"", owner}:
            # An application has several accounts, one to try things out among them.
            notes.append(Note("ignored", "other_account"))
            continue
        for found in _change(name, value, account, now, at):
            if isinstance(found, Note):
                notes.append(found)
            else:
                events.append(found)
    return Reading(tuple(events), tuple(notes))


def _changes(document: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, Mapping[str, Any], datetime, str]]:
    for entry in _objects(document.get("entry")):
        at, owner = moment(entry.get("time"), now), entry.get("id")
        for change in _objects(entry.get("changes")):
            name, value = change.get("field"), change.get("value")
            yield (
                (name if isinstance(name, str) else ""),
                (value if isinstance(value, Mapping) else {}),
                at,
                str(owner or ""),
            )


def _change(name: str, value: Mapping[str, Any], account: str, now: datetime, at: datetime) -> Iterator[Event | Note]:
    if name == "smb_message_echoes":
        # What we ourselves wrote in the phone app; nobody waits for an answer to it.
        yield from (Note("ignored", "echo") for _ in _objects(value.get("message_echoes")))
        return
    if name != "messages":
        news = template_news(name, value, at)
        if news is not None:
            yield news
        yield from people_news(name, value, account, at)
        yield note_of(name, value)
        return
    metadata = value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, Mapping) else None
    if number != account:
        yield Note("ignored", "other_number")
        return
    contacts = tuple(_objects(value.get("contacts")))
    for message in _objects(value.get("messages")):
        yield _guarded(partial(read_message, message, contacts, account=account, now=now))
    for status in _objects(value.get("statuses")):
        found = _guarded(partial(_receipt, status, now))
        yield found
        if isinstance(found, Receipt) and found.code is not None and CODES.get(found.code) is Verdict.HALT:
            # Refused after it was accepted: the payment, a norm, the quality. A person has to look.
            yield Note("account", "refused", {"code": str(found.code)})
    if not value.get("messages"):
        for error in _objects(value.get("errors")):
            yield Note("account", "error", {"code": str(_code(error) or "")})


def _guarded(read_one: Callable[[], Event | Note]) -> Event | Note:
    try:
        return read_one()
    except Exception as error:  # noqa: BLE001 - any shape may come, and the others of the batch must not suffer
        log.warning("whatsapp_item_not_understood", error=type(error).__name__)
        return Note("ignored", "shapeless")


def _receipt(status: Mapping[str, Any], now: datetime) -> Receipt | Note:
    said = status.get("status")
    state = _STATES.get(said) if isinstance(said, str) else None
    ref = status.get("id")
    if status.get("recipient_type") == "group":
        return Note("ignored", "group")
    if state is None or not isinstance(ref, str) or not ref:
        return Note("ignored", "status")
    errors = list(_objects(status.get("errors")))
    echoed = status.get("biz_opaque_callback_data")
    is_ours = isinstance(echoed, str) and 0 < len(echoed) <= _LONGEST_KEY
    key, is_part = whole_key(str(echoed)) if is_ours else (None, False)
    pricing = status.get("pricing")
    code = _code(errors[0]) if errors else None
    return Receipt(
        ref=ref,
        state=state,
        at=moment(status.get("timestamp"), now),
        our_key=key,
        code=code,
        price=dict(pricing) if isinstance(pricing, Mapping) else None,
        why="" if code is None else told_later(code),
        is_part=is_part,
    )


def _code(error: Mapping[str, Any]) -> int | None:
    code = error.get("code")
    return code if type(code) is int and 0 <= code < _LARGEST_CODE else None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))
