"""Counts of a sector, and nothing that tells one neighbour from another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.cases import CaseRow
from storage.rows.company import AccountRow
from storage.rows.notices import SubscriptionRow
from storage.rows.reports import ReportRow

_cases, _accounts, _reports = table(CaseRow), table(AccountRow), table(ReportRow)
_wanted = table(SubscriptionRow)
_HERE = _cases.join(_accounts, _accounts.c.cuenta == _cases.c.cuenta)
#: More answers than this say nothing more about how long one takes.
_MOST = 2_000

_ANSWERED = (
    select(_cases.c.radicado_at, _cases.c.respondido_at)
    .select_from(_HERE)
    .where(_accounts.c.sector == bindparam("place"), _cases.c.respondido_at >= bindparam("since"))
    .order_by(_cases.c.respondido_at.desc())
    .limit(_MOST)
)
_OPEN = (
    select(func.count())
    .select_from(_HERE)
    .where(_accounts.c.sector == bindparam("place"), _cases.c.respondido_at.is_(None))
)
_REPORTS = select(func.count()).where(
    _reports.c.sector == bindparam("place"),
    _reports.c.estado.not_in(["RESTABLECIDA", "CERRADA", "CANCELADA"]),
)
_WANT = (
    select(_wanted.c.conversation_id)
    .where(
        _wanted.c.topic == bindparam("what"),
        _wanted.c.state == "on",
        _wanted.c.sector.in_(bindparam("places", expanding=True)),
    )
    .distinct()
    .order_by(_wanted.c.conversation_id)
)
#: More people than these are not asked about one work.
_MOST_ASKED = 500
_REPORTERS = (
    select(_reports.c.conversation_id)
    .where(
        _reports.c.conversation_id.is_not(None),
        _reports.c.created_at >= bindparam("since"),
        _reports.c.sector.in_(bindparam("places", expanding=True)),
    )
    .distinct()
    .order_by(_reports.c.conversation_id)
    .limit(_MOST_ASKED)
)
_REPORTERS_OF = _REPORTERS.where(_reports.c.servicio == bindparam("what"))


class Territory(Repo):
    """Counts over the tables of cases, reports and accounts by sector, and who wants to be told of it."""

    def subscribers(self, topic: str, sectors: Sequence[str]) -> list[str]:
        """Return the conversations that asked to be told of a topic in any of these sectors."""
        rows = self._all(_WANT, {"what": topic, "places": list(sectors)})
        return [row.conversation_id for row in rows]

    def reporters(self, sectors: Sequence[str], servicio: str | None, since: datetime) -> list[str]:
        """Return the conversations that reported a fault in these sectors from ``since`` on, perhaps of one service."""
        values = {"since": since, "places": list(sectors)}
        rows = self._all(_REPORTERS_OF, {**values, "what": servicio}) if servicio else self._all(_REPORTERS, values)
        return [row.conversation_id for row in rows]

    def open_reports(self, sector: str) -> int:
        """Return how many faults are reported in the sector and not over."""
        return int(self._run(_REPORTS, {"place": sector}).scalar_one())

    def open_cases(self, sector: str) -> int:
        """Return how many cases of accounts of the sector wait for their answer."""
        return int(self._run(_OPEN, {"place": sector}).scalar_one())

    def answer_days(self, sector: str, since: datetime) -> tuple[int, float]:
        """Return how many cases of the sector were answered from ``since`` on, and the mean of days that it took."""
        rows = self._all(_ANSWERED, {"place": sector, "since": since})
        seconds = [(row.respondido_at - row.radicado_at).total_seconds() for row in rows]
        return len(seconds), sum(seconds) / len(seconds) / 86_400 if seconds else 0.0
