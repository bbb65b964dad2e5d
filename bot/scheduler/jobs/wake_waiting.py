"""wake_waiting: finds messages nobody is working, after a crash or from another process, and wakes their lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.db import Database

_BATCH = 500


async def run(database: Database, wake: Callable[[str], None]) -> str:
    """Wake every conversation with a pending message; returns how many."""
    waiting = await database.read(lambda uow: uow.inbox.waiting(_BATCH))
    for conversation_id in waiting:
        wake(conversation_id)
    return f"{len(waiting)} conversations" if waiting else ""
