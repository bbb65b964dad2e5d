"""The JSON in which inbox and outbox rows keep what came in and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.base import Address, Inbound, Media, Notice, Option, Say


def address_to_json(address: Address) -> dict[str, Any]:
    """Return ``address`` as a JSON object; absent attributes are left out."""
    document: dict[str, Any] = {"channel": address.channel, "account": address.account, "user": address.user}
    if address.phone:
        document["phone"] = address.phone
    if address.name:
        document["name"] = address.name
    return document


def address_from_json(document: Mapping[str, Any]) -> Address:
    """Return the address kept in ``document``."""
    return Address(
        channel=document["channel"],
        account=document["account"],
        user=document["user"],
        phone=document.get("phone"),
        name=document.get("name"),
    )


def media_to_json(media: Media) -> dict[str, Any]:
    """Return ``media`` as a JSON object."""
    return {"kind": media.kind, "ref": media.ref, "mime": media.mime, "size": media.size, "name": media.name}


def media_from_json(document: Mapping[str, Any]) -> Media:
    """Return the media kept in ``document``."""
    return Media(
        kind=document["kind"],
        ref=document["ref"],
        mime=document.get("mime", "application/octet-stream"),
        size=document.get("size"),
        name=document.get("name"),
    )


def inbound_to_json(event: Inbound) -> dict[str, Any]:
    """Return what a person did, without who and when (those are columns of the inbox row)."""
    document: dict[str, Any] = {"text": event.text}
    if event.token is not None:
        document["token"] = event.token
    if event.reply_to is not None:
        document["reply_to"] = event.reply_to
    if event.message is not None:
        document["message"] = event.message
    if event.point is not None:
        document["point"] = list(event.point)
    if event.media:
        document["media"] = [media_to_json(media) for media in event.media]
    return document


def inbound_from_json(
    document: Mapping[str, Any], *, key: str, sent_at: datetime, address: Address, kind: str
) -> Inbound:
    """Return the inbound event kept in ``document`` and its columns."""
    point = document.get("point")
    return Inbound(
        key=key,
        sent_at=sent_at,
        address=address,
        kind=kind,  # type: ignore[arg-type]  # the column only ever takes an InboundKind
        text=document.get("text", ""),
        token=document.get("token"),
        reply_to=document.get("reply_to"),
        point=(float(point[0]), float(point[1])) if point else None,
        media=tuple(media_from_json(media) for media in document.get("media", ())),
        message=document.get("message"),
    )


def say_to_json(say: Say) -> dict[str, Any]:
    """Return ``say`` as the JSON object of an outbox row."""
    document: dict[str, Any] = {"text": say.text}
    if say.options:
        document["options"] = [
            {"token": option.token, "label": option.label, "hint": option.hint, "url": option.url}
            for option in say.options
        ]
        document["menu_label"] = say.menu_label
    if say.media:
        document["media"] = [media_to_json(media) for media in say.media]
    if say.ask:
        document["ask"] = say.ask
    return document


def say_from_json(document: Mapping[str, Any]) -> Say:
    """Return the message kept in an outbox row."""
    return Say(
        text=document.get("text", ""),
        options=tuple(
            Option(option["token"], option["label"], option.get("hint", ""), option.get("url"))
            for option in document.get("options", ())
        ),
        media=tuple(media_from_json(media) for media in document.get("media", ())),
        ask=document.get("ask", ""),
        menu_label=document.get("menu_label", "Ver opciones"),
    )


def template_to_json(
    name: str, language: str, values: Mapping[str, str], *, category: str, always: bool
) -> dict[str, Any]:
    """Return what an outbox row keeps of the approved template that may stand for its words."""
    return {"name": name, "language": language, "values": dict(values), "category": category, "always": always}


def notice_from_json(document: Mapping[str, Any], not_after: datetime) -> Notice | None:
    """Return the message of an outbox row in approved words, or None when it has only our own."""
    template = document.get("template")
    if not template:
        return None
    return Notice(
        template=template["name"],
        params=template["values"],
        plain=say_from_json(document),
        not_after=not_after,
        topic=document.get("response", ""),
        language=template["language"],
    )
