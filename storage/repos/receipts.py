"""What providers say about messages of ours: late, repeated and unordered, so states only move forward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, func, literal, or_, select, update

from storage.repos.base import Repo, fixed
from storage.rows.base import table
from storage.rows.messages import OutboxRow

#: What the code of a message begins with that only came outside the window: the person is not to blame.
WINDOW = "window:"
#: The code of a message that waits until its person writes, and of one for which they never did.
WAITING = f"{WINDOW}waiting"
EXPIRED = f"{WINDOW}expired"
#: What it begins with when the provider takes no scoped id for it: the person is not to blame either.
PHONE = "phone:"
#: What it begins with when the person stopped advertising at the provider: they still get what concerns them.
MARKETING = "marketing:"
#: Every beginning of a code that says nothing about the person: of these, and of troubles of the provider itself.
NOT_THE_PERSON = (WINDOW, MARKETING, PHONE, "provider:", "later:", "campaign:", "template:", "person:")

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
    .values(
        state=bindparam("becomes"),
        state_at=bindparam("at"),
        lease_until=None,
        worker=None,
        code=func.coalesce(bindparam("why"), _c.code),
    )
)
#: A notice that went as plain words to a closed window goes again, once: the sender sees the code and takes a template.
_AGAIN = (
    update(_outbox)
    .where(
        _c.id == bindparam("outbox_id"),
        _c.kind == fixed("notice"),
        _c.state.in_([fixed("sending"), fixed("unknown"), fixed("sent")]),
        or_(_c.code.is_(None), _c.code.not_like(literal(WINDOW).concat("%"))),
        or_(_c.not_after.is_(None), _c.not_after > bindparam("at")),
    )
    .values(
        state=fixed("queued"),
        state_at=bindparam("at"),
        not_before=bindparam("at", type_=_c.not_before.type),
        fence=_c.fence + 1,
        lease_until=None,
        worker=None,
        ref=None,
        code=bindparam("why"),
    )
)
_STANDS = select(_c.code, _c.ref).where(_c.id == bindparam("outbox_id"))
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

    def find(self, name: str, *, channel: str | None = None) -> int | None:
        """Return the id of the one message that our key or a provider's ref names, or None."""
        found = self._first(_BY_KEY, {"name": name})
        if found is not None:
            return int(found.id)
        ids = [row.id for row in self._all(_BY_REF, {"name": name}) if channel in (None, row.channel)]
        return int(ids[0]) if len(ids) == 1 else None

    def receipt(
        self, name: str, state: str, at: datetime, *, channel: str | None = None, code: str = "", ref: str = ""
    ) -> bool:
        """Note what a provider says of a message, named by our key or its ref; return whether anything changed.

        States only move forward: queued, sending, unknown → sent → delivered → read. ``failed`` stays unless a younger
        good receipt arrives; its ``code`` is kept. Receipts of unknown messages, and of unknown states, change nothing.
        A notice whose window was closed (``WINDOW``) is queued once more instead; ``ref`` is the attempt that it is
        about, so that the same news, told again, takes nothing from the attempt that followed.
        """
        outbox_id = self.find(name, channel=channel)
        earlier, final = _FOLLOWS.get(state, ([], []))
        if outbox_id is None or not earlier:
            return False
        if state == "failed" and code.startswith(WINDOW):
            again = {"outbox_id": outbox_id, "at": at, "why": code}
            if self._run(_AGAIN, again).rowcount == 1:
                return True
            if self._is_told_again(outbox_id, ref):
                return False
        values = {
            "outbox_id": outbox_id,
            "earlier_states": earlier,
            "final_states": final,
            "at": at,
            "becomes": state,
            "why": code or None,
        }
        return self._run(_RECEIPT, values).rowcount == 1

    def _is_told_again(self, outbox_id: int, ref: str) -> bool:
        """Tell whether a closed window is known already, and the news of it is not about the attempt that stands."""
        row = self._first(_STANDS, {"outbox_id": outbox_id})
        if row is None or not ref or not (row.code or "").startswith(WINDOW):
            return False
        return ref not in (row.ref or "").split(",")
