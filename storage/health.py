"""How a database is: its version, whether it is whole, whether our keys open it, and what waits in it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from storage.errors import SealBroken, WrongKey
from storage.migrate import version
from storage.rows.base import table
from storage.rows.messages import ConversationRow, InboxRow, OutboxRow
from storage.rows.work import JobRunRow

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_inbox, _outbox = table(InboxRow).c, table(OutboxRow).c
_runs, _conversations = table(JobRunRow).c, table(ConversationRow).c
#: SQLite calls back so often, in steps of its machine, while it looks through the file.
_STEPS = 20_000
#: Conversations of each end that are tried with our keys.
_TRIED = 5


@dataclass(frozen=True, slots=True)
class Health:
    """``version`` is None for a database without tables; ``problems`` is what it says of its own damage.

    ``is_whole`` is None when looking through it took too long or cannot be done.
    """

    version: str | None
    size: int
    is_read_only: bool
    is_whole: bool | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What waits, and what went wrong since a moment.

    ``undelivered`` counts by channel and state; ``lapsed_leases`` are messages whose sender died; moments are the
    oldest of their kind.
    """

    undelivered: dict[tuple[str, str], int]
    queued: int
    due_since: datetime | None
    lapsed_leases: int
    unanswered: int
    unanswered_since: datetime | None
    last_job_at: datetime | None
    failed_jobs: tuple[str, ...]


def health(uow: UnitOfWork, *, seconds: float) -> Health:
    """Look at the database itself, for at most about ``seconds``."""
    found = version(uow.conn)
    if uow.dialect == "sqlite":
        pages, size = (
            int(uow.conn.execute(text(f"PRAGMA {name}")).scalar_one()) for name in ("page_count", "page_size")
        )
        whole, problems = _look_through(uow, seconds)
        return Health(found, pages * size, is_read_only=False, is_whole=whole, problems=problems)
    size = uow.conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    standby = bool(uow.conn.execute(text("SELECT pg_is_in_recovery()")).scalar_one())
    query = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid LIMIT 3")
    bad = tuple(f"index {name}" for name in uow.conn.execute(query).scalars())
    return Health(found, int(size), is_read_only=standby, is_whole=not bad, problems=bad)


def is_opened_by_our_keys(uow: UnitOfWork) -> bool | None:
    """Tell whether our keys open what is kept; None when nothing is kept yet.

    The oldest and the newest conversations are tried: one that is damaged, or was sealed while somebody had set another
    key for a while, does not condemn the right one.
    """
    ends = (_conversations.id.asc(), _conversations.id.desc())
    tried = [select(_conversations.id).order_by(end).limit(_TRIED) for end in ends]
    names = {name for query in tried for name in uow.conn.execute(query).scalars()}
    for name in sorted(names):
        with suppress(SealBroken):
            uow.conversations.load(name)
            return True
    return False if names else None


def require_our_keys(uow: UnitOfWork) -> None:
    """Refuse a database that our keys do not open: what came in would be sealed under another key than all the rest.

    Raises:
        WrongKey: none of the conversations that were tried opens.
    """
    if is_opened_by_our_keys(uow) is False:
        raise WrongKey


def work(uow: UnitOfWork, now: datetime, *, since: timedelta) -> Work:
    """Return what waits at ``now`` and what could not be done in the last ``since``."""
    undelivered = (
        select(_outbox.channel, _outbox.state, func.count())
        .where(text("state in ('unknown', 'failed', 'dead')"), _outbox.state_at >= now - since)
        .group_by(_outbox.channel, _outbox.state)
    )
    waiting = uow.conn.execute(select(func.count(), func.min(_inbox.received_at)).where(text("state = 'new'"))).one()
    lapsed = select(func.count()).where(text("state = 'sending'"), _outbox.lease_until <= now)
    failed = (
        select(_runs.job).where(_runs.error.is_not(None), _runs.due_at >= now - since).distinct().order_by(_runs.job)
    )
    return Work(
        undelivered={(row[0], row[1]): row[2] for row in uow.conn.execute(undelivered)},
        queued=uow.outbox.counts().get("queued", 0),
        due_since=uow.outbox.oldest_due(now),
        lapsed_leases=int(uow.conn.execute(lapsed).scalar_one()),
        unanswered=int(waiting[0]),
        unanswered_since=waiting[1],
        last_job_at=uow.conn.execute(select(func.max(_runs.due_at))).scalar(),
        failed_jobs=tuple(uow.conn.execute(failed).scalars()),
    )


def _look_through(uow: UnitOfWork, seconds: float) -> tuple[bool | None, tuple[str, ...]]:
    """Let SQLite check its file; None when it was not done in time."""
    raw: Any = uow.conn.connection.dbapi_connection
    ends_at = time.monotonic() + seconds  # a duration, not the time of day
    raw.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
    try:
        found = [str(row[0]) for row in uow.conn.execute(text("PRAGMA quick_check(3)"))]
    except DBAPIError as error:
        if "interrupt" in str(error.orig):
            return None, ()
        return False, (str(error.orig),)
    finally:
        raw.set_progress_handler(None, 0)
    return (True, ()) if found == ["ok"] else (False, tuple(found))
