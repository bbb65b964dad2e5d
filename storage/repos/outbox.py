"""What is to be said: written with the turn that decided it, claimed under a lease, marked under a fence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, bindparam, case, exists, func, insert, or_, select, text, update

from storage.repos.base import AnyRow, fixed
from storage.repos.receipts import EXPIRED, WAITING, Receipts
from storage.repos.transcripts import Transcripts
from storage.rows.base import table
from storage.rows.messages import OutboxAttemptRow, OutboxRow

OutboundKind = Literal["reply", "notice", "staff"]
OutboundState = Literal["queued", "sending", "sent", "delivered", "read", "unknown", "failed", "dead"]
Marked = Literal["sent", "queued", "unknown", "failed", "dead"]

_outbox = table(OutboxRow)
_c = _outbox.c


@dataclass(frozen=True, slots=True)
class NewOutbound:
    """Something to say.

    ``key`` is unique for ever and makes a repeated turn harmless. A lower ``priority`` leaves first. ``pull`` rows are
    born ``sent``: their channel reads them from the transcript. Moments are aware.
    """

    key: str
    conversation_id: str
    channel: str
    account: str
    address: Mapping[str, Any]
    seq: int
    kind: OutboundKind
    payload: Mapping[str, Any]
    priority: int
    not_before: datetime
    created_at: datetime
    not_after: datetime | None = None
    pull: bool = False
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """Something to say as it stands; ``fence`` is what ``mark`` wants back."""

    id: int
    key: str
    conversation_id: str
    channel: str
    account: str
    kind: OutboundKind
    address: dict[str, Any]
    payload: dict[str, Any]
    seq: int
    priority: int
    inbox_id: int | None
    created_at: datetime
    not_before: datetime
    not_after: datetime | None
    state: OutboundState
    state_at: datetime
    fence: int
    attempts: int
    lease_until: datetime | None
    worker: str | None
    ref: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class SendAttempt:
    """One try to send; ``exchange`` is what was said with the provider, redacted by the channel."""

    id: int
    outbox_id: int
    fence: int
    at: datetime
    verdict: str
    code: str
    exchange: str


_COLUMNS = [_c[name] for name in Outbound.__dataclass_fields__]
_ADD = insert(_outbox).inline()
_GET = select(*_COLUMNS).where(_c.id == bindparam("outbox_id"))
_OF_INBOX = select(*_COLUMNS).where(_c.inbox_id == bindparam("inbox")).order_by(_c.seq, _c.id)
_EXPIRED = (
    select(*_COLUMNS)
    .where(_c.state == fixed("sending"), _c.lease_until <= bindparam("now"))
    .order_by(_c.lease_until, _c.id)
    .limit(500)
)

_earlier = _outbox.alias("earlier")
_e = _earlier.c
_BLOCKED = exists().where(
    _e.conversation_id == _c.conversation_id,
    text("earlier.state in ('queued', 'sending')"),
    or_(
        _e.state == fixed("sending"),
        and_(
            or_(_e.priority < _c.priority, and_(_e.priority == _c.priority, _e.id < _c.id)),
            # A notice for tomorrow holds nobody up; a reply that waits for its retry does: order is kept.
            or_(_e.kind != fixed("notice"), _e.not_before <= bindparam("now")),
            or_(_e.not_after.is_(None), _e.not_after > bindparam("now")),
            # What waits for the person holds up nothing that may reach them meanwhile.
            or_(_e.code.is_(None), _e.code != fixed(WAITING)),
        ),
    ),
)
_HEADS = (
    select(_c.id)
    .where(
        _c.channel == bindparam("of_channel"),
        _c.account == bindparam("of_account"),
        _c.state == fixed("queued"),
        _c.not_before <= bindparam("now"),
        or_(_c.not_after.is_(None), _c.not_after > bindparam("now")),
        ~_BLOCKED,
    )
    .order_by(_c.priority, _c.id)
    .limit(bindparam("most"))
    .with_for_update(of=_outbox, skip_locked=True)
    .cte("heads")
)
_CLAIM = (
    update(_outbox)
    .where(_c.id.in_(select(_HEADS.c.id)))
    .values(
        state=fixed("sending"),
        state_at=bindparam("now"),
        lease_until=bindparam("until"),
        worker=bindparam("by"),
        fence=_c.fence + 1,
        attempts=_c.attempts + 1,
    )
    .returning(*_COLUMNS)
)
#: One claim at a time per channel account, so that two senders never hold one conversation. Ends with the transaction.
_CLAIM_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("of"), 0)))
_MARK = (
    update(_outbox)
    .where(_c.id == bindparam("outbox_id"), _c.fence == bindparam("held"))
    .values(
        # A receipt may have been faster than the answer of the provider: what it said stands.
        state=case((_c.state.in_(["queued", "sending", "unknown"]), bindparam("becomes")), else_=_c.state),
        state_at=bindparam("now"),
        fence=_c.fence + 1,
        attempts=_c.attempts - bindparam("spared"),
        lease_until=None,
        worker=None,
        ref=func.coalesce(bindparam("new_ref"), _c.ref),
        code=bindparam("new_code"),
        not_before=func.coalesce(bindparam("again_at", type_=_c.not_before.type), _c.not_before),
    )
)
_LAPSE = (
    update(_outbox)
    .where(_c.state == fixed("queued"), _c.not_after <= bindparam("now"))
    .values(
        state=fixed("dead"),
        state_at=bindparam("now"),
        code=case((_c.code == fixed(WAITING), fixed(EXPIRED)), else_=fixed("lapsed")),
    )
)
_tries = table(OutboxAttemptRow)
_ATTEMPT = insert(_tries).inline()
_ATTEMPTS = select(_tries).where(_tries.c.outbox_id == bindparam("whose")).order_by(_tries.c.id)
_COUNTS = [
    select(_c.state, func.count()).where(text(where)).group_by(_c.state)
    for where in ("state in ('queued', 'sending')", "state in ('unknown', 'failed', 'dead')")
]
_HAS_DUE = (
    select(_c.id)
    .where(
        _c.channel == bindparam("of_channel"),
        _c.account == bindparam("of_account"),
        _c.state == fixed("queued"),
        _c.not_before <= bindparam("now"),
    )
    .limit(1)
)
_OLDEST_DUE = select(func.min(_c.not_before)).where(_c.state == fixed("queued"), _c.not_before <= bindparam("now"))


class Outbox(Transcripts, Receipts):
    """The ``outbox`` table and its append-only log of attempts."""

    def add(self, items: Sequence[NewOutbound]) -> None:
        """Write things to say.

        Raises:
            Conflict: one of the keys is already there.
        """
        if items:
            self._run(_ADD, [self._values(item) for item in items])

    def get(self, outbox_id: int) -> Outbound | None:
        """Return one row, or None."""
        row = self._first(_GET, {"outbox_id": outbox_id})
        return None if row is None else self._outbound(row)

    def of_inbox(self, inbox_id: int) -> list[Outbound]:
        """Return what was said because of one inbound message, in order."""
        return [self._outbound(row) for row in self._all(_OF_INBOX, {"inbox": inbox_id})]

    def claim(
        self, *, channel: str, account: str, now: datetime, lease_s: float, limit: int, worker: str
    ) -> list[Outbound]:
        """Take what may leave now: at most one thing per conversation, never while another of it is in flight.

        Order is by priority (replies before notices), then age. Each row taken is ``sending`` until ``now + lease_s``
        seconds; whoever finds it later in ``expired`` decides. What lapsed (``not_after``) is passed over.
        """
        if self._dialect == "postgresql":
            self._run(_CLAIM_LOCK, {"of": f"outbox:{channel}:{account}"})
        rows = self._all(
            _CLAIM,
            {
                "of_channel": channel,
                "of_account": account,
                "now": now,
                "until": now + timedelta(seconds=lease_s),
                "most": limit,
                "by": worker,
            },
        )
        return sorted((self._outbound(row) for row in rows), key=lambda item: (item.priority, item.id))

    def mark(
        self,
        outbox_id: int,
        fence: int,
        *,
        state: Marked,
        now: datetime,
        ref: str | None = None,
        code: str | None = None,
        not_before: datetime | None = None,
        spare: bool = False,
    ) -> bool:
        """Write what became of a claimed row; return False when the fence moved: somebody else has decided.

        ``not_before`` is when to try again (state ``queued``). ``spare`` does not count the attempt (channel halted).
        A receipt that was faster keeps its state. Each fence marks once.
        """
        values = {
            "outbox_id": outbox_id,
            "held": fence,
            "becomes": state,
            "now": now,
            "new_ref": ref,
            "new_code": code,
            "again_at": not_before,
            "spared": int(spare),
        }
        return self._run(_MARK, values).rowcount == 1

    def attempt(self, outbox_id: int, fence: int, at: datetime, verdict: str, code: str, exchange: str) -> None:
        """Append one try to the log; ``exchange`` was redacted by its channel and is sealed besides."""
        self._run(
            _ATTEMPT,
            {
                "outbox_id": outbox_id,
                "fence": fence,
                "at": at,
                "verdict": verdict,
                "code": code,
                "exchange": self._seal_text(exchange, f"outbox_attempts:{outbox_id}:{fence}"),
            },
        )

    def attempts(self, outbox_id: int) -> list[SendAttempt]:
        """Return the tries to send one row, oldest first."""
        found = []
        for row in self._all(_ATTEMPTS, {"whose": outbox_id}):
            exchange = self._open_text(row.exchange, f"outbox_attempts:{outbox_id}:{row.fence}") or ""
            found.append(SendAttempt(row.id, outbox_id, row.fence, row.at, row.verdict, row.code, exchange))
        return found

    def expired(self, now: datetime) -> list[Outbound]:
        """Return what was being sent when its sender died: the lease is over and nobody marked it (at most 500)."""
        return [self._outbound(row) for row in self._all(_EXPIRED, {"now": now})]

    def lapse(self, now: datetime) -> int:
        """Give up what was not sent before its ``not_after`` ; return how many.

        They are dead, with the code ``lapsed``, or ``window:expired`` when the person never wrote.
        """
        return self._run(_LAPSE, {"now": now}).rowcount

    def counts(self) -> dict[str, int]:
        """Return how many rows are queued, sending, unknown, failed and dead; what arrived is not counted."""
        return {state: count for statement in _COUNTS for state, count in self._all(statement)}

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the oldest thing that could leave is waiting, or None."""
        moment: datetime | None = self._run(_OLDEST_DUE, {"now": now}).scalar_one()
        return moment

    def has_due(self, channel: str, account: str, now: datetime) -> bool:
        """Tell whether anything of one channel account has come to its moment."""
        return self._first(_HAS_DUE, {"of_channel": channel, "of_account": account, "now": now}) is not None

    def _values(self, item: NewOutbound) -> dict[str, Any]:
        return {
            "key": item.key,
            "conversation_id": item.conversation_id,
            "channel": item.channel,
            "account": item.account,
            "kind": item.kind,
            "address": self._seal(item.address, f"outbox:{item.key}:address"),
            "payload": self._seal(item.payload, f"outbox:{item.key}:payload"),
            "seq": item.seq,
            "priority": item.priority,
            "inbox_id": item.inbox_id,
            "created_at": item.created_at,
            "not_before": item.not_before,
            "not_after": item.not_after,
            "state": "sent" if item.pull else "queued",
            "state_at": item.created_at,
            "fence": 0,
            "attempts": 0,
        }

    def _outbound(self, row: AnyRow) -> Outbound:
        number, key, conversation_id, channel, account, kind, address, payload, *rest = row
        return Outbound(
            number,
            key,
            conversation_id,
            channel,
            account,
            kind,
            self._open(address, f"outbox:{key}:address"),
            self._open(payload, f"outbox:{key}:payload"),
            *rest,
        )
