"""The channel of text messages before the contract: it only goes out, so little of the contract is for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from bot.channels.base import Address, Say, Sent, Verdict
from bot.channels.sms.channel import TextMessages
from tests.channels.contract import Bubble, ChannelCase, Payload


class Case(ChannelCase):
    async def __aenter__(self) -> Self:
        self.messages: list[str] = []
        self.channel = TextMessages("Empresa", self.keep)
        self.to = Address("sms", "Empresa", "+573000000001")
        return self

    async def keep(self, number: str, text: str, our_key: str) -> Sent:
        self.messages.append(text)
        return Sent(Verdict.OK)

    def text(self, text: str, *, number: int = 1) -> Payload:
        return Payload(text.encode())

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        sent = await self.channel.send(self.to, say, our_key)
        return sent, [Bubble(text) for text in self.messages]
