"""Flows that we begin: due at a moment, begun at most once, dropped with a reason when nobody could be met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, func, select, update

from storage.repos.base import AnyRow, Repo, fixed, upsert
from storage.rows.base import table
from storage.rows.notices import ErrandRow

ErrandState = Literal["waiting", "begun", "dropped"]

_errands = table(ErrandRow)
_c = _errands.c


@dataclass(frozen=True, slots=True)
class ErrandRecord:
    """An errand as it stands; ``attempts`` counts the tries that broke."""

    id: int
    key: str
    conversation_id: str
    flow: str
    slots: dict[str, Any]
    clase: str
    urgent: bool
    topic: str | None
    due_at: datetime
    expires_at: datetime
    attempts: int
    state: ErrandState
    reason: str | None


_COLUMNS = [_c[name] for name in ErrandRecord.__dataclass_fields__]
_ADD = {
    dialect: statement.on_conflict_do_nothing(index_elements=["key"]).returning(_c.id)
    for dialect, statement in upsert(_errands).items()
}
_DUE = (
    select(*_COLUMNS)
    .where(_c.state == fixed("waiting"), _c.due_at <= bindparam("now"))
    .order_by(_c.due_at, _c.id)
    .limit(bindparam("most"))
)
_GET = select(*_COLUMNS).where(_c.key == bindparam("name"))
_POSTPONE = (
    update(_errands)
    .where(_c.id == bindparam("errand_id"), _c.state == fixed("waiting"))
    .values(due_at=bindparam("later"), attempts=_c.attempts + bindparam("broken"))
)
_FINISH = (
    update(_errands)
    .where(_c.id == bindparam("errand_id"), _c.state == fixed("waiting"))
    .values(state=bindparam("becomes"), reason=bindparam("why"), finished_at=bindparam("now"))
)
_CANCEL = (
    update(_errands)
    .where(_c.key == bindparam("name"), _c.state == fixed("waiting"))
    .values(state=fixed("dropped"), reason=bindparam("why"), finished_at=bindparam("now"))
)
_COUNTS = select(_c.state, _c.reason, func.count()).group_by(_c.state, _c.reason)


class Errands(Repo):
    """The ``errands`` table."""

    def add(  # noqa: PLR0913 - what an errand is made of
        self,
        *,
        key: str,
        conversation_id: str,
        flow: str,
        slots: Mapping[str, Any],
        clase: str,
        due_at: datetime,
        expires_at: datetime,
        now: datetime,
        urgent: bool = False,
        topic: str | None = None,
    ) -> bool:
        """Write an errand down; return False when the key is there already, whatever became of it.

        ``clase`` is one of SERVICIO, COBRANZA, COMERCIAL, RESPUESTA. Moments are aware.
        """
        values = {
            "key": key,
            "conversation_id": conversation_id,
            "flow": flow,
            "slots": self._seal(dict(slots), f"errands:{key}:slots"),
            "clase": clase,
            "urgent": urgent,
            "topic": topic,
            "due_at": due_at,
            "expires_at": expires_at,
            "attempts": 0,
            "state": "waiting",
            "created_at": now,
        }
        return self._first(_ADD[self._dialect], values) is not None

    def due(self, now: datetime, limit: int) -> list[ErrandRecord]:
        """Return the waiting errands whose moment has come, the oldest first."""
        return [self._errand(row) for row in self._all(_DUE, {"now": now, "most": limit})]

    def get(self, key: str) -> ErrandRecord | None:
        """Return an errand by its key, or None."""
        row = self._first(_GET, {"name": key})
        return None if row is None else self._errand(row)

    def postpone(self, errand_id: int, due_at: datetime, *, broke: bool = False) -> bool:
        """Give a waiting errand another moment; ``broke`` counts a try that failed."""
        values = {"errand_id": errand_id, "later": due_at, "broken": int(broke)}
        return self._run(_POSTPONE, values).rowcount == 1

    def begin(self, errand_id: int, now: datetime) -> bool:
        """Note that its turn was committed; return False when it does not wait any more."""
        return self._finish(errand_id, "begun", None, now)

    def drop(self, errand_id: int, reason: str, now: datetime) -> bool:
        """Give a waiting errand up; return False when it does not wait any more."""
        return self._finish(errand_id, "dropped", reason, now)

    def cancel(self, key: str, now: datetime, reason: str = "cancelado") -> bool:
        """Give an errand up by its key: what it was for is over."""
        return self._run(_CANCEL, {"name": key, "why": reason, "now": now}).rowcount == 1

    def counts(self) -> dict[str, int]:
        """Return how many errands there are by state, and by reason for those that were dropped."""
        return {f"{state}:{reason}" if reason else state: many for state, reason, many in self._all(_COUNTS)}

    def _finish(self, errand_id: int, state: ErrandState, reason: str | None, now: datetime) -> bool:
        values = {"errand_id": errand_id, "becomes": state, "why": reason, "now": now}
        return self._run(_FINISH, values).rowcount == 1

    def _errand(self, row: AnyRow) -> ErrandRecord:
        number, key, conversation_id, flow, slots, *rest = row
        return ErrandRecord(number, key, conversation_id, flow, self._open(slots, f"errands:{key}:slots"), *rest)
