"""Rasa's REST channel in both directions: ``{sender, message, metadata}`` in, a list of replies out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict
from bot.channels.clean import clean_text, is_web_link
from bot.kernel.errors import Malformed

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.ids import Ids

MAX_TEXT = 10_000
#: Rasa's clients send a pressed button's payload back as the message; ours are told apart by this beginning.
OPTION = "/opcion:"
_SENDER = re.compile(r"[\w.@+\- ]{1,80}")
_MESSAGE_ID = re.compile(r"[\w.:\-]{1,80}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,40}")

CAPS = Caps(
    text=10_000, body_with_options=10_000, buttons=100, button_len=200, hint_len=200, rate_per_s=1000.0, pull=True
)


class Rest:
    """The REST channel; replies are read from the log, so nothing is ever sent."""

    name = "rest"
    caps = CAPS

    def __init__(self, clock: Clock, ids: Ids, *, account: str = "rest") -> None:
        """Take the clock that dates messages, the ids of those that bring none, and our own side's name."""
        self._clock = clock
        self._ids = ids
        self._account = account

    def address(self, sender: str) -> Address:
        """Return the address of the client called ``sender``."""
        return Address(self.name, self._account, sender)

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        """Return the one event of a posted message.

        Raises:
            Malformed: not a message; its text is the name of the sentence that says why.
        """
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            raise Malformed("json") from None
        if not isinstance(document, dict):
            raise Malformed("json")
        return [self.read(document)]

    def read(self, document: Mapping[str, Any]) -> Inbound:
        """Return the event in ``document``; ``metadata.message_id`` (optional) makes repeats harmless.

        Raises:
            Malformed: as ``parse``.
        """
        sender, message = document.get("sender"), document.get("message", "")
        metadata = document.get("metadata") or {}
        if not isinstance(sender, str) or not _SENDER.fullmatch(sender):
            raise Malformed("mal_pedido")
        if not isinstance(message, str) or not isinstance(metadata, dict):
            raise Malformed("mal_pedido")
        if len(message) > MAX_TEXT:
            raise Malformed("mensaje_largo")
        message_id = metadata.get("message_id", document.get("message_id"))
        if message_id is not None and not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
            raise Malformed("identificador")
        key = f"{sender}:{message_id}" if message_id else self._ids.new("rest")
        text = clean_text(message)
        address, now = self.address(sender), self._clock.now()
        if text.startswith(OPTION) and _TOKEN.fullmatch(text[len(OPTION) :]):
            return Inbound(key=key, sent_at=now, address=address, kind="choice", token=text[len(OPTION) :])
        if not text:
            raise Malformed("mensaje_vacio")
        return Inbound(key=key, sent_at=now, address=address, kind="text", text=text)

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Do nothing, well: the answer to the request is read from the log."""
        return Sent(Verdict.OK, ref=our_key)


def replies_json(sender: str, payloads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return outbox payloads in Rasa's shape: ``{recipient_id, text, buttons, image, custom}``, absent parts left out.

    Options with a link and documents have no place in Rasa's shape and go into ``custom``.
    """
    replies: list[dict[str, Any]] = []
    for payload in payloads:
        reply: dict[str, Any] = {"recipient_id": sender}
        if payload.get("text"):
            reply["text"] = payload["text"]
        options = payload.get("options") or []
        buttons = [
            {"title": option["label"], "payload": OPTION + option["token"]}
            for option in options
            if not option.get("url")
        ]
        if buttons:
            reply["buttons"] = buttons
        media = payload.get("media") or []
        images = [item["ref"] for item in media if item["kind"] == "image"]
        if images:
            reply["image"] = images[0]
        custom: dict[str, Any] = {}
        if links := [
            {"title": option["label"], "url": option["url"]} for option in options if is_web_link(option.get("url"))
        ]:
            custom["links"] = links
        if media:
            custom["media"] = [dict(item) for item in media]
        if payload.get("ask"):
            custom["ask"] = payload["ask"]
        if custom:
            reply["custom"] = custom
        replies.append(reply)
    return replies
