"""agreement_clock: does to running agreements what the day brings, and queues what has to be told of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.agreements import clock as days
from bot.agreements import lifecycle, policy
from bot.identity import persons
from bot.kernel.clock import BOGOTA, local_date

if TYPE_CHECKING:
    from bot.agreements.policy_model import PolicyFile
    from bot.agreements.told import Told
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.notices.catalog import Clase
    from bot.notices.push import Notices
    from storage.db import Database
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_BATCH = 200


async def run(database: Database, clock: Clock, settings: Settings, notices: Notices) -> str:
    """Look at every running agreement, one transaction each; returns how many messages were queued.

    One that breaks is logged and left for the next time; it holds up none of those behind it.
    """
    rules, now = policy.of_settings(settings), clock.now()
    told, after = 0, ""
    while True:
        ids = await database.read(
            lambda uow, after=after: uow.agreements.ids_in(lifecycle.RUNNING, after=after, limit=_BATCH)  # type: ignore[misc]
        )
        for agreement_id in ids:
            try:
                told += await database.write(
                    lambda uow, one=agreement_id: _tick(uow, one, rules, now, notices)  # type: ignore[misc]
                )
            except Exception:
                log.exception("agreement_failed", agreement=agreement_id)
        if len(ids) < _BATCH:
            return f"{told} agreement messages" if told else ""
        after = ids[-1]


def _tick(uow: UnitOfWork, agreement_id: str, rules: PolicyFile, now: datetime, notices: Notices) -> int:
    record, today = uow.agreements.get(agreement_id), local_date(now)
    own = (policy.called(rules, record.politica) if record else None) or policy.on(rules, today)
    if own is None:
        return 0
    return sum(tell(uow, one, now, notices) for one in days.tick(uow, agreement_id, policy=own, today=today, now=now))


def tell(uow: UnitOfWork, told: Told, now: datetime, notices: Notices) -> bool:
    """Queue a message about an agreement: what asks for money passes the gate of Ley 2300; False when it was queued before.

    Of the talks of the person who signed it is told in the one used last that allows it. Nothing is told to a talk whose person cut the account, asked to be forgotten, or never proved it.
    """
    if not persons.is_proved(uow, told.conversation_id, told.cuenta):
        log.info("agreement_message_not_told", kind=told.kind, conversation=told.conversation_id)
        return False
    until = None
    if told.until_on:
        until = datetime.combine(datetime.fromisoformat(told.until_on).date() + timedelta(days=1), time(), BOGOTA)
    clase: Clase = "COBRANZA" if told.is_collection else "SERVICIO"
    where = notices.preferred(uow, told.conversation_id, clase, now=now, cuenta=told.cuenta, not_after=until)
    pushed = notices.push(
        uow,
        conversation_id=where,
        response=told.response,
        values={"acuerdo_aviso": dict(told.values)},
        clase=clase,
        key=told.key,
        now=now,
        not_after=until,
        cuenta=told.cuenta,
    )
    return pushed.state == "queued"
