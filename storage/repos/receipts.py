"""What providers say about messages of ours: late, repeated and unordered, so states only move forward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.messages import OutboxRow

_outbox = table(OutboxRow)
_c = _outbox.c

_RECEIPT = (
    update(_outbox)
    .where(
        _c.id == bindparam("outbox_id"),
        or_(
            _c.state.in_(bindparam("earlier_states", expanding=True)),
            and_(_c.state.in_(bindparam("final_states", expanding=True)), _c.state_at < bindparam("at")),
        ),
    )
    .values(state=bindparam("becomes"), state_at=bindparam("at"), lease_until=None, worker=None)
)
_BY_KEY = select(_c.id).where(_c.key == bindparam("name"))
_BY_REF = select(_c.id, _c.channel).where(_c.ref == bindparam("name"), _c.ref.is_not(None)).limit(50)
#: What a receipt may follow. ``failed`` and ``dead`` only give way to good news that is younger than they are.
_FOLLOWS: dict[str, tuple[list[str], list[str]]] = {
    "sent": (["queued", "sending", "unknown"], ["failed"]),
    "delivered": (["queued", "sending", "unknown", "sent"], ["failed", "dead"]),
    "read": (["queued", "sending", "unknown", "sent", "delivered"], ["failed", "dead"]),
    "failed": (["sending", "unknown", "sent"], ["-"]),
}


class Receipts(Repo):
    """Receipts applied to the ``outbox`` table."""

    def receipt(self, name: str, state: str, at: datetime, *, channel: str | None = None) -> bool:
        """Note what a provider says of a message, named by our key or its ref; return whether anything changed.

        States only move forward: queued, sending, unknown → sent → delivered → read. ``failed`` stays unless a younger
        good receipt arrives. Receipts of unknown messages, and of unknown states, change nothing.
        """
        found = self._first(_BY_KEY, {"name": name})
        ids = [] if found is None else [found.id]
        if found is None:
            ids = [row.id for row in self._all(_BY_REF, {"name": name}) if channel in (None, row.channel)]
        earlier, final = _FOLLOWS.get(state, ([], []))
        if len(ids) != 1 or not earlier:
            return False
        values = {"outbox_id": ids[0], "earlier_states": earlier, "final_states": final, "at": at, "becomes": state}
        return self._run(_RECEIPT, values).rowcount == 1
