"""Orders to suspend a service for non-payment, and their end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import AnyRow, Repo
from storage.rows.base import table
from storage.rows.billing import SuspensionRow

_suspensions = table(SuspensionRow)
_c = _suspensions.c
_STANDS = _c.lifted_at.is_(None)

_ADD = insert(_suspensions).returning(_c.id)
_OPEN_OF = select(_suspensions).where(_c.cuenta == bindparam("wanted"), _STANDS)
_OPEN = select(_suspensions).where(_STANDS).order_by(_c.ordered_at, _c.id).limit(bindparam("most"))
_LIFT = (
    update(_suspensions)
    .where(_c.id == bindparam("wanted"), _STANDS)
    .values(lifted_at=bindparam("when"), lifted_by=bindparam("who"), lifted_reason=bindparam("why"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRecord:
    """An order and its end: ``avisada_on`` is the day of the notice, ``revision`` what was looked at in a protected home."""

    id: int = 0
    cuenta: str
    deuda: int
    avisada_on: date
    ordered_at: datetime
    ordered_by: str
    revision: str | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lifted_reason: str | None = None


class Suspensions(Repo):
    """The ``suspensions`` table; an account has at most one order that stands."""

    def add(self, wanted: SuspensionRecord) -> SuspensionRecord:
        """Keep an order and return it with its id.

        Raises:
            Conflict: the account has one that stands.
        """
        values = {name: getattr(wanted, name) for name in SuspensionRecord.__dataclass_fields__ if name != "id"}
        values["revision"] = self._seal_text(wanted.revision, _place(wanted.cuenta))
        return replace(wanted, id=int(self._run(_ADD, values).scalar_one()))

    def open_of(self, cuenta: str) -> SuspensionRecord | None:
        """Return the order of an account that stands, or None."""
        row = self._first(_OPEN_OF, {"wanted": cuenta})
        return None if row is None else self._record(row)

    def open(self, limit: int = 200) -> list[SuspensionRecord]:
        """Return the orders that stand, the oldest first."""
        return [self._record(row) for row in self._all(_OPEN, {"most": limit})]

    def lift(self, suspension_id: int, *, at: datetime, by: str, reason: str) -> bool:
        """End an order; False when it had ended already."""
        return self._run(_LIFT, {"wanted": suspension_id, "when": at, "who": by, "why": reason}).rowcount == 1

    def _record(self, row: AnyRow) -> SuspensionRecord:
        values = {name: row._mapping[name] for name in SuspensionRecord.__dataclass_fields__}  # noqa: SLF001 - documented
        return SuspensionRecord(**{**values, "revision": self._open_text(row.revision, _place(row.cuenta))})


def _place(cuenta: str) -> str:
    return f"suspensions:{cuenta}:revision"
