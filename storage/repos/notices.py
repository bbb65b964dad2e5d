"""Messages that people were chosen for: queued, or skipped with a reason, so that nobody is lost from the count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, bindparam, delete, exists, func, literal, or_, select, update

from storage.repos.base import Repo, fixed, upsert
from storage.repos.receipts import MARKETING, NOT_THE_PERSON
from storage.rows.base import table
from storage.rows.messages import ConversationRow, OutboxRow
from storage.rows.notices import NoticeRow

NoticeState = Literal["chosen", "queued", "skipped", "cancelled"]

#: What an outbox key of a notice begins with.
OUTBOX_PREFIX = "notice."

_notices = table(NoticeRow)
_c = _notices.c
_outbox = table(OutboxRow)
_o = _outbox.c
_talks = table(ConversationRow).c

#: An address where nothing arrived is tried again after so long.
_TRY_AGAIN = timedelta(days=30)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Somebody was chosen; ``choices`` are the payloads of its buttons, in order."""

    key: str
    conversation_id: str
    person: str
    channel: str
    clase: str
    response: str
    state: NoticeState
    not_before: datetime
    created_at: datetime
    topic: str | None = None
    wave_id: int | None = None
    reason: str | None = None
    contact_on: date | None = None
    token: str | None = None
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A message that the limits of Ley 2300 count: the day and the channel."""

    on: date
    channel: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How a conversation is written to: its address, when it last wrote, and whether the last sending failed.

    ``wants_no_ads``: the provider refused one because the person stopped advertising there.
    """

    address: dict[str, Any]
    last_inbound_at: datetime | None
    has_failed: bool
    wants_no_ads: bool = False


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A message as it stands; ``fate`` is the state of its outbox row, or None when it has none.

    ``wave_id`` is the sending to many that it is part of, if it is.
    """

    key: str
    conversation_id: str
    state: NoticeState
    reason: str | None
    not_before: datetime
    fate: str | None
    wave_id: int | None


_ADD = {
    dialect: statement.on_conflict_do_nothing(index_elements=["key"]).returning(_c.id)
    for dialect, statement in upsert(_notices).items()
}
_SETTLE = (
    update(_notices)
    .where(_c.key == bindparam("name"), _c.state == fixed("chosen"))
    .values(
        channel=bindparam("by"),
        state=bindparam("becomes"),
        # Why somebody was chosen (an account of theirs) stays with a message that is queued.
        reason=func.coalesce(bindparam("why"), _c.reason),
        contact_on=bindparam("day"),
        token=bindparam("stem"),
        choices=bindparam("sealed"),
        not_before=bindparam("at"),
    )
)
_OF_OUTBOX = _o.key == literal(OUTBOX_PREFIX).concat(_c.key)
_UNDELIVERED = exists().where(_OF_OUTBOX, _o.state.in_([fixed("failed"), fixed("dead")]))
_CONTACTS = select(_c.contact_on, _c.channel).where(
    _c.person == bindparam("whose"),
    _c.contact_on.is_not(None),
    _c.contact_on >= bindparam("first"),
    _c.contact_on <= bindparam("last"),
    _c.state == fixed("queued"),
    ~_UNDELIVERED,
)
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("of"), 0)))
_REACH = select(
    _talks.address,
    _talks.last_inbound_at,
    exists()
    .where(
        _o.conversation_id == _talks.id,
        _o.state == fixed("failed"),
        or_(_talks.last_inbound_at.is_(None), _o.state_at > _talks.last_inbound_at),
        _o.state_at > bindparam("since", type_=_o.state_at.type),
        # A window that was closed, or trouble of the provider, says nothing about the person.
        or_(_o.code.is_(None), and_(*(_o.code.not_like(fixed(f"{begins}%")) for begins in NOT_THE_PERSON))),
    )
    .label("has_failed"),
    exists()
    .where(
        _o.conversation_id == _talks.id,
        _o.state == fixed("failed"),
        _o.state_at > bindparam("since", type_=_o.state_at.type),
        _o.code.like(fixed(f"{MARKETING}%")),
    )
    .label("wants_no_ads"),
).where(_talks.id == bindparam("whose"))
_BUTTONS = (
    select(_c.key, _c.token, _c.choices, _c.created_at)
    .where(
        _c.conversation_id == bindparam("whose"),
        _c.token.is_not(None),
        _c.created_at >= bindparam("since"),
        _c.state == fixed("queued"),
    )
    .order_by(_c.id.desc())
    .limit(20)
)
_RECORD = (
    select(_c.key, _c.conversation_id, _c.state, _c.reason, _c.not_before, _o.state.label("fate"), _c.wave_id)
    .join_from(_notices, _outbox, _OF_OUTBOX, isouter=True)
    .where(_c.key == bindparam("name"))
)
_TALLY = (
    select(_c.state, _c.reason, _o.state.label("fate"), func.count().label("many"))
    .join_from(_notices, _outbox, _OF_OUTBOX, isouter=True)
    .where(_c.wave_id == bindparam("which"))
    .group_by(_c.state, _c.reason, _o.state)
)
_FAILURES = (
    select(func.coalesce(_o.code, fixed("")), func.count())
    .join_from(_notices, _outbox, _OF_OUTBOX)
    .where(_c.wave_id == bindparam("which"), _o.state.in_([fixed("failed"), fixed("dead"), fixed("unknown")]))
    .group_by(func.coalesce(_o.code, fixed("")))
)
_HELD = (
    select(_o.id, _o.conversation_id)
    .where(
        _o.state == fixed("queued"),
        _o.kind == fixed("notice"),
        _o.channel.in_(bindparam("pulled", expanding=True)),
        _o.not_before <= bindparam("now"),
        or_(_o.not_after.is_(None), _o.not_after > bindparam("now")),
    )
    .order_by(_o.id)
    .limit(bindparam("most"))
)
_RELEASE = (
    update(_outbox)
    .where(_o.id == bindparam("outbox_id"), _o.state == fixed("queued"))
    .values(state=fixed("sent"), state_at=bindparam("now"), seq=bindparam("place"))
)
_OF_WAVE = and_(
    _o.state == fixed("queued"),
    _o.key.in_(select(literal(OUTBOX_PREFIX).concat(_c.key)).where(_c.wave_id == bindparam("which"))),
)
_RECALL = (
    update(_outbox).where(_OF_WAVE).values(state=fixed("dead"), state_at=bindparam("now"), code=fixed("cancelled"))
)
_HOLD = (
    update(_notices)
    .where(
        _c.wave_id == bindparam("which"),
        _c.state == fixed("queued"),
        exists().where(_OF_OUTBOX, _o.state == fixed("queued")),
    )
    .values(state=fixed("chosen"), contact_on=None, token=None, choices=None)
)
_UNQUEUE = delete(_outbox).where(
    _o.state == fixed("queued"),
    _o.key.in_(
        select(literal(OUTBOX_PREFIX).concat(_c.key)).where(
            _c.wave_id == bindparam("which"), _c.state == fixed("chosen")
        )
    ),
)
_CANCEL = (
    update(_notices)
    .where(
        _c.wave_id == bindparam("which"),
        _c.state == fixed("queued"),
        exists().where(_OF_OUTBOX, _o.state == fixed("dead"), _o.code == fixed("cancelled")),
    )
    .values(state=fixed("cancelled"), reason=bindparam("why"), contact_on=None)
)
_LIMITED_OF = select(literal(OUTBOX_PREFIX).concat(_c.key)).where(
    _c.conversation_id == bindparam("whose"),
    _c.state == fixed("queued"),
    _c.clase.in_(bindparam("classes", expanding=True)),
)
_WITHDRAW_LIMITED = (
    update(_outbox)
    .where(_o.state == fixed("queued"), _o.key.in_(_LIMITED_OF))
    .values(state=fixed("dead"), state_at=bindparam("now"), code=fixed("opted_out"))
)
_WITHDRAWN_LIMITED = (
    update(_notices)
    .where(
        _c.conversation_id == bindparam("whose"),
        _c.state == fixed("queued"),
        _c.clase.in_(bindparam("classes", expanding=True)),
        exists().where(_OF_OUTBOX, _o.state == fixed("dead"), _o.code == fixed("opted_out")),
    )
    .values(state=fixed("skipped"), reason=fixed("baja"), contact_on=None)
)
_WITHDRAW = (
    update(_outbox)
    .where(
        _o.state == fixed("queued"),
        _o.key.in_(
            select(literal(OUTBOX_PREFIX).concat(_c.key)).where(
                _c.conversation_id == bindparam("whose"),
                _c.state == fixed("queued"),
                _c.topic.in_(bindparam("topics", expanding=True)),
            )
        ),
    )
    .values(state=fixed("dead"), state_at=bindparam("now"), code=fixed("opted_out"))
)
_WITHDRAWN = (
    update(_notices)
    .where(
        _c.conversation_id == bindparam("whose"),
        _c.state == fixed("queued"),
        _c.topic.in_(bindparam("topics", expanding=True)),
        exists().where(_OF_OUTBOX, _o.state == fixed("dead"), _o.code == fixed("opted_out")),
    )
    .values(state=fixed("skipped"), reason=fixed("baja"), contact_on=None)
)


class Notices(Repo):
    """The ``notices`` table, and what it says of the ``outbox``."""

    def add(self, notice: NewNotice) -> bool:
        """Write a chosen person down; return False when the key is there already."""
        values = {name: getattr(notice, name) for name in NewNotice.__dataclass_fields__}
        values["choices"] = self._choices(notice)
        return self._first(_ADD[self._dialect], values) is not None

    def settle(self, notice: NewNotice) -> bool:
        """Write what became of somebody who was chosen; return False when that is written already."""
        values = {
            "name": notice.key,
            "by": notice.channel,
            "becomes": notice.state,
            "why": notice.reason,
            "day": notice.contact_on,
            "stem": notice.token,
            "sealed": self._choices(notice),
            "at": notice.not_before,
        }
        return self._run(_SETTLE, values).rowcount == 1

    def contacts(self, person: str, first: date, last: date) -> list[Contact]:
        """Return what counts against the limits of a person between two days; what never arrived does not count.

        On PostgreSQL the person is locked until the transaction ends, so that two processes cannot both count zero.
        """
        if self._dialect == "postgresql":
            self._run(_LOCK, {"of": f"notices:{person}"})
        values = {"whose": person, "first": first, "last": last}
        return [Contact(*row) for row in self._all(_CONTACTS, values)]

    def reach(self, conversation_id: str, now: datetime | None = None) -> Reach | None:
        """Return how a conversation can be written to, or None when there is none; its sealed state stays shut.

        With ``now`` (aware), a failure older than ``_TRY_AGAIN`` says nothing any more: people come back to a channel.
        """
        since = _EVER if now is None else now - _TRY_AGAIN
        row = self._first(_REACH, {"whose": conversation_id, "since": since})
        if row is None:
            return None
        address = self._open(row.address, f"conversations:{conversation_id}:address")
        return Reach(address, row.last_inbound_at, bool(row.has_failed), bool(row.wants_no_ads))

    def buttons(self, conversation_id: str, since: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return (token stem, (label, payload) of each button) of the notices since ``since``, the newest first."""
        found = []
        for row in self._all(_BUTTONS, {"whose": conversation_id, "since": since}):
            choices = self._open(row.choices, f"notices:{row.key}:choices")
            found.append((str(row.token), [(str(label), str(payload)) for label, payload in choices]))
        return found

    def get(self, key: str) -> NoticeRecord | None:
        """Return a message and what became of it, or None."""
        row = self._first(_RECORD, {"name": key})
        return None if row is None else NoticeRecord(*row)

    def tally(self, wave_id: int) -> list[tuple[NoticeState, str | None, str | None, int]]:
        """Return (state, reason, fate in the outbox, how many) of a wave."""
        return [(row.state, row.reason, row.fate, row.many) for row in self._all(_TALLY, {"which": wave_id})]

    def failures(self, wave_id: int) -> dict[str, int]:
        """Return why messages of a wave did not arrive, by the code that the outbox keeps, and how many of each."""
        return {str(code): int(many) for code, many in self._all(_FAILURES, {"which": wave_id})}

    def held(self, channels: Sequence[str], now: datetime, limit: int) -> list[tuple[int, str]]:
        """Return (outbox id, conversation) of the notices whose client reads the log and whose moment has come."""
        rows = self._all(_HELD, {"pulled": list(channels), "now": now, "most": limit})
        return [(row.id, row.conversation_id) for row in rows]

    def release(self, outbox_id: int, seq: int, now: datetime) -> bool:
        """Put a held notice into the log at ``seq``; return False when another process was faster."""
        return self._run(_RELEASE, {"outbox_id": outbox_id, "place": seq, "now": now}).rowcount == 1

    def cancel(self, wave_id: int, now: datetime, reason: str) -> int:
        """Take back what a wave has not sent yet; return how many."""
        self._run(_RECALL, {"which": wave_id, "now": now})
        return self._run(_CANCEL, {"which": wave_id, "why": reason}).rowcount

    def withdraw(self, conversation_id: str, topics: Sequence[str], now: datetime) -> int:
        """Take back what was not sent yet of topics that a person no longer wants; return how many."""
        values: Mapping[str, Any] = {"whose": conversation_id, "topics": list(topics)}
        self._run(_WITHDRAW, {**values, "now": now})
        return self._run(_WITHDRAWN, values).rowcount

    def hold(self, wave_id: int) -> int:
        """Put back what a wave has queued and not sent, so that it can be sent later or never; return how many."""
        waiting = {"which": wave_id}
        held = self._run(_HOLD, waiting).rowcount
        self._run(_UNQUEUE, waiting)
        return held

    def _choices(self, notice: NewNotice) -> bytes | None:
        if not notice.choices:
            return None
        return self._seal([list(pair) for pair in notice.choices], f"notices:{notice.key}:choices")

    def withdraw_limited(self, conversation_id: str, classes: Sequence[str], now: datetime) -> int:
        """Take back what was not sent yet of the classes that Ley 2300 counts; return how many."""
        values: Mapping[str, Any] = {"whose": conversation_id, "classes": list(classes)}
        self._run(_WITHDRAW_LIMITED, {**values, "now": now})
        return self._run(_WITHDRAWN_LIMITED, values).rowcount


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week of ``day``: what Ley 2300 calls the same week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
