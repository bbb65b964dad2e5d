"""An urgent notice that reaches nobody where it went is said once more where the same person can be reached.

Only what many are told in danger, and only in a conversation that the person linked by proving an account of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.notices.push import URGENT_PRIORITY
from storage.repos.notices import OUTBOX_PREFIX

if TYPE_CHECKING:
    from datetime import datetime

    from bot.notices.push import Notices
    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

#: What the key of the second one ends with: there is no third.
_SECOND: Final = ".otra"
_ALIVE: Final = frozenset({"running", "done"})


class Elsewhere:
    """Says urgent notices by another road; holds no state."""

    def __init__(self, notices: Notices) -> None:
        """Take who writes what we begin."""
        self._notices = notices

    def __call__(self, uow: UnitOfWork, row: Outbound, now: datetime) -> bool:
        """Write the notice of ``row`` for another conversation of its person; return whether it was, now or before."""
        if row.kind != "notice" or row.priority != URGENT_PRIORITY or not row.key.startswith(OUTBOX_PREFIX):
            return False
        first = uow.notices.get(row.key.removeprefix(OUTBOX_PREFIX))
        wave = uow.waves.get(first.wave_id) if first is not None and first.wave_id is not None else None
        if first is None or wave is None or not wave.urgent or wave.state not in _ALIVE:
            return False
        for other in self._others(uow, row.conversation_id):
            pushed = self._notices.push(
                uow,
                conversation_id=other,
                response=wave.response,
                values={"aviso": wave.values},
                clase=self._notices.catalog.temas[wave.topic].clase,
                key=first.key + _SECOND,
                now=now,
                urgent=True,
                topic=wave.topic,
                not_after=row.not_after,
            )
            log.info("told_elsewhere", outbox=row.id, state=pushed.state)
            return True
        return False

    def _others(self, uow: UnitOfWork, conversation_id: str) -> list[str]:
        """Return where else the person can be reached: first where we can ring, and of those where they wrote last."""
        found = []
        for each in uow.people.conversations_with(conversation_id):
            reach = uow.notices.reach(each) if each != conversation_id else None
            blocked = uow.subscriptions.preference(each).blocked_at
            if reach is None or reach.has_failed or reach.last_inbound_at is None:
                continue
            if blocked is not None and reach.last_inbound_at <= blocked:
                continue
            rings = reach.address["channel"] not in self._notices.pull_channels
            found.append((rings, reach.last_inbound_at, each))
        return [each for _, _, each in sorted(found, reverse=True)]
