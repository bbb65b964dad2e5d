"""Who is to be told of an outage, what there is to tell, and what operations have to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text, update

from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.reports import OutageFollowerRow, OutageNewsRow, OutageProposalRow

_followers, _proposals, _news = table(OutageFollowerRow), table(OutageProposalRow), table(OutageNewsRow)
_f, _p, _n = _followers.c, _proposals.c, _news.c


@dataclass(frozen=True, slots=True)
class OutageFollower:
    """Somebody who asked to be told of an outage, and from which sector."""

    outage_id: str
    conversation_id: str
    sector: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """Perhaps an outage: ``zona`` is a sector or a cell; ``estado`` is abierta, aceptada or descartada."""

    id: int
    servicio: str
    zona: str
    sector: str | None
    estado: str
    reportes: int
    at: datetime
    decided_at: datetime | None
    decided_by: str | None
    outage_id: str | None


@dataclass(frozen=True, slots=True)
class NewsRecord:
    """A change to tell: ``subject`` is ``report`` or ``outage``, ``estado`` the state it came to."""

    id: int
    subject: str
    subject_id: str
    version: int
    estado: str
    at: datetime


_FOLLOW = {
    dialect: statement.on_conflict_do_nothing(index_elements=["outage_id", "conversation_id"])
    for dialect, statement in upsert(_followers).items()
}
_FOLLOWERS = select(_followers).where(_f.outage_id == bindparam("wanted")).order_by(_f.at, _f.conversation_id)
_FOLLOWS = select(_f.outage_id).where(_f.conversation_id == bindparam("whose"), _f.outage_id == bindparam("wanted"))
_IS_OPEN = text("estado = 'abierta'")
_PROPOSE = {
    dialect: statement.on_conflict_do_nothing(index_elements=["servicio", "zona"], index_where=_IS_OPEN).returning(
        _p.id
    )
    for dialect, statement in upsert(_proposals).items()
}
_COUNT_AGAIN = (
    update(_proposals)
    .where(_p.servicio == bindparam("what"), _p.zona == bindparam("place"), text("outage_proposals.estado = 'abierta'"))
    .values(reportes=bindparam("count"))
)
_PROPOSALS = select(_proposals).where(text("outage_proposals.estado = 'abierta'")).order_by(_p.id)
_PROPOSAL = select(_proposals).where(_p.id == bindparam("wanted"))
_DECIDE = (
    update(_proposals)
    .where(_p.id == bindparam("wanted"), text("outage_proposals.estado = 'abierta'"))
    .values(
        estado=bindparam("into"), decided_at=bindparam("now"), decided_by=bindparam("who"), outage_id=bindparam("made")
    )
)
_TELL = {
    dialect: statement.on_conflict_do_nothing(index_elements=["subject", "subject_id", "version"])
    for dialect, statement in upsert(_news).items()
}
_UNTOLD = (
    select(_n.id, _n.subject, _n.subject_id, _n.version, _n.estado, _n.at)
    .where(text("outage_news.told_at is null"), _n.id > bindparam("after"))
    .order_by(_n.id)
    .limit(bindparam("most"))
)
_TOLD = (
    update(_news)
    .where(_n.id == bindparam("wanted"), text("outage_news.told_at is null"))
    .values(told_at=bindparam("now"))
)


class OutageNews(Repo):
    """The ``outage_followers``, ``outage_proposals`` and ``outage_news`` tables."""

    def follow(self, outage_id: str, conversation_id: str, sector: str | None, at: datetime) -> bool:
        """Add somebody who wants to be told; return False when they follow already.

        Raises:
            Conflict: there is no such outage.
        """
        values = {"outage_id": outage_id, "conversation_id": conversation_id, "sector": sector, "at": at}
        return self._run(_FOLLOW[self._dialect], values).rowcount == 1

    def followers(self, outage_id: str) -> list[OutageFollower]:
        """Return who follows an outage, the first first."""
        return [OutageFollower(*row) for row in self._all(_FOLLOWERS, {"wanted": outage_id})]

    def follows(self, conversation_id: str, outage_id: str) -> bool:
        """Tell whether a conversation follows an outage."""
        return self._first(_FOLLOWS, {"whose": conversation_id, "wanted": outage_id}) is not None

    def propose(self, servicio: str, zona: str, sector: str | None, reportes: int, at: datetime) -> bool:
        """Put an outage before operations; return False when one is open for that zone, whose count is renewed."""
        values = {
            "servicio": servicio, "zona": zona, "sector": sector, "estado": "abierta", "reportes": reportes, "at": at
        }  # fmt: skip
        if self._first(_PROPOSE[self._dialect], values) is not None:
            return True
        self._run(_COUNT_AGAIN, {"what": servicio, "place": zona, "count": reportes})
        return False

    def proposals(self) -> list[ProposalRecord]:
        """Return what operations have not decided yet, the oldest first."""
        return [ProposalRecord(*row) for row in self._all(_PROPOSALS)]

    def proposal(self, proposal_id: int) -> ProposalRecord | None:
        """Return one proposal, or None."""
        row = self._first(_PROPOSAL, {"wanted": proposal_id})
        return None if row is None else ProposalRecord(*row)

    def decide(self, proposal_id: int, estado: str, *, at: datetime, actor: str, outage_id: str | None = None) -> bool:
        """Note what was decided about an open proposal; return False when it was not open."""
        values = {"wanted": proposal_id, "into": estado, "now": at, "who": actor, "made": outage_id}
        return self._run(_DECIDE, values).rowcount == 1

    def tell(self, subject: str, subject_id: str, version: int, estado: str, at: datetime) -> None:
        """Note a change that people have to be told of, once a version."""
        values = {"subject": subject, "subject_id": subject_id, "version": version, "estado": estado, "at": at}
        self._run(_TELL[self._dialect], values)

    def untold(self, limit: int = 50, *, after: int = 0) -> Sequence[NewsRecord]:
        """Return the changes that nobody was told of, the oldest first; ``after`` is the last one of the page before."""
        return [NewsRecord(*row) for row in self._all(_UNTOLD, {"most": limit, "after": after})]

    def told(self, news_id: int, at: datetime) -> bool:
        """Note that everybody concerned has their message; return False when another process did so before."""
        return self._run(_TOLD, {"wanted": news_id, "now": at}).rowcount == 1
