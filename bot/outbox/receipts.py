"""What providers say about messages of ours: late, repeated and unordered, so it only ever moves forward."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Receipt
from bot.outbox.refusals import learn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bot.outbox.doorstep import Doorstep
    from storage.db import Database
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_LONGEST_WORD = 60


async def keep(
    database: Database,
    receipts: Iterable[Receipt],
    *,
    doorstep: Doorstep | None = None,
    now: Callable[[], datetime] | None = None,
) -> int:
    """Write ``receipts`` in one durable transaction; return how many changed anything.

    A receipt names its message by our key where the provider echoes it, else by the provider's ref. States move queued
    → sent → delivered → read; ``failed`` is final unless a younger good one follows (another device of the person). With
    ``doorstep``, and ``now`` for its moments, an answer whose window was closed waits there for its person instead.

    Raises:
        StorageError: nothing was written; the provider must be told to try again.
    """
    listed = list(receipts)
    if not listed:
        return 0
    changed = await database.write(lambda uow: _keep(uow, listed, doorstep, now))
    log.debug("receipts_kept", receipts=len(listed), changed=changed)
    return changed


def _keep(
    uow: UnitOfWork, receipts: Sequence[Receipt], doorstep: Doorstep | None, now: Callable[[], datetime] | None
) -> int:
    if doorstep is None or now is None:
        return sum(_keep_one(uow, one) for one in receipts)
    moment = now()
    held = doorstep.refused(uow, receipts, moment)
    rest = [one for place, one in enumerate(receipts) if place not in held]
    return len(held) + sum(_keep_one(uow, one, partial(doorstep.is_said_elsewhere, now=moment)) for one in rest)


def _keep_one(uow: UnitOfWork, one: Receipt, elsewhere: Callable[..., bool] | None = None) -> bool:
    name = one.our_key or one.ref
    if one.price is not None:
        _keep_price(uow, one, name)
    if one.is_part and one.state != "failed":
        return False
    code = one.why or ("" if one.code is None else str(one.code))
    changed = uow.outbox.receipt(name, one.state, one.at, code=code, ref=one.ref)
    if changed and one.state == "failed":
        _learn(uow, name, code, one.at, elsewhere)
    return changed


def _learn(uow: UnitOfWork, name: str, code: str, at: datetime, elsewhere: Callable[..., bool] | None) -> None:
    outbox_id = uow.outbox.find(name)
    row = None if outbox_id is None else uow.outbox.get(outbox_id)
    if row is not None:
        learn(uow, row, code, at)
        if elsewhere is not None and code:
            elsewhere(uow, row, code)


def _keep_price(uow: UnitOfWork, one: Receipt, name: str) -> None:
    """Keep what the provider says a message costs; it is charged when it is delivered."""
    outbox_id = uow.outbox.find(name)
    if outbox_id is None or one.price is None:
        return
    said = {key: str(one.price.get(key) or "")[:_LONGEST_WORD].lower() for key in ("category", "pricing_model", "type")}
    uow.providers.price(
        ref=one.ref,
        outbox_id=outbox_id,
        category=said["category"],
        model=said["pricing_model"],
        kind=said["type"],
        billable=one.price.get("billable") is True,
        delivered=one.state in {"delivered", "read"},
        at=one.at,
    )
