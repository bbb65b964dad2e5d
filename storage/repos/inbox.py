"""What people did, stored once under the provider's own key before anything else happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam, func, select, update

from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.messages import InboxRow
from storage.rows.providers import ConversationMoveRow

#: Characters. A longer key is kept as its blind index: PostgreSQL indexes no more than 2.7 kB.
LONGEST_KEY = 255

InboxState = Literal["new", "done", "dead"]

_inbox, _moves = table(InboxRow), table(ConversationMoveRow)
_c, _m = _inbox.c, _moves.c


@dataclass(frozen=True, slots=True)
class NewInbound:
    """Something to accept; ``key`` is unique within (channel, account). Moments are aware."""

    channel: str
    account: str
    key: str
    conversation_id: str
    address: Mapping[str, Any]
    kind: str
    payload: Mapping[str, Any]
    sent_at: datetime
    received_at: datetime


class Kept(NamedTuple):
    """Where something accepted is: its row, whether it is new, and the conversation it belongs to."""

    id: int
    is_new: bool
    conversation_id: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something accepted; ``attempts`` counts the turns that died on it."""

    id: int
    channel: str
    account: str
    key: str
    conversation_id: str
    address: dict[str, Any]
    kind: str
    payload: dict[str, Any]
    sent_at: datetime
    received_at: datetime
    attempts: int
    state: InboxState
    outcome: str | None
    turn: int | None
    seq: int | None


#: What comes for a conversation that another one took over belongs to that one; asked in the same statement, because
#: this is the busiest of all.
_BELONGS = func.coalesce(
    select(_m.conversation_id).where(_m.named == bindparam("named")).scalar_subquery(), bindparam("named")
)
_ACCEPT = {
    dialect: insert.values(conversation_id=_BELONGS)
    .on_conflict_do_nothing(index_elements=["channel", "account", "key"])
    .returning(_c.id, _c.conversation_id)
    for dialect, insert in upsert(_inbox).items()
}
_SAME = select(_c.id, _c.conversation_id).where(
    _c.channel == bindparam("channel"), _c.account == bindparam("account"), _c.key == bindparam("key")
)
_ITEM = select(
    _c.id,
    _c.channel,
    _c.account,
    _c.key,
    _c.conversation_id,
    _c.address,
    _c.kind,
    _c.payload,
    _c.sent_at,
    _c.received_at,
    _c.attempts,
    _c.state,
    _c.outcome,
    _c.turn,
    _c.seq,
)
_PENDING = (
    _ITEM.where(_c.conversation_id == bindparam("conversation_id"), _c.state == fixed("new"))
    .order_by(_c.sent_at, _c.id)
    .limit(bindparam("most"))
)
_FIRST_WAITING = (
    select(_c.id)
    .where(_c.conversation_id == bindparam("conversation_id"), _c.state == fixed("new"))
    .order_by(_c.sent_at, _c.id)
    .limit(1)
)
_GET = _ITEM.where(_c.id == bindparam("inbox_id"))
_DONE = and_(_c.conversation_id == bindparam("conversation_id"), _c.state == fixed("done"))
_NEWEST_TURN = _ITEM.where(_DONE, _c.turn == select(func.max(_c.turn)).where(_DONE).scalar_subquery()).order_by(_c.seq)
_WAITING = (
    select(_c.conversation_id)
    .where(_c.state == fixed("new"))
    .group_by(_c.conversation_id)
    .order_by(func.min(_c.id))
    .limit(bindparam("most"))
)
_FINISH = (
    update(_inbox)
    .where(_c.id == bindparam("inbox_id"), _c.state == fixed("new"))
    .values(
        state="done",
        turn=bindparam("at_turn"),
        seq=bindparam("at_seq"),
        finished_at=bindparam("at"),
        outcome=bindparam("how"),
    )
)
_BUMP = update(_inbox).where(_c.id == bindparam("inbox_id")).values(attempts=_c.attempts + 1).returning(_c.attempts)
_BURY = (
    update(_inbox)
    .where(_c.id == bindparam("inbox_id"), _c.state == fixed("new"))
    .values(state="dead", finished_at=bindparam("at"), outcome=bindparam("how"))
)
#: A message that its person deleted before anybody read it.
_WITHDRAW = (
    update(_inbox)
    .where(
        _c.channel == bindparam("of_channel"),
        _c.account == bindparam("of_account"),
        _c.key == bindparam("of_key"),
        _c.conversation_id == bindparam("whose"),
        _c.state == fixed("new"),
    )
    .values(state="done", finished_at=bindparam("at"), outcome="withdrawn")
)


