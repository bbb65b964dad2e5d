"""Durable timers of questions: remind, expire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.repos.base import Repo, fixed
from storage.rows.base import table
from storage.rows.messages import TimerRow

_timers = table(TimerRow)
_c = _timers.c


@dataclass(frozen=True, slots=True)
class TimerRecord:
    """A timer that waits; ``turn`` tells whether the conversation has moved on since it was set."""

    id: int
    conversation_id: str
    kind: str
    slot: str
    turn: int
    due_at: datetime


_REPLACE = delete(_timers).where(_c.conversation_id == bindparam("whose"), _c.kind == bindparam("which"))
_SET = insert(_timers).inline()
_CLEAR = delete(_timers).where(_c.conversation_id == bindparam("whose"), _c.kind != fixed("forget"))
_DUE = (
    select(_c.id, _c.conversation_id, _c.kind, _c.slot, _c.turn, _c.due_at)
    .where(_c.due_at <= bindparam("now"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("most"))
)
_POSTPONE = update(_timers).where(_c.id == bindparam("timer_id")).values(due_at=bindparam("later"))
_DONE = delete(_timers).where(_c.id == bindparam("timer_id"))


class Timers(Repo):
    """The ``timers`` table."""

    def set(self, conversation_id: str, kind: str, slot: str, turn: int, due_at: datetime) -> None:
        """Set the timer of this ``kind``, replacing the one that was there; a replaced timer's id is dead."""
        self._run(_REPLACE, {"whose": conversation_id, "which": kind})
        self._run(
            _SET, {"conversation_id": conversation_id, "kind": kind, "slot": slot, "turn": turn, "due_at": due_at}
        )

    def clear(self, conversation_id: str) -> None:
        """Drop the timers of the open question: the person answered. What is to be forgotten still is."""
        self._run(_CLEAR, {"whose": conversation_id})

    def due(self, now: datetime, limit: int) -> list[TimerRecord]:
        """Return the timers whose moment has come, the oldest first."""
        return [TimerRecord(*row) for row in self._all(_DUE, {"now": now, "most": limit})]

    def postpone(self, timer_id: int, due_at: datetime) -> bool:
        """Give one timer another moment; return False when it was replaced or cleared meanwhile."""
        return self._run(_POSTPONE, {"timer_id": timer_id, "later": due_at}).rowcount == 1

    def done(self, timer_id: int) -> bool:
        """Drop one timer; return False when it was replaced or cleared meanwhile."""
        return self._run(_DONE, {"timer_id": timer_id}).rowcount == 1
