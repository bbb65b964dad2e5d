"""What we read in a webhook is what pywa, which others wrote, reads in it: kind, person, words, ids, moments.

pywa gives up where a contact has no scoped id, as in Meta's examples of 2025: both sides are given one there.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.base import Address, Inbound, Media, Moved, Receipt, TemplateNews
from bot.channels.whatsapp.parse import Event, read
from tests.channels.test_whatsapp_payloads import EXPECTED, NOW, account_of, folder, payloads
from tests.support.pywa_oracle import updates
from tests.support.rows import every_row

#: What pywa tells and we keep as a note or not at all, and why.
NOT_EVENTS = {
    "AccountUpdate": "concerns staff: it goes into the log",
    "CallConnect": "nobody answers calls here",
    "CallPermissionUpdate": "nobody calls from here",
    "CallStatus": "nobody answers calls here",
    "CallTerminate": "nobody answers calls here",
    "GroupMessageStatuses": "we write to no groups",
    "IdentityChange": "nobody is known by their phone alone",
    "OutgoingMessage": "we wrote it ourselves",
    "OutgoingDeletedMessage": "we wrote it ourselves",
    "OutgoingEditedMessage": "we wrote it ourselves",
    "Message/reaction": "a finger that wants no answer",
    "UserMarketingPreferences": "to want advertising again is no consent to notices; only a stop would be an event",
}
#: pywa has no object for them; for us they are notes.
WITHOUT_A_READER = {"meta/Group Create Message", "meta/Group Settings Update", "meta/Group Remove Participants"}
#: A payload that names two people: pywa believes the contact, we the message, and lend it nothing of the other.
TWO_PEOPLE = "edited_message/image"


def with_ids(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a webhook whose every contact has a scoped id."""
    found = copy.deepcopy(dict(document))
    for entry in found["entry"]:
        for change in entry["changes"]:
            for contact in change["value"].get("contacts", ()):
                contact.setdefault("user_id", "US.13491208655302741918")
    return found


def as_ours(update: Any, account: str) -> Event | None:
    """Return the event that says what an object of pywa's says."""
    kind = kind_of(update)
    read_by: Mapping[str, Callable[[Any, str], Event]] = {
        "Message": _message,
        "CallbackButton": _pressed,
        "CallbackSelection": _pressed,
        "FlowCompletion": _form,
        "EditedMessage": _edited,
        "DeletedMessage": _deleted,
        "MessageStatus": _status,
        "PhoneNumberChange": _moved,
    }
    if kind.startswith("Template"):
        return _template(update)
    assert kind in read_by or kind in NOT_EVENTS, kind
    return read_by[kind](update, account) if kind in read_by else None


def _inbound(update: Any, account: str, kind: Any, **more: Any) -> Inbound:
    user = update.from_user
    return Inbound(
        key=update.id,
        sent_at=update.timestamp,
        address=Address("whatsapp", account, user.bsuid or user.wa_id, phone=f"+{user.wa_id}", name=user.name),
        kind=kind,
        reply_to=update.reply_to_message.id if getattr(update, "reply_to_message", None) else None,
        **more,
    )


def _message(update: Any, account: str) -> Inbound:
    if update.text:
        return _inbound(update, account, "text", text=update.text)
    if update.media:
        media = update.media
        kind = "image" if update.image else update.type.value
        # What is said of the codec after the type is of no use to us.
        found = Media(kind, media.id, media.mime_type.partition(";")[0], name=media.filename)
        return _inbound(update, account, "media", text=update.caption or "", media=(found,))
    if update.location:
        place = update.location
        words = ", ".join(filter(None, (place.name, place.address)))
        return _inbound(update, account, "location", text=words, point=(place.latitude, place.longitude))
    if update.contacts:
        (phone, *_) = (phone for contact in update.contacts for phone in contact.phones)
        digits = phone.wa_id or "".join(filter(str.isdecimal, phone.phone))
        return _inbound(update, account, "contact", text=f"+{digits}")
    return _inbound(update, account, "unsupported")


def _pressed(update: Any, account: str) -> Inbound:
    return _inbound(update, account, "choice", token=update.data, text=update.title)


def _form(update: Any, account: str) -> Inbound:
    return _inbound(update, account, "form", text=json.dumps(update.response, ensure_ascii=False, sort_keys=True))


def _edited(update: Any, account: str) -> Inbound:
    now = update.message
    event = _inbound(update, account, "edited", text=now.text or now.caption)
    return replace(event, reply_to=update.original_message_id)


def _deleted(update: Any, account: str) -> Inbound:
    return replace(_inbound(update, account, "deleted"), reply_to=update.original_message_id)


def _status(update: Any, account: str) -> Receipt:
    price = update.pricing
    said = {"billable": price.billable, "category": price.category.value} if price else None
    state: Any = {"played": "read"}.get(update.status.value, update.status.value)
    code = update.error.code if update.error else None
    return Receipt(update.id, state, update.timestamp, our_key=update.tracker, code=code, price=said)


def _moved(update: Any, account: str) -> Moved:
    was = Address("whatsapp", account, update.old_wa_id, phone=f"+{update.old_wa_id}")
    now = Address("whatsapp", account, update.new_wa_id, phone=f"+{update.new_wa_id}")
    return Moved(was, now, update.id, update.timestamp)


def _template(update: Any) -> TemplateNews:
    said = {
        "state": getattr(update, "new_status", None),
        "category": getattr(update, "new_category", None) or getattr(update, "category", None),
        "quality": getattr(update, "new_quality_score", None),
        "reason": getattr(update, "reason", None),
        "words": getattr(update, "template_element", None),
    }
    kept = {name: str(getattr(value, "value", value)) for name, value in said.items() if value is not None}
    return TemplateNews(update.template_name, update.template_language.value, kept, update.timestamp)


def plain(event: Event) -> Event:
    """Return an event without what pywa does not tell: how a failure is kept, and the model of a price."""
    if not isinstance(event, Receipt):
        return event
    price = {name: event.price[name] for name in ("billable", "category")} if event.price else None
    return Receipt(event.ref, event.state, event.at, our_key=event.our_key, code=event.code, price=price)


def kind_of(update: Any) -> str:
    kind = type(update).__name__
    return f"{kind}/reaction" if kind == "Message" and update.type.value == "reaction" else kind


@every_row("name", EXPECTED)
def test_a_webhook_says_to_us_what_it_says_to_pywa(name: str) -> None:
    document = with_ids(payloads(folder())[name])
    account = account_of(document)
    expected = [event for update in updates(document) if (event := as_ours(update, account)) is not None]
    if name == TWO_PEOPLE:
        (edited,) = expected
        assert isinstance(edited, Inbound)
        expected = [replace(edited, address=Address("whatsapp", account, "16505551234", phone="+16505551234"))]

    assert [plain(event) for event in read(document, account=account, now=NOW).events] == expected


def test_pywa_understands_every_webhook_but_those_about_groups_and_no_reason_is_idle() -> None:
    understood = {name: updates(with_ids(document)) for name, document in payloads(folder()).items()}

    assert {name for name, said in understood.items() if len(said) != 1} == WITHOUT_A_READER
    assert {kind_of(update) for said in understood.values() for update in said} >= set(NOT_EVENTS)
