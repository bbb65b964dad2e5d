"""What the sender writes: claims, outcomes, and the rows whose sender died."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import func, select

from bot.channels.base import Sent, Verdict
from bot.kernel.log import redact
from bot.outbox.doorstep import Doorstep, may_wait
from bot.outbox.refusals import STOPPED, learn
from bot.outbox.rules import HELD, LATER, TEMPLATE, Decision, History, Rules, decide, seconds
from bot.outbox.window import Standing
from bot.outbox.worker import forget_worker, is_surely_dead, worker_name
from storage.repos.receipts import WINDOW
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.ids import Ids
    from storage.db import Database
    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

#: The code of an attempt whose sender died between claiming and marking.
CRASHED = "sender_died"
_tries = table(OutboxAttemptRow).c
_LONG_NUMBER = re.compile(r"\d{5,}")
_BOT_PATH = re.compile(r"bot\d+:[\w-]+")
_KEPT_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt led to; ``written`` is false when somebody else had decided meanwhile."""

    decision: Decision
    written: bool


class Ledger:
    """The sender's side of the ``outbox`` table; every method is one durable transaction."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, rules: Rules, doorstep: Doorstep | None = None
    ) -> None:
        """Take the database, the clock, the source of jitter, the rules, and where messages wait for their person."""
        self._doorstep = doorstep or Doorstep(rules)
        self._database = database
        self._clock = clock
        self._ids = ids
        self._rules = rules
        self._worker = worker_name(ids.new("sender"))

    def close(self) -> None:
        """Say that this sender ended: what it left under way may be decided at once."""
        forget_worker(self._worker)

    async def has_due(self, channel: str, account: str) -> bool:
        """Whether anything of the account waits to leave; a read, so that an idle sender never writes."""
        now = self._clock.now()
        return await self._database.read(lambda uow: uow.outbox.has_due(channel, account, now))

    async def claim(
        self, channel: str, account: str, limit: int, *, has_window: bool
    ) -> tuple[list[Outbound], Standing | None]:
        """Take at most ``limit`` messages that may leave now, one per person, with what decides how they leave.

        With ``has_window`` that is when people last wrote, for whom something waits, and what the provider said of our
        templates. It is one transaction: what is taken and then not sent would stay in doubt until its lease is over.
        """
        now = self._clock.now()

        def take(uow: UnitOfWork) -> tuple[list[Outbound], Standing | None]:
            rows = uow.outbox.claim(
                channel=channel, account=account, now=now, lease_s=self._rules.lease_s, limit=limit, worker=self._worker
            )
            if not has_window or not rows:
                return rows, None
            talks = [row.conversation_id for row in rows]
            templates = uow.providers.templates() if any(row.kind == "notice" for row in rows) else {}
            return rows, Standing(uow.providers.last_heard(talks), templates, frozenset(uow.waiting.of(talks)))

        return await self._database.write(take)

    async def settle(self, row: Outbound, sent: Sent) -> Outcome:
        """Log an attempt and write what follows from it."""
        return await self._database.write(lambda uow: self._settle(uow, row, sent))

    async def recover(self) -> int:
        """Decide about messages whose sender died: its lease is over, or its process is gone; return how many."""
        now = self._clock.now()
        until = now + timedelta(seconds=self._rules.lease_s + 1)
        under_way = await self._database.read(lambda uow: uow.outbox.expired(until))
        lost = [row for row in under_way if _is_over(row, now) or is_surely_dead(row.worker)]
        if not lost:
            return 0
        crash = Sent(Verdict.UNKNOWN, code=CRASHED)
        return await self._database.write(lambda uow: sum(self._settle(uow, row, crash).written for row in lost))

    async def lapse(self) -> int:
        """Give up what was not sent before its ``not_after``; return how many."""
        now = self._clock.now()
        return await self._database.write(lambda uow: uow.outbox.lapse(now))

    def _settle(self, uow: UnitOfWork, row: Outbound, sent: Sent) -> Outcome:
        now = self._clock.now()
        waits = sent.verdict is Verdict.CLOSED_WINDOW and may_wait(row, sent.code)
        # First of all: a turn of theirs locks their conversation before it touches what waits.
        is_here = waits and self._doorstep.is_here(uow, row)
        phone = _phone(uow, row) if sent.verdict is Verdict.NEEDS_PHONE else ""
        history = History(
            attempts=row.attempts,
            unknowns=doubts(uow, row.id),
            age_s=seconds(now - row.created_at),
            may_repeat=not row.payload.get("once", False),
            has_template=_may_take_template(row, sent),
            may_wait=waits,
            is_here=is_here,
            has_phone=bool(phone),
        )
        if sent.exchange:
            learn(uow, row, sent.code, now)
        decision = decide(sent, history, self._rules, self._ids.fraction())
        is_lost = sent.verdict is Verdict.DEAD_ADDRESS or sent.code.startswith(LATER)
        if is_lost and self._doorstep.is_said_elsewhere(uow, row, sent.code, now):
            # Not a second time here, however soon the provider would take it.
            decision = Decision("failed")
        again_at = None if decision.wait_s is None else now + timedelta(seconds=decision.wait_s)
        # While a template or a hold lasts, the same message comes up again and again: that is no try to be kept.
        if sent.exchange or not sent.code.startswith((HELD, TEMPLATE)):
            uow.outbox.attempt(row.id, row.fence, now, sent.verdict.value, sent.code, redacted(sent.exchange))
        if decision.waits:
            return Outcome(decision, self._doorstep.hold(uow, row, now))
        if phone:
            uow.providers.send_to(row.id, row.key, {**row.address, "phone": phone})
        written = uow.outbox.mark(
            row.id,
            row.fence,
            state=decision.state,
            now=now,
            ref=sent.ref,
            code=None if is_here else _code(row, sent, decision),
            not_before=again_at,
            spare=decision.spare,
        )
        return Outcome(decision, written)


def _code(row: Outbound, sent: Sent, decision: Decision) -> str | None:
    """Return what is kept of an attempt; that the window was closed stays known until the message has an end."""
    if decision.state in {"queued", "sent"} and (row.code or "").startswith(WINDOW):
        return row.code
    return sent.code or None


def _may_take_template(row: Outbound, sent: Sent) -> bool:
    """Tell whether a message that went in our own words has approved ones that were not tried yet."""
    was_tried = (row.code or "").startswith(WINDOW) or sent.code.startswith(STOPPED)
    return bool(row.payload.get("template")) and not was_tried


def _phone(uow: UnitOfWork, row: Outbound) -> str:
    """Return the phone of a person whose message went to their scoped id alone, if their provider ever told it."""
    return "" if row.address.get("phone") else uow.providers.phone_of(row.conversation_id)


def _is_over(row: Outbound, now: datetime) -> bool:
    return row.lease_until is None or row.lease_until <= now


def doubts(uow: UnitOfWork, outbox_id: int) -> int:
    """Return how many attempts at a message ended without anybody knowing whether it arrived."""
    found = select(func.count()).where(_tries.outbox_id == outbox_id, _tries.verdict == Verdict.UNKNOWN.value)
    return int(uow.conn.execute(found).scalar_one())


def redacted(exchange: str) -> str:
    """Return ``exchange`` without tokens, long numbers and personal data, whatever its channel left in it."""
    return _LONG_NUMBER.sub("…", redact(_BOT_PATH.sub("bot…", exchange)))[:_KEPT_CHARACTERS]
