"""release_notices: gives notices their place in the log that a client reads, once their moment has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.kernel.clock import Clock
    from storage.db import Database
    from storage.uow import UnitOfWork

_BATCH = 200


async def run(database: Database, clock: Clock, pull_channels: AbstractSet[str], notify: Callable[[str], None]) -> str:
    """Release what is due, a bounded piece a transaction; returns how many."""
    now = clock.now()
    channels = sorted(pull_channels)
    released = 0
    while True:
        due = await database.read(lambda uow: uow.notices.held(channels, now, _BATCH))
        if not due:
            break
        done = await database.write(lambda uow, due=due: _release(uow, due, now))  # type: ignore[misc]
        for conversation_id in done:
            notify(conversation_id)
        released += len(done)
        if len(due) < _BATCH:
            break
    return f"{released} notices" if released else ""


def _release(uow: UnitOfWork, due: Sequence[tuple[int, str]], now: datetime) -> list[str]:
    released = []
    for outbox_id, conversation_id in due:
        seq = uow.conversations.take_seq(conversation_id, 1, now)
        if uow.notices.release(outbox_id, seq or 0, now):
            released.append(conversation_id)
    return released
