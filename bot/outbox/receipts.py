"""What providers say about messages of ours: late, repeated and unordered, so it only ever moves forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.db import Database
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


async def note_receipts(database: Database, receipts: Iterable[Receipt], *, channel: str) -> int:
    """Write ``receipts`` of ``channel`` in one durable transaction; return how many changed anything.

    A receipt names its message by our key where the provider echoes it, else by the provider's ref. States move queued
    → sent → delivered → read; ``failed`` is final unless a younger good one follows (another device of the person).

    Raises:
        StorageError: nothing was written; the provider must be told to try again.
    """
    listed = list(receipts)
    if not listed:
        return 0
    changed = await database.write(lambda uow: _note(uow, listed, channel))
    log.debug("receipts_noted", channel=channel, receipts=len(listed), changed=changed)
    return changed


def _note(uow: UnitOfWork, receipts: list[Receipt], channel: str) -> int:
    return sum(
        uow.outbox.receipt(receipt.our_key or receipt.ref, receipt.state, receipt.at, channel=channel)
        for receipt in receipts
    )
