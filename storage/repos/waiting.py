"""What waits until its person writes: outside the window their channel takes nothing that nobody approved.

Such a row stays ``queued`` under its own code, is due only when it expires, and blocks nothing else of its person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, case, delete, exists, func, literal, select, text, update

from storage.repos.base import Repo, fixed
from storage.repos.notices import OUTBOX_PREFIX
from storage.repos.receipts import WAITING
from storage.rows.base import table
from storage.rows.messages import ConversationRow, OutboxRow
from storage.rows.notices import NoticeRow

_outbox, _notices = table(OutboxRow), table(NoticeRow)
_c, _n, _t = _outbox.c, _notices.c, table(ConversationRow).c

#: The first condition is that of the index of what has not left: sqlite finds it by these very words alone.
_IS_WAITING = and_(text("state in ('queued', 'sending')"), _c.state == fixed("queued"), _c.code == fixed(WAITING))
_HEARD = select(_t.last_inbound_at).where(_t.id == bindparam("whose")).with_for_update()
_LOCK = select(_t.id).where(_t.id.in_(bindparam("whose", expanding=True))).order_by(_t.id).with_for_update()
_END = bindparam("until", type_=_c.not_before.type)
_HOLD = (
    update(_outbox)
    .where(
        _c.id == bindparam("outbox_id"),
        _c.fence == bindparam("held"),
        _c.state.in_([fixed("sending"), fixed("sent"), fixed("unknown")]),
    )
    .values(
        state=fixed("queued"),
        state_at=bindparam("now"),
        fence=_c.fence + 1,
        attempts=case((_c.attempts > 0, _c.attempts - 1), else_=0),
        lease_until=None,
        worker=None,
        code=fixed(WAITING),
        not_before=_END,
        not_after=case((_c.not_after < _END, _c.not_after), else_=_END),
    )
)
_GO = (
    update(_outbox)
    .where(_c.conversation_id == bindparam("whose"), _IS_WAITING)
    .values(not_before=bindparam("now", type_=_c.not_before.type), state_at=bindparam("now"), code=None)
)
_OF = select(_c.conversation_id, func.count()).where(_IS_WAITING).group_by(_c.conversation_id)
_OF_SOME = _OF.where(_c.conversation_id.in_(bindparam("whose", expanding=True)))
_MANY = select(func.count()).where(_IS_WAITING)
_KNOCKED = select(
    exists().where(
        _n.conversation_id.in_(bindparam("whose", expanding=True)),
        _n.response == bindparam("said"),
        _n.token.is_not(None),
        _n.state == fixed("queued"),
        _n.not_before > bindparam("since", type_=_n.not_before.type),
    )
)
_OWN = and_(_n.conversation_id == bindparam("whose"), _n.token.is_not(None), _n.response == bindparam("said"))
_UNSENT = and_(_c.conversation_id == bindparam("whose"), _c.state == fixed("queued"))
_NEVER_MIND = (
    update(_notices)
    .where(_OWN, _n.state == fixed("queued"), exists().where(_UNSENT, _c.key == literal(OUTBOX_PREFIX).concat(_n.key)))
    .values(state=fixed("cancelled"), reason=bindparam("why"))
)
_TAKE_BACK = delete(_outbox).where(
    _UNSENT,
    _c.key.in_(select(literal(OUTBOX_PREFIX).concat(_n.key)).where(_OWN, _n.state == fixed("cancelled"))),
)


class Waiting(Repo):
    """Rows of the ``outbox`` table that wait for their person, and the notices that knock for them."""

    def lock(self, conversations: Iterable[str]) -> None:
        """Keep turns of these conversations out until the transaction ends, so that what is held is not overlooked.

        A turn locks its conversation before it lets anything go: whoever holds a row does the same first.
        """
        self._all(_LOCK, {"whose": sorted(set(conversations))})

    def heard(self, conversation_id: str) -> datetime | None:
        """Return when the person last wrote, and keep turns of theirs out until the transaction ends."""
        row = self._first(_HEARD, {"whose": conversation_id})
        moment: datetime | None = row.last_inbound_at if row is not None else None
        return moment

    def hold(self, outbox_id: int, fence: int, *, until: datetime, now: datetime) -> bool:
        """Let a row that was claimed or sent wait for its person, at most ``until`` or its own last moment.

        Returns False when the fence moved: somebody else has decided.
        """
        values = {"outbox_id": outbox_id, "held": fence, "until": until, "now": now}
        return self._run(_HOLD, values).rowcount == 1

    def go(self, conversation_id: str, now: datetime) -> int:
        """Let everything that waits for the person of a conversation leave, in its order; return how many."""
        return self._run(_GO, {"whose": conversation_id, "now": now}).rowcount

    def of(self, conversations: Sequence[str] | None = None) -> dict[str, int]:
        """Return how many messages wait, by conversation: of some, or of all."""
        if conversations is None:
            return {name: int(many) for name, many in self._all(_OF)}
        return {name: int(many) for name, many in self._all(_OF_SOME, {"whose": sorted(set(conversations))})}

    def many(self) -> int:
        """Return how many messages wait."""
        return int(self._run(_MANY).scalar_one())

    def has_knocked(self, conversations: Sequence[str], response: str, since: datetime) -> bool:
        """Tell whether one of these conversations was, or will be, told of it after ``since``."""
        values = {"whose": list(conversations), "said": response, "since": since}
        return bool(self._run(_KNOCKED, values).scalar_one())

    def never_mind(self, conversation_id: str, response: str, reason: str) -> None:
        """Take back a knock that has not left yet: the person is here."""
        values = {"whose": conversation_id, "said": response}
        if self._run(_NEVER_MIND, {**values, "why": reason}).rowcount:
            self._run(_TAKE_BACK, values)
