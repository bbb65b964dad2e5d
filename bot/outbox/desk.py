"""What staff see and decide about messages that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from bot.outbox.ledger import doubts
from storage.repos.base import Repo
from storage.repos.receipts import WAITING as CODE
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow, OutboxRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

#: States that ask for somebody's attention.
UNDELIVERED: Final = ("unknown", "failed", "dead")
#: What is ``queued`` until its person writes is called so, apart from what only waits for its turn.
WAITING: Final = "waiting"
#: States that can be listed; what arrived is not.
LISTED: Final = ("queued", "sending", WAITING, *UNDELIVERED)
#: What is shown to staff who ask for nothing special.
TOLD: Final = (WAITING, *UNDELIVERED)

_outbox = table(OutboxRow)
_c = _outbox.c
_tries = table(OutboxAttemptRow).c


@dataclass(frozen=True, slots=True)
class Found:
    """A message and how many attempts at it nobody knows the end of."""

    row: Outbound
    doubts: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: its moment, verdict, code, and the exchange without personal data."""

    at: datetime
    verdict: str
    code: str
    exchange: str


def find(uow: UnitOfWork, states: Iterable[str], limit: int) -> list[Found]:
    """Return at most ``limit`` messages in ``states``, the oldest first."""
    wanted = set(states)
    waits = and_(_c.state == "queued", _c.code == CODE)
    found: list[ColumnElement[bool]] = [_c.state.in_(sorted(wanted - {WAITING, "queued"}))]
    found += [waits] if WAITING in wanted else []
    found += [and_(_c.state == "queued", or_(_c.code.is_(None), _c.code != CODE))] if "queued" in wanted else []
    query = select(_c.id).where(or_(*found)).order_by(_c.id).limit(limit)
    rows = [uow.outbox.get(number) for number in uow.conn.execute(query).scalars()]
    return [Found(row, doubts(uow, row.id)) for row in rows if row is not None]


def state_of(row: Outbound) -> str:
    """Return the state of a message as it is listed."""
    return WAITING if row.state == "queued" and row.code == CODE else row.state


def counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many messages there are in each state that can be listed."""
    found, waiting = uow.outbox.counts(), uow.waiting.many()
    return {**found, "queued": found.get("queued", 0) - waiting, WAITING: waiting}


def attempts(uow: UnitOfWork, outbox_id: int) -> list[Attempt]:
    """Return every try at one message, the oldest first."""
    return _Attempts(uow.conn, uow.keyring, uow.dialect).of(outbox_id)


def retry(uow: UnitOfWork, outbox_id: int, *, now: datetime) -> str:
    """Put an undelivered message back into the queue, its tries forgotten; return why not, or nothing.

    Its text is what was committed: a radicado in it stays the same.
    """
    row = uow.outbox.get(outbox_id)
    if row is None:
        return "there is no such message"
    if row.state not in UNDELIVERED:
        return f"it is {row.state}"
    if row.not_after is not None and row.not_after <= now:
        return "its time is over"
    return _change(uow, row, now, state="queued", attempts=0, not_before=now, code="retried")


def drop(uow: UnitOfWork, outbox_id: int, *, now: datetime) -> str:
    """Give up a message that did not arrive or waits; return why not, or nothing."""
    row = uow.outbox.get(outbox_id)
    if row is None:
        return "there is no such message"
    if row.state not in {"queued", *UNDELIVERED}:
        return f"it is {row.state}"
    return _change(uow, row, now, state="dead", code="dropped")


def _change(uow: UnitOfWork, row: Outbound, now: datetime, **values: object) -> str:
    """Write under the fence that was read: a sender that took the message meanwhile wins."""
    change = (
        update(_outbox)
        .where(_c.id == row.id, _c.fence == row.fence)
        .values(state_at=now, fence=_c.fence + 1, lease_until=None, worker=None, **values)
    )
    return "" if uow.conn.execute(change).rowcount == 1 else "a sender has just taken it"


class _Attempts(Repo):
    def of(self, outbox_id: int) -> list[Attempt]:
        query = (
            select(_tries.at, _tries.verdict, _tries.code, _tries.exchange, _tries.fence)
            .where(_tries.outbox_id == outbox_id)
            .order_by(_tries.id)
        )
        return [
            Attempt(
                row.at,
                row.verdict,
                row.code,
                self._open_text(row.exchange, f"outbox_attempts:{outbox_id}:{row.fence}") or "",
            )
            for row in self._all(query)
        ]
