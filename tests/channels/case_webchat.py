"""The web chat before the contract: what the page posts, and the log items it draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

from bot.channels.base import Say, Sent
from bot.channels.webchat.channel import USER_HEADER, WebChat
from bot.channels.wire import say_to_json
from bot.kernel.clock import SystemClock
from tests.channels.contract import Bubble, ChannelCase, Payload

UUID = "0f8fad5b-d9cb-469f-a165-7086{:08d}"


class Case(ChannelCase):
    async def __aenter__(self) -> Self:
        self.channel = WebChat(SystemClock())
        self.to = self.channel.address("visitante")
        return self

    def _payload(self, number: int = 1, **content: Any) -> Payload:
        document = {"client_msg_id": UUID.format(number), **content}
        return Payload(json.dumps(document).encode(), {USER_HEADER: "visitante"})

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._payload(number, text=text)

    def choice(self, token: str) -> Payload:
        return self._payload(token=token)

    def location(self, lat: float, lon: float) -> Payload:
        return self._payload(point=[lat, lon])

    def unsigned(self) -> Payload:
        return Payload(self.text("hola").body, {})

    def malformed(self) -> Sequence[Payload]:
        bodies = (b"", b"{", b"[]", b"null", b"{}", b"[" * 20_000, b"\xff", b'{"client_msg_id": 5}')
        return [Payload(body, {USER_HEADER: "visitante"}) for body in bodies]

    def too_large(self) -> Payload:
        return self.text("x" * 10_001)

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        sent = await self.channel.send(self.to, say, our_key)
        return sent, [drawn(say)]


def drawn(say: Say) -> Bubble:
    """Return the log item as a page has it before it draws it."""
    item = say_to_json(say)
    return Bubble(
        text=item["text"],
        options=tuple(option["label"] for option in item.get("options", ())),
        file=item["media"][0]["name"] if item.get("media") else "",
        asks=item.get("ask", ""),
    )
