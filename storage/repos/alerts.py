"""Deadlines that staff must see: one alert of a kind per case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.cases import AlertRow

_alerts = table(AlertRow)
_c = _alerts.c


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert; ``seen_at`` is None until a member of staff saw it."""

    id: int
    case_id: str
    kind: str
    at: datetime
    seen_at: datetime | None
    seen_by: str | None


_ADD = {
    dialect: statement.on_conflict_do_nothing(index_elements=["case_id", "kind"]).returning(_c.id)
    for dialect, statement in upsert(_alerts).items()
}
_UNSEEN = select(_alerts).where(_c.seen_at.is_(None)).order_by(_c.at, _c.id).limit(bindparam("most"))
_OF_CASE = select(_alerts).where(_c.case_id == bindparam("wanted")).order_by(_c.id)
_SEEN = (
    update(_alerts)
    .where(_c.id == bindparam("alert_id"), _c.seen_at.is_(None))
    .values(seen_at=bindparam("now"), seen_by=bindparam("who"))
)


class Alerts(Repo):
    """The ``alerts`` table."""

    def add(self, case_id: str, kind: str, at: datetime) -> bool:
        """Raise an alert; return False when the case already has one of this kind.

        Raises:
            Conflict: there is no such case.
        """
        return self._first(_ADD[self._dialect], {"case_id": case_id, "kind": kind, "at": at}) is not None

    def unseen(self, limit: int = 200) -> list[AlertRecord]:
        """Return the alerts that nobody saw yet, the oldest first."""
        return [AlertRecord(*row) for row in self._all(_UNSEEN, {"most": limit})]

    def of_case(self, case_id: str) -> list[AlertRecord]:
        """Return the alerts of a case, the oldest first."""
        return [AlertRecord(*row) for row in self._all(_OF_CASE, {"wanted": case_id})]

    def see(self, alert_id: int, at: datetime, actor: str) -> bool:
        """Note who saw an alert; return False when it had been seen."""
        return self._run(_SEEN, {"alert_id": alert_id, "now": at, "who": actor}).rowcount == 1
