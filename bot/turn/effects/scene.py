"""What a fact's writer is given: the open transaction and the turn it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.notices.push import Notices
    from bot.pqr.desk import Desk
    from bot.turn.plan import Mode, Trigger
    from storage.uow import UnitOfWork


@dataclass(slots=True)
class Scene:
    """The transaction of one turn. ``mode`` may be changed by a writer: who answers from now on.

    ``notices`` writes to *other* conversations; this turn answers its own by replies. ``consent_sha256`` is the hash of the very text by which people are asked to authorise the use of their data.
    """

    uow: UnitOfWork
    trigger: Trigger
    turn: int
    now: datetime
    ids: Ids
    settings: Settings
    desk: Desk
    mode: Mode
    notices: Notices
    consent_sha256: str = ""

    @property
    def conversation_id(self) -> str:
        """The conversation of the turn."""
        return self.trigger.conversation_id
