"""The mail channel: it sends and never hears; the words are the outbox row, so a repeat is the same letter."""

from __future__ import annotations

import asyncio
import hashlib
import re
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.channels.base import Address, Caps, Inbound, Notice, Receipt, Say, Sent, Verdict, numbered
from bot.kernel.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.kernel.clock import Clock

CAPS = Caps(text=50_000, body_with_options=0, buttons=0, button_len=0, rate_per_s=5.0)
#: No header may be smuggled in through an address, and no list of them.
_ADDRESS = re.compile(r"[^@\s,;:<>\"()\[\]\\]{1,64}@[A-Za-z0-9.\-]{1,190}\.[A-Za-z]{2,63}")


class Mail:
    """Letters in plain text, through ``post`` (a folder of the house, or an SMTP server)."""

    name = "correo"
    caps = CAPS

    def __init__(self, account: str, *, subject: str, clock: Clock, post: Callable[[EmailMessage], Sent]) -> None:
        """Take our own address, the subject of every letter, the clock that dates them and who carries them."""
        self.account = account
        self._subject = subject
        self._clock = clock
        self._post = post

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
        """Refuse: nothing comes in by mail.

        Raises:
            Malformed: always.
        """
        raise Malformed("mal_pedido")

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Try once to hand the letter over."""
        say = what.plain if isinstance(what, Notice) else what
        if not _ADDRESS.fullmatch(to.user):
            return Sent(Verdict.DEAD_ADDRESS, code="address")
        return await asyncio.to_thread(self._post, self._letter(to.user, numbered(say), our_key))

    def _letter(self, to: str, text: str, our_key: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.account, to, self._subject
        letter["Date"] = format_datetime(self._clock.now())
        # The same for every try, so that a mailbox can tell a repeat.
        place = self.account.partition("@")[2]
        letter["Message-ID"] = f"<{hashlib.sha256(our_key.encode()).hexdigest()[:32]}@{place}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter
