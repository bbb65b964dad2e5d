"""What a fact's writer is given: the open transaction and the turn it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.learning.doubts import NOTHING, Ear

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.kernel.ids import Ids
    from bot.notices.push import Notices
    from bot.pqr.desk import Desk
    from bot.turn.plan import Mode, Trigger
    from storage.uow import UnitOfWork


def _no_words(response: str, values: Mapping[str, Any], channel: str) -> str:
    del values, channel
    message = f"this scene cannot say {response}"
    raise RuntimeError(message)


@dataclass(slots=True)
class Scene:
    """The transaction of one turn. ``mode`` may be changed by a writer: who answers from now on.

    ``notices`` writes to *other* conversations; this turn answers its own by replies. ``consent_sha256`` is the hash of
    the very text by which people are asked to authorise the use of their data. ``words`` renders a response for
    something that is said elsewhere than in this conversation. ``ear`` is what the talk remembers of messages in doubt;
    a writer may change it.
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
    words: Callable[[str, Mapping[str, Any], str], str] = _no_words
    ear: Ear = NOTHING

    @property
    def conversation_id(self) -> str:
        """The conversation of the turn."""
        return self.trigger.conversation_id
