"""What providers say about messages of ours: late, repeated and unordered, so it only ever moves forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.db import Database
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


async def keep(database: Database, receipts: Iterable[Receipt]) -> int:
    """Write ``receipts`` in one durable transaction; return how many changed anything.

    A receipt names its message by our key where the provider echoes it, else by the provider's ref. States move queued
    → sent → delivered → read; ``failed`` is final unless a younger good one follows (another device of the person).

    Raises:
        StorageError: nothing was written; the provider must be told to try again.
    """
    listed = list(receipts)
    if not listed:
        return 0
    changed = await database.write(lambda uow: _keep(uow, listed))
    log.debug("receipts_kept", receipts=len(listed), changed=changed)
    return changed


def _keep(uow: UnitOfWork, receipts: Sequence[Receipt]) -> int:
    return sum(uow.outbox.receipt(one.our_key or one.ref, one.state, one.at) for one in receipts)
