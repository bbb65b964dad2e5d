"""Who waits for a person, in which order, and who has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, bindparam, func, or_, select, update

from storage.errors import NotFound
from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.people import HandoffRow

HandoffState = Literal["queued", "with_person", "returned", "closed"]

_handoffs = table(HandoffRow)
_c = _handoffs.c


@dataclass(frozen=True, slots=True)
class HandoffRecord:
    """A wait for a person; ``first`` passes everybody (danger), ``preferential`` everybody but those.

    ``position`` counts from 1 while queued and is 0 otherwise.
    """

    id: int
    conversation_id: str
    reason: str
    case_id: str | None
    first: bool
    state: HandoffState
    actor: str | None
    opened_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    preferential: bool
    position: int


_IN_HAND = _c.state.in_([fixed("queued"), fixed("with_person")])
_OPEN = {
    dialect: statement.inline().on_conflict_do_nothing(index_elements=["conversation_id"], index_where=_IN_HAND)
    for dialect, statement in upsert(_handoffs).items()
}
#: A danger told by somebody who waits already passes the queue, and staff read why.
_OPEN_FIRST = {
    dialect: statement.inline().on_conflict_do_update(
        index_elements=["conversation_id"],
        index_where=_IN_HAND,
        set_={"first": statement.excluded.first, "reason": statement.excluded.reason},
    )
    for dialect, statement in upsert(_handoffs).items()
}
_OPEN_PREFERENTIAL = {
    dialect: statement.inline().on_conflict_do_update(
        index_elements=["conversation_id"],
        index_where=_IN_HAND,
        set_={"preferential": statement.excluded.preferential},
    )
    for dialect, statement in upsert(_handoffs).items()
}
_OPEN_TRIES = 5
_ahead = _handoffs.alias("ahead")
_a = _ahead.c
_POSITION = (
    select(func.count())
    .where(
        _a.state == fixed("queued"),
        _c.state == fixed("queued"),
        or_(
            and_(_a.first, ~_c.first),
            and_(_a.first == _c.first, _a.preferential, ~_c.preferential),
            and_(
                _a.first == _c.first,
                _a.preferential == _c.preferential,
                or_(_a.opened_at < _c.opened_at, and_(_a.opened_at == _c.opened_at, _a.id <= _c.id)),
            ),
        ),
    )
    .correlate(_handoffs)
    .scalar_subquery()
)
_SELECT = select(_handoffs, _POSITION.label("position"))
_GET = _SELECT.where(_c.id == bindparam("wanted"))
_OPEN_OF = _SELECT.where(_c.conversation_id == bindparam("wanted"), _IN_HAND)
_LIST = _SELECT.where(_IN_HAND).order_by(_c.state, _c.first.desc(), _c.preferential.desc(), _c.opened_at, _c.id)
_TAKE = (
    update(_handoffs)
    .where(_c.id == bindparam("wanted"), _IN_HAND)
    .values(state="with_person", actor=bindparam("who"), taken_at=bindparam("now"), closed_at=None)
)
_END = (
    update(_handoffs)
    .where(_c.id == bindparam("wanted"), _IN_HAND)
    .values(state=bindparam("becomes"), actor=func.coalesce(bindparam("who"), _c.actor), closed_at=bindparam("now"))
)
_REQUEUE = (
    update(_handoffs)
    .where(_c.id == bindparam("wanted"))
    .values(state="queued", actor=None, taken_at=None, closed_at=None)
)


class Handoffs(Repo):
    """The ``handoffs`` table; the conversation's ``mode`` is set by the caller in the same transaction."""

    def open(
        self,
        conversation_id: str,
        reason: str,
        case_id: str | None,
        at: datetime,
        *,
        first: bool = False,
        preferential: bool = False,
    ) -> HandoffRecord:
        """Queue a conversation, or return the wait that is already open for it.

        With ``first``, a wait that is open becomes first too and takes the new ``reason``; with ``preferential`` it
        passes those who wait without either.

        Raises:
            NotFound: others closed the wait again and again at the same moment.
        """
        statement = (_OPEN_FIRST if first else _OPEN_PREFERENTIAL if preferential else _OPEN)[self._dialect]
        values = {
            "conversation_id": conversation_id,
            "reason": reason,
            "case_id": case_id,
            "first": first,
            "state": "queued",
            "opened_at": at,
            "preferential": preferential,
        }
        for _ in range(_OPEN_TRIES):
            self._run(statement, values)
            record = self.open_of(conversation_id)
            if record is not None:  # else somebody closed it between the two statements
                return record
        message = "the wait was closed at the same moment"
        raise NotFound(message)

    def get(self, handoff_id: int) -> HandoffRecord | None:
        """Return one wait, or None."""
        return self._record(self._first(_GET, {"wanted": handoff_id}))

    def open_of(self, conversation_id: str) -> HandoffRecord | None:
        """Return the wait of a conversation that is queued or with a person, or None."""
        return self._record(self._first(_OPEN_OF, {"wanted": conversation_id}))

    def list(self) -> list[HandoffRecord]:
        """Return the waits that are queued (in the order of the queue) and those with a person."""
        return [HandoffRecord(*row) for row in self._all(_LIST)]

    def position(self, handoff_id: int) -> int:
        """Return the place in the queue, from 1; 0 when it is not queued."""
        record = self.get(handoff_id)
        return 0 if record is None else record.position

    def set_state(self, handoff_id: int, state: HandoffState, at: datetime, actor: str | None = None) -> None:
        """Move a wait: a person takes it, gives it back, closes it, or it is queued again.

        What ended is neither taken nor ended once more, so that a late reply does not open it again.

        Raises:
            NotFound: there is no such wait, or it is taken or ended and is not open.
            Conflict: it is opened again while another one of the same conversation is open.
        """
        statement = {"queued": _REQUEUE, "with_person": _TAKE}.get(state, _END)
        values = {
            "queued": {"wanted": handoff_id},
            "with_person": {"wanted": handoff_id, "who": actor, "now": at},
        }.get(state, {"wanted": handoff_id, "who": actor, "now": at, "becomes": state})
        if self._run(statement, values).rowcount != 1:
            message = "there is no such wait for a person"
            raise NotFound(message)

    @staticmethod
    def _record(row: AnyRow | None) -> HandoffRecord | None:
        return None if row is None else HandoffRecord(*row)
