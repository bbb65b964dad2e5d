"""The link to the page of preferences: sealed, short-lived, and telling nothing of the person."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storage.errors import SealBroken
from storage.types import pack, unpack

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from storage.crypto import Keyring

PATH = "/preferencias/"
_PLACE = "preferencias:enlace"
_LONGEST = 400


class Links:
    """Makes and opens links; what is in one is encrypted and cannot be changed."""

    def __init__(self, keyring: Keyring, settings: Settings) -> None:
        """Take the keys of the house, the public address and how long a link works."""
        self._keys = keyring
        self._lives = timedelta(hours=settings.avisos.enlace_horas)
        server = settings.server
        self._root = server.public_url.rstrip("/") or (
            f"http://{server.host}:{server.port}" if server.is_loopback else ""
        )

    def make(self, conversation_id: str, now: datetime) -> str:
        """Return a link for a conversation, or an empty text where the house has no address to be reached at."""
        return f"{self._root}{PATH}{self.token(conversation_id, now)}" if self._root else ""

    def token(self, conversation_id: str, now: datetime) -> str:
        """Return what stands at the end of the link."""
        until = int((now + self._lives).timestamp())
        return base64.urlsafe_b64encode(self._keys.seal(pack([conversation_id, until]), _PLACE)).decode().rstrip("=")

    def open(self, token: str, now: datetime) -> str | None:
        """Return the conversation that a link is for, or None when it is not ours or its time is over."""
        if len(token) > _LONGEST:
            return None
        try:
            conversation_id, until = unpack(
                self._keys.open(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), _PLACE)
            )
        except (binascii.Error, ValueError, SealBroken):
            return None
        return str(conversation_id) if now <= datetime.fromtimestamp(until, UTC) else None
