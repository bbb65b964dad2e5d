"""What people think of the attention: marks with what they are about, and complaints of the assistant itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, exists, func, insert, literal, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.cases import CaseRow
from storage.rows.notices import ErrandRow
from storage.rows.people import AssistantComplaintRow, RatingRow

About = Literal["interaction", "case"]

_ratings, _complaints = table(RatingRow), table(AssistantComplaintRow)
_c, _k = _ratings.c, _complaints.c
_case, _errand = table(CaseRow).c, table(ErrandRow).c

_ADD = insert(_ratings).inline()
_COUNTS = select(_c.mark, func.count()).where(_c.at >= bindparam("since")).group_by(_c.mark)
_BY_SUBJECT = (
    select(_c.about, _c.flow, func.count(), func.sum(_c.mark))
    .where(_c.at >= bindparam("since"))
    .group_by(_c.about, _c.flow)
    .order_by(func.count().desc(), _c.about, _c.flow)
)
_COMMENTS = (
    select(_ratings)
    .where(_c.at >= bindparam("since"), _c.comment.is_not(None))
    .order_by(_c.at.desc(), _c.id.desc())
    .limit(bindparam("most"))
)
_OF_CASE = select(_c.id).where(_c.case_id == bindparam("wanted")).limit(1)
_TO_MARK = (
    select(_case.id, _case.radicado, _case.conversation_id)
    .where(
        _case.respondido_at.between(bindparam("first"), bindparam("last")),
        _case.conversation_id.is_not(None),
        ~exists().where(_c.case_id == _case.id),
        ~exists().where(_errand.key == literal("marca:") + _case.id),
    )
    .order_by(_case.respondido_at)
    .limit(bindparam("most"))
)
_COMPLAIN = insert(_complaints).inline()
_COMPLAINTS = (
    select(_complaints).where(_k.at >= bindparam("since")).order_by(_k.at.desc(), _k.id.desc()).limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A mark with its words; ``mark`` is 0 for a complaint of the assistant."""

    mark: int
    about: str
    subject: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """How a subject was marked: ``count`` marks whose mean is ``mean``."""

    about: str
    subject: str
    count: int
    mean: float


class Ratings(Repo):
    """The ``ratings`` and ``assistant_complaints`` tables."""

    def add(
        self,
        conversation_id: str,
        mark: int,
        at: datetime,
        *,
        about: About = "interaction",
        flow: str | None = None,
        case_id: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Keep a mark from 1 (very bad) to 5 (very good) with what it is about; the comment is sealed.

        Raises:
            ValueError: the mark is none of these.
        """
        if mark not in range(1, 6):
            message = "a mark is a whole number from 1 to 5"
            raise ValueError(message)
        values = {
            "conversation_id": conversation_id,
            "mark": mark,
            "at": at,
            "about": about,
            "flow": flow,
            "case_id": case_id,
            "comment": self._seal_text(comment or None, f"ratings:{conversation_id}:comment"),
        }
        self._run(_ADD, values)

    def counts(self, since: datetime) -> dict[int, int]:
        """Return how often each mark was given from ``since`` on."""
        return {int(mark): int(count) for mark, count in self._all(_COUNTS, {"since": since})}

    def scores(self, since: datetime) -> list[Score]:
        """Return the count and the mean of the marks of each subject, those with most marks first."""
        rows = self._all(_BY_SUBJECT, {"since": since})
        return [Score(about, flow or "", int(count), int(total) / int(count)) for about, flow, count, total in rows]

    def comments(self, since: datetime, limit: int = 20) -> list[Opinion]:
        """Return the newest marks that came with words."""
        return [
            Opinion(
                row.mark,
                row.about,
                row.flow or "",
                self._open_text(row.comment, f"ratings:{row.conversation_id}:comment") or "",
                row.at,
            )
            for row in self._all(_COMMENTS, {"since": since, "most": limit})
        ]

    def is_rated(self, case_id: str) -> bool:
        """Return whether somebody marked how a case was attended."""
        return self._first(_OF_CASE, {"wanted": case_id}) is not None

    def cases_to_mark(self, first: datetime, last: datetime, limit: int) -> list[tuple[str, str, str]]:
        """Return (id, radicado, conversation) of cases answered between two moments that nobody was asked about yet."""
        rows = self._all(_TO_MARK, {"first": first, "last": last, "most": limit})
        return [(str(case_id), str(radicado), str(conversation_id)) for case_id, radicado, conversation_id in rows]

    def complain(self, conversation_id: str, said: str, at: datetime) -> None:
        """Keep what somebody says against the assistant, sealed."""
        sealed = self._seal_text(said, f"assistant_complaints:{conversation_id}:said")
        self._run(_COMPLAIN, {"conversation_id": conversation_id, "said": sealed, "at": at})

    def complaints(self, since: datetime, limit: int = 20) -> list[Opinion]:
        """Return what was said against the assistant, the newest first."""
        return [
            Opinion(
                0,
                "assistant",
                "",
                self._open_text(row.said, f"assistant_complaints:{row.conversation_id}:said") or "",
                row.at,
            )
            for row in self._all(_COMPLAINTS, {"since": since, "most": limit})
        ]
