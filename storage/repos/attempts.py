"""Tries that are counted against a limit: guesses of a code, messages of an origin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.work import AttemptRow

_attempts = table(AttemptRow)
_c = _attempts.c

_ADD = insert(_attempts).inline()
_COUNT = select(func.count()).where(_c.key == bindparam("what"), _c.at >= bindparam("since"))
_PURGE = delete(_attempts).where(_c.at < bindparam("before"))


class Attempts(Repo):
    """The ``attempts`` table; keys are kept as blind indexes, so it tells nothing about whom it counts."""

    def add(self, key: str, at: datetime) -> None:
        """Count a try."""
        self._run(_ADD, {"key": self._keys.blind(key, "attempts"), "at": at})

    def count_since(self, key: str, since: datetime) -> int:
        """Return how many tries there were from ``since`` on."""
        return int(self._run(_COUNT, {"what": self._keys.blind(key, "attempts"), "since": since}).scalar_one())

    def purge(self, before: datetime) -> int:
        """Forget the tries before a moment; return how many."""
        return self._run(_PURGE, {"before": before}).rowcount
