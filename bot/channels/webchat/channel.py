"""The web chat as a channel: what it can show, and why it never sends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict
from bot.channels.webchat.parse import parse_message
from bot.kernel.errors import BadSignature, Malformed

if TYPE_CHECKING:
    from bot.kernel.clock import Clock

#: Who wrote, as the web server found out from the session; the channel trusts it because only the server sets it.
USER_HEADER = "x-atiende-user"

CAPS = Caps(
    text=4000,
    body_with_options=4000,
    buttons=20,
    button_len=60,
    hint_len=120,
    ask=frozenset({"location"}),
    rate_per_s=1000.0,
    pull=True,
)


class WebChat:
    """Our own chat page; its messages wait in the log until the page reads them."""

    name = "webchat"
    caps = CAPS

    def __init__(self, clock: Clock, *, account: str = "web") -> None:
        """Take the clock that dates messages and the name of the site."""
        self._clock = clock
        self._account = account

    def address(self, user: str) -> Address:
        """Return the address of the browser called ``user``."""
        return Address(self.name, self._account, user)

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        """Return the one event of a posted message.

        Raises:
            BadSignature: the request names no session.
            Malformed: not a message.
        """
        user = headers.get(USER_HEADER, "")
        if not user:
            raise BadSignature("sin_sesion")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            raise Malformed("json") from None
        if not isinstance(document, dict):
            raise Malformed("json")
        return [parse_message(document, address=self.address(user), now=self._clock.now())]

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Do nothing, well: the outbox row itself is what the page reads."""
        return Sent(Verdict.OK, ref=our_key)
