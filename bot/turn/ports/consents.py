"""What the person has authorised, read for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.actions.ports import ConsentState

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from storage.db import Database


class StoredConsents:
    """What the person has authorised, under the version of the text in force."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._version = settings.consentimiento.version

    async def state(self, conversation_id: str, topic: str = "datos") -> ConsentState:
        """Return the decision about ``topic``; one taken under another version of the text counts for nothing."""
        current = await self._database.read(lambda uow: uow.consents.current(conversation_id, topic))
        if current is None or current.version != self._version:
            return ConsentState(self._version, None)
        return ConsentState(self._version, current.granted)
