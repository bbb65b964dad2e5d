"""A browser proves that a conversation is its own with a secret; we keep only the hash of it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.channels.base import Address
from bot.web.refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from bot.web.services import WebServices

CHANNEL = "webchat"
ACCOUNT = "web"
#: A session nobody used for so long is over (channels.md §5.1).
IDLE = timedelta(days=30)
_TOUCH_EVERY = timedelta(hours=1)
_REMEMBER = timedelta(seconds=60)
_REMEMBERED = 10_000
_MIN_SECRET, _MAX_SECRET = 20, 200
_USER_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: their address on the web chat and their conversation."""

    address: Address
    conversation_id: str


class Sessions:
    """Opens sessions and recognises them; a session seen in the last minute is not read again."""

    def __init__(self, services: WebServices) -> None:
        """Take what the web application was given."""
        self._services = services
        self._known: OrderedDict[str, datetime] = OrderedDict()

    async def open(self, origin: str) -> str:
        """Begin a session for a browser and return its secret (256 random bits), which is never seen again."""
        secret = self._services.ids.secret()
        digest = _digest(secret)
        visitor = self._visitor(digest)
        await self._services.records.open_session(
            digest, visitor.conversation_id, at=self._services.clock.now(), origin=origin[:200]
        )
        return secret

    async def of(self, connection: HTTPConnection) -> Visitor:
        """Return who asks, by the header ``Authorization: Bearer <secret>``.

        Raises:
            Refusal: 401, the session is unknown or was idle for 30 days.
        """
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refusal(401, "sin_sesion")
        return await self.known(secret.strip())

    async def known(self, secret: str) -> Visitor:
        """Return whose ``secret`` it is.

        Raises:
            Refusal: 401, as ``of``.
        """
        if not _MIN_SECRET <= len(secret) <= _MAX_SECRET:
            raise Refusal(401, "sin_sesion")
        digest = _digest(secret)
        now = self._services.clock.now()
        seen = self._known.get(digest)
        if seen is None or not timedelta(0) <= now - seen < _REMEMBER:
            await self._recognise(digest, now)
        return self._visitor(digest)

    async def _recognise(self, digest: str, now: datetime) -> None:
        records = self._services.records
        session = await records.find_session(digest)
        if session is None or now - session.seen_at > IDLE:
            raise Refusal(401, "sin_sesion")
        if now - session.seen_at > _TOUCH_EVERY:
            await records.touch_session(digest, at=now)
        self._known[digest] = now
        self._known.move_to_end(digest)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _visitor(self, digest: str) -> Visitor:
        address = Address(CHANNEL, ACCOUNT, digest[:_USER_DIGITS])
        return Visitor(address, self._services.conversation_id(address.key))


def _digest(secret: str) -> str:
    """SHA-256 is enough for a secret of 256 random bits: there is nothing to guess faster."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
