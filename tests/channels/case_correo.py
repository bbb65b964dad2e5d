"""The mail channel before the contract: it only goes out, so little of the contract is for it."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Self

from bot.channels.base import Address, Say, Sent, Verdict
from bot.channels.correo.channel import Mail
from bot.kernel.clock import SystemClock
from tests.channels.contract import Bubble, ChannelCase, Payload


class Case(ChannelCase):
    async def __aenter__(self) -> Self:
        account = "atencion@empresa.example"
        self.letters: list[EmailMessage] = []
        self.channel = Mail(account, subject="Mensaje", clock=SystemClock(), post=self.keep)
        self.to = Address("correo", account, "persona@casa.example")
        return self

    def keep(self, letter: EmailMessage) -> Sent:
        self.letters.append(letter)
        return Sent(Verdict.OK)

    def text(self, text: str, *, number: int = 1) -> Payload:
        return Payload(text.encode())

    async def show(self, say: Say, our_key: str) -> tuple[Sent, Sequence[Bubble]]:
        sent = await self.channel.send(self.to, say, our_key)
        return sent, [Bubble(str(letter.get_content())) for letter in self.letters]
