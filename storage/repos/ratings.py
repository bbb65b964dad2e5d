"""Marks that people give to the attention."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.people import RatingRow

_ratings = table(RatingRow)
_c = _ratings.c

_ADD = insert(_ratings).inline()
_COUNTS = select(_c.mark, func.count()).where(_c.at >= bindparam("since")).group_by(_c.mark)


class Ratings(Repo):
    """The ``ratings`` table."""

    def add(self, conversation_id: str, mark: int, at: datetime) -> None:
        """Keep a mark from 1 (very bad) to 5 (very good).

        Raises:
            ValueError: the mark is none of these.
        """
        if mark not in range(1, 6):
            message = "a mark is a whole number from 1 to 5"
            raise ValueError(message)
        self._run(_ADD, {"conversation_id": conversation_id, "mark": mark, "at": at})

    def counts(self, since: datetime) -> dict[int, int]:
        """Return how often each mark was given from ``since`` on."""
        return {int(mark): int(count) for mark, count in self._all(_COUNTS, {"since": since})}
