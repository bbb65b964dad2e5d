"""Money under claim: what an account may not be asked for until the decision is notified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.disputes import DisputeRow

_disputes = table(DisputeRow)
_c = _disputes.c


@dataclass(frozen=True, slots=True)
class DisputeRecord:
    """A claim over money: ``valor`` in whole pesos, None when nobody knows how much; ``periodo`` is ``YYYY-MM``.

    ``reason`` tells what closed it: the state into which its case came.
    """

    id: int
    case_id: str
    cuenta: str
    servicio: str | None
    periodo: str | None
    valor: int | None
    opened_at: datetime
    closed_at: datetime | None
    reason: str | None


_ADD = insert(_disputes).inline()
_IS_OPEN = _c.closed_at.is_(None)
_OPEN_FOR = select(_disputes).where(_c.cuenta == bindparam("wanted"), _IS_OPEN).order_by(_c.id)
# Two claims over one bill lock it once: the larger counts. Without a period each is money of its own.
_PERIODS = (
    select(func.max(func.coalesce(_c.valor, 0)).label("valor"))
    .where(_c.cuenta == bindparam("wanted"), _IS_OPEN, _c.periodo.is_not(None))
    .group_by(_c.servicio, _c.periodo)
    .subquery()
)
_OF_BILLS = select(func.coalesce(func.sum(_PERIODS.c.valor), 0))
_LOOSE = select(func.coalesce(func.sum(_c.valor), 0)).where(
    _c.cuenta == bindparam("wanted"), _IS_OPEN, _c.periodo.is_(None)
)
_OF_CASE = select(_disputes).where(_c.case_id == bindparam("wanted"))
_CLOSE = (
    update(_disputes)
    .where(_c.case_id == bindparam("wanted"), _IS_OPEN)
    .values(closed_at=bindparam("now"), reason=bindparam("why"))
)


class Disputes(Repo):
    """The ``disputes`` table; one row a case."""

    def open(
        self,
        case_id: str,
        cuenta: str,
        at: datetime,
        *,
        valor: int | None = None,
        servicio: str | None = None,
        periodo: str | None = None,
    ) -> None:
        """Take money of ``cuenta`` out of collection, suspension and agreements because of a case.

        Raises:
            Conflict: there is no such case, or it has its dispute already.
        """
        values = {"case_id": case_id, "cuenta": cuenta, "servicio": servicio, "periodo": periodo, "valor": valor}
        self._run(_ADD, {**values, "opened_at": at})

    def amount(self, cuenta: str) -> int:
        """Return the whole pesos of the account that are under claim and not yet decided."""
        of_bills = int(self._run(_OF_BILLS, {"wanted": cuenta}).scalar_one())
        return of_bills + int(self._run(_LOOSE, {"wanted": cuenta}).scalar_one())

    def open_for(self, cuenta: str) -> list[DisputeRecord]:
        """Return the open disputes of the account, the oldest first; one of unknown amount counts here too."""
        return [DisputeRecord(*row) for row in self._all(_OPEN_FOR, {"wanted": cuenta})]

    def of_case(self, case_id: str) -> DisputeRecord | None:
        """Return the dispute of a case, open or closed, or None."""
        row = self._first(_OF_CASE, {"wanted": case_id})
        return None if row is None else DisputeRecord(*row)

    def close(self, case_id: str, at: datetime, reason: str) -> bool:
        """Close the dispute of a case; return False when it has none that is open."""
        return self._run(_CLOSE, {"wanted": case_id, "now": at, "why": reason}).rowcount == 1