class Inbox(Repo):
    """The ``inbox`` table."""

    def accept(self, item: NewInbound) -> tuple[int, bool]:
        """Store ``item`` unless its key is already there; return its id and whether it is new.

        Raises:
            NaiveMoment: one of its moments has no time zone.
        """
        kept = self.keep(item)
        return kept.id, kept.is_new

    def keep(self, item: NewInbound) -> Kept:
        """Do what ``accept`` does, and tell also where the row is: a person whose address changed keeps their talk.

        Raises:
            NaiveMoment: one of its moments has no time zone.
        """
        key = item.key if len(item.key) <= LONGEST_KEY else f"long:{self._keys.blind(item.key, 'inbox key')}"
        place = _place(item.channel, item.account, key)
        row = self._first(
            _ACCEPT[self._dialect],
            {
                "channel": item.channel,
                "account": item.account,
                "key": key,
                "named": item.conversation_id,
                "address": self._seal(item.address, place + ":address"),
                "kind": item.kind,
                "payload": self._seal(item.payload, place + ":payload"),
                "sent_at": item.sent_at,
                "received_at": item.received_at,
                "attempts": 0,
                "state": "new",
            },
        )
        if row is not None:
            return Kept(row.id, True, row.conversation_id)
        same = self._run(_SAME, {"channel": item.channel, "account": item.account, "key": key}).one()
        return Kept(same.id, False, same.conversation_id)

    def pending(self, conversation_id: str, limit: int = 20) -> list[InboxItem]:
        """Return what waits in a conversation, in the order in which the person sent it."""
        rows = self._all(_PENDING, {"conversation_id": conversation_id, "most": limit})
        return [self._item(row) for row in rows]

    def first_waiting(self, conversation_id: str) -> int | None:
        """Return the id of what is next in a conversation without opening it, or None."""
        row = self._first(_FIRST_WAITING, {"conversation_id": conversation_id})
        return None if row is None else int(row.id)

    def newest_turn(self, conversation_id: str) -> list[InboxItem]:
        """Return the messages of the newest turn that a person's messages began, in their order."""
        return [self._item(row) for row in self._all(_NEWEST_TURN, {"conversation_id": conversation_id})]

    def waiting(self, limit: int = 500) -> list[str]:
        """Return the conversations in which something waits, longest waiting first (recovery after a crash)."""
        return [row.conversation_id for row in self._all(_WAITING, {"most": limit})]

    def finish(self, inbox_id: int, *, turn: int, seq: int, at: datetime, outcome: str) -> bool:
        """Mark a row as worked in ``turn``; return False when it had already been worked or buried."""
        values = {"inbox_id": inbox_id, "at_turn": turn, "at_seq": seq, "at": at, "how": outcome}
        return self._run(_FINISH, values).rowcount == 1

    def bump(self, inbox_id: int) -> int:
        """Count one more turn that died on this row and return the count; 0 when there is no such row."""
        row = self._first(_BUMP, {"inbox_id": inbox_id})
        return 0 if row is None else int(row.attempts)

    def bury(self, inbox_id: int, reason: str, at: datetime) -> bool:
        """Set a row aside for people (``dead``); return False when it was no longer waiting."""
        return self._run(_BURY, {"inbox_id": inbox_id, "at": at, "how": reason}).rowcount == 1

    def withdraw(self, conversation_id: str, channel: str, account: str, key: str, at: datetime) -> bool:
        """Take a message back that its person deleted; return False when it was read already or is not theirs."""
        values = {"of_channel": channel, "of_account": account, "of_key": key, "whose": conversation_id, "at": at}
        return self._run(_WITHDRAW, values).rowcount == 1

    def get(self, inbox_id: int) -> InboxItem | None:
        """Return one row with its state and outcome, or None."""
        row = self._first(_GET, {"inbox_id": inbox_id})
        return None if row is None else self._item(row)

    def _item(self, row: AnyRow) -> InboxItem:
        (number, channel, account, key, conversation_id, address, kind, payload, *rest) = row
        place = _place(channel, account, key)
        return InboxItem(
            number,
            channel,
            account,
            key,
            conversation_id,
            self._open(address, place + ":address"),
            kind,
            self._open(payload, place + ":payload"),
            *rest,
        )


def _place(channel: str, account: str, key: str) -> str:
    return f"inbox:{channel}:{account}:{key}"
