"""Internal alarms: rows that tell staff which answer is due in 5, 2 or 0 business days, or is late (§1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from bot.pqr.law import Law
    from storage.repos.cases import CaseDue, CaseRecord
    from storage.uow import UnitOfWork

EXPIRED: Final = "VENCIDO"
_LEFT: Final = "FALTAN_"
#: How far back an answer that is owed is looked for: longer than any service was ever down.
_OLDEST: Final = timedelta(days=400)
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is due: ``kind`` is ``FALTAN_5``, ``FALTAN_2``, ``FALTAN_0`` or ``VENCIDO``.

    After a pause the kind carries the new date (``FALTAN_5 2027-01-15``), since the case earns its alarms again.
    ``sap_at`` is until when the effects of the silence are owed (aware), for an expired case.
    """

    case_id: str
    kind: str
    sap_at: datetime | None = None


def raise_alerts(uow: UnitOfWork, *, now: datetime, law: Law) -> int:
    """Write the alarms that are due at ``now`` and return how many are new."""
    return keep(uow, find_alerts(uow, now=now, law=law), now=now)


def find_alerts(uow: UnitOfWork, *, now: datetime, law: Law) -> list[Alarm]:
    """Return the alarms that are due and not yet written; it only reads.

    Each open case gets the alarm of the tightest threshold it has reached, once; a run that was missed skips the wider
    ones.
    """
    today = local_date(now)
    horizon = law.calendar.add_business(today, max(law.alerts, default=0))
    cases = uow.cases.due_between(today - _OLDEST, horizon, limit=_MOST)
    due = [alarm for case in cases if (alarm := _alarm(case, today, law))]
    return [alarm for alarm in due if not any(kept.kind == alarm.kind for kept in uow.alerts.of_case(alarm.case_id))]


def keep(uow: UnitOfWork, alarms: Iterable[Alarm], *, now: datetime) -> int:
    """Write ``alarms``, each once, and return how many are new.

    An expired case also gets a line in its history with the hour until which the effects of the silence are owed
    (Decreto 2150/1995 art. 123), for the legal desk.
    """
    raised = 0
    for alarm in alarms:
        if not uow.alerts.add(alarm.case_id, alarm.kind, now):
            continue
        raised += 1
        if alarm.sap_at is not None:
            data = {"sap_hasta": alarm.sap_at.isoformat()}
            uow.cases.add_event(alarm.case_id, now, "plazo_vencido", "sistema", data)
    return raised


def legal_end(case: CaseRecord | CaseDue, law: Law) -> date:
    """Return the last day staff hold the company to: that of the mode in the settings."""
    promised = law.promised_on(case)
    return case.vence_b_on or promised if law.mode == "B" else promised


def level(case: CaseRecord, today: date, law: Law) -> str:
    """Return the colour of §1.4 for the worklist: ``verde``, ``ambar``, ``naranja``, ``rojo`` or ``negro``."""
    if today > legal_end(case, law):
        return "negro"
    left = law.business_days_left(law.promised_on(case), today)
    if left <= 0:
        return "rojo"
    amber, orange = [*(days for days in law.alerts if days), 0, 0][:2]
    return "naranja" if left <= orange else "ambar" if left <= amber else "verde"


def _alarm(case: CaseDue, today: date, law: Law) -> Alarm | None:
    promised = law.promised_on(case)
    first = law.due(case.termino, case.recibido_at).due_on
    again = "" if promised == first else f" {promised.isoformat()}"
    if today > legal_end(case, law):
        return Alarm(case.id, EXPIRED + again, law.due("SAP_RECONOCER", legal_end(case, law)).due_at)
    left = max(0, law.business_days_left(promised, today))
    reached = [days for days in law.alerts if left <= days]
    return Alarm(case.id, f"{_LEFT}{min(reached)}{again}") if reached else None
