"""The REST face before the contract: Rasa's requests and Rasa's replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Self

from bot.channels.base import Say, Sent
from bot.channels.rest.channel import OPTION, Rest, replies_json
from bot.channels.wire import say_to_json
from bot.kernel.clock import SystemClock
from bot.kernel.ids import SequenceIds
from tests.channels.contract import Bubble, ChannelCase, Payload


class Case(ChannelCase):
    async def __aenter__(self) -> Self:
        self.channel = Rest(SystemClock(), SequenceIds())
        self.to = self.channel.address("cliente")
        return self

    def text(self, text: str, *, number: int = 1) -> Payload:
        document = {"sender": "cliente", "message": text, "metadata": {"message_id": f"m{number}"}}
        return Payload(json.dumps(document).encode())

    def choice(self, token: str) -> Payload:
        return self.text(OPTION + token)

    def malformed(self) -> Sequence[Payload]:
        bodies = (b"", b"{", b"[]", b"null", b"{}", b"[" * 20_000, b"\xff", b'{"sender": 5, "message": "hola"}')
        return [Payload(body) for body in bodies]

    def too_large(self) -> Payload:
        return self.text("x" * 10_001)

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        sent = await self.channel.send(self.to, say, our_key)
        replies = replies_json("cliente", [say_to_json(say)])
        return sent, [
            Bubble(
                text=reply.get("text", ""),
                options=tuple(button["title"] for button in reply.get("buttons", ())),
                file=reply.get("custom", {}).get("media", [{}])[0].get("name", ""),
                asks=reply.get("custom", {}).get("ask", ""),
            )
            for reply in replies
        ]
