"""A message of ours waits outside the window of its person: they are told so once, in approved words, with a button.

The button is pressed, or anything is written, and that opens the window: what waits leaves in its order.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from datetime import datetime

    from bot.notices.push import Notices
    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

RESPONSE: Final = "aviso.mensaje_espera"
#: What its button begins where nothing waits any more.
FLOW: Final = "ver_mensajes"
#: Nobody is told more often, however much waits.
_AGAIN: Final = timedelta(hours=24)
#: Why a knock that has not left is taken back.
CAME: Final = "ya_escribio"


class Knock:
    """Tells people that a message of ours waits for them; holds no state."""

    def __init__(self, notices: Notices) -> None:
        """Take who writes what we begin, with its hours and its reasons not to write to somebody."""
        self._notices = notices

    def __call__(self, uow: UnitOfWork, row: Outbound, now: datetime) -> None:
        """Write the notice in the transaction in which ``row`` begins to wait, unless the person was told already."""
        who = uow.people.conversations_with(row.conversation_id)
        if uow.waiting.has_knocked(who, RESPONSE, now - _AGAIN):
            return
        pushed = self._notices.push(
            uow,
            conversation_id=row.conversation_id,
            response=RESPONSE,
            values={},
            clase="SERVICIO",
            key=f"{RESPONSE}:{row.key}:{row.fence}",
            now=now,
        )
        if pushed.reason:
            log.warning("nobody_told_of_waiting", outbox=row.id, reason=pushed.reason)


def let_go(uow: UnitOfWork, conversation_id: str, now: datetime) -> int:
    """Let what waits for a person leave, since they are here; return how many messages."""
    went = uow.waiting.go(conversation_id, now)
    if went:
        uow.waiting.never_mind(conversation_id, RESPONSE, CAME)
    return went
