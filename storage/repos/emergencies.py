"""Dangers that were reported, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, insert, select, update

from storage.errors import NotFound
from storage.repos.base import AnyRow, Repo, fixed
from storage.rows.base import table
from storage.rows.people import EmergencyRow

_emergencies = table(EmergencyRow)
_c = _emergencies.c


@dataclass(frozen=True, slots=True)
class EmergencyRecord:
    """A danger as reported; ``place`` holds ``direccion`` or ``point`` once the person told it."""

    id: int
    conversation_id: str
    kind: str
    text: str
    place: dict[str, Any] | None
    state: Literal["open", "attended"]
    at: datetime
    attended_at: datetime | None
    attended_by: str | None


_ADD = insert(_emergencies).returning(_c.id)
_GET = select(_emergencies).where(_c.id == bindparam("wanted"))
_OPEN = select(_emergencies).where(_c.state == fixed("open")).order_by(_c.at, _c.id)
_OPEN_OF = (
    select(_emergencies)
    .where(_c.state == fixed("open"), _c.conversation_id == bindparam("wanted"))
    .order_by(_c.id.desc())
    .limit(1)
)
_SET_PLACE = update(_emergencies).where(_c.id == bindparam("wanted")).values(place=bindparam("new_place"))
_ATTEND = (
    update(_emergencies)
    .where(_c.id == bindparam("wanted"), _c.state == fixed("open"))
    .values(state="attended", attended_at=bindparam("now"), attended_by=bindparam("who"))
)


class Emergencies(Repo):
    """The ``emergencies`` table."""

    def add(self, conversation_id: str, kind: str, text: str, at: datetime) -> EmergencyRecord:
        """Keep a danger as the person told it; the text is sealed."""
        values = {
            "conversation_id": conversation_id,
            "kind": kind,
            "report": self._seal_text(text, f"emergencies:{conversation_id}:report"),
            "state": "open",
            "at": at,
        }
        number = int(self._run(_ADD, values).scalar_one())
        return EmergencyRecord(number, conversation_id, kind, text, None, "open", at, None, None)

    def set_address(self, emergency_id: int, place: Mapping[str, Any]) -> None:
        """Keep where it is: ``{"direccion": …}`` or ``{"point": [latitude, longitude]}``, sealed.

        Raises:
            NotFound: there is no such emergency.
        """
        record = self.get(emergency_id)
        if record is None:
            message = "there is no such emergency"
            raise NotFound(message)
        sealed = self._seal({**(record.place or {}), **place}, f"emergencies:{record.conversation_id}:place")
        self._run(_SET_PLACE, {"wanted": emergency_id, "new_place": sealed})

    def get(self, emergency_id: int) -> EmergencyRecord | None:
        """Return one emergency, or None."""
        row = self._first(_GET, {"wanted": emergency_id})
        return None if row is None else self._record(row)

    def open(self) -> list[EmergencyRecord]:
        """Return the dangers that nobody attended yet, the oldest first."""
        return [self._record(row) for row in self._all(_OPEN)]

    def open_of(self, conversation_id: str) -> EmergencyRecord | None:
        """Return the newest unattended danger of a conversation, or None."""
        row = self._first(_OPEN_OF, {"wanted": conversation_id})
        return None if row is None else self._record(row)

    def attend(self, emergency_id: int, at: datetime, actor: str) -> bool:
        """Note who attended a danger; return False when it was no longer open."""
        return self._run(_ATTEND, {"wanted": emergency_id, "now": at, "who": actor}).rowcount == 1

    def _record(self, row: AnyRow) -> EmergencyRecord:
        place = f"emergencies:{row.conversation_id}"
        return EmergencyRecord(
            row.id,
            row.conversation_id,
            row.kind,
            self._open_text(row.report, f"{place}:report") or "",
            None if row.place is None else self._open(row.place, f"{place}:place"),
            row.state,
            row.at,
            row.attended_at,
            row.attended_by,
        )
