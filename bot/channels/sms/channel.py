"""The channel of text messages: it sends and never hears."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict, numbered
from bot.kernel.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CAPS = Caps(text=1_000, body_with_options=0, buttons=0, button_len=0, rate_per_s=5.0)
_MOBILE = re.compile(r"\+\d{8,15}")

#: Delivers a text to a number (E.164) under our own key, and says what became of it.
Post = Callable[[str, str, str], Awaitable[Sent]]


class TextMessages:
    """Short texts to mobiles, through ``post``."""

    name = "sms"
    caps = CAPS

    def __init__(self, account: str, post: Post, close: Callable[[], Awaitable[None]] | None = None) -> None:
        """Take the name that people see as the sender, who carries the messages, and how to let go of it."""
        self.account = account
        self._post = post
        self._close = close

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        """Refuse: nothing comes in by text message.

        Raises:
            Malformed: always.
        """
        raise Malformed("mal_pedido")

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Try once to hand the message over."""
        say = what.plain if isinstance(what, Notice) else what
        if not _MOBILE.fullmatch(to.user):
            return Sent(Verdict.DEAD_ADDRESS, code="address")
        text = numbered(say)
        if len(text) > CAPS.text:
            # Half of what was meant may say the opposite: it is our mistake, and staff see it.
            return Sent(Verdict.BUG, code="too_long")
        return await self._post(to.user, text, our_key)

    async def close(self) -> None:
        """Close the connections to the provider."""
        if self._close is not None:
            await self._close()
