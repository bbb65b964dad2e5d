"""Runs of scheduled jobs: late, perhaps, but once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.work import JobRunRow

_runs = table(JobRunRow)
_c = _runs.c


@dataclass(frozen=True, slots=True)
class JobRun:
    """A run of a job; ``finished_at`` is None while it runs, or for ever when the process died."""

    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: str | None


_BEGIN = {
    dialect: statement.on_conflict_do_nothing(index_elements=["job", "due_at"]).returning(_c.job)
    for dialect, statement in upsert(_runs).items()
}
_RETAKE = (
    update(_runs)
    .where(
        _c.job == bindparam("which"),
        _c.due_at == bindparam("due"),
        _c.finished_at.is_(None),
        _c.started_at <= bindparam("dead_since"),
    )
    .values(started_at=bindparam("now"))
)
_FINISH = (
    update(_runs)
    .where(_c.job == bindparam("which"), _c.due_at == bindparam("due"))
    .values(finished_at=bindparam("now"), result=bindparam("new_result"), error=bindparam("new_error"))
)
_LAST = select(_runs).where(_c.job == bindparam("which")).order_by(_c.due_at.desc()).limit(1)


class Jobs(Repo):
    """The ``job_runs`` table."""

    def begin(self, job: str, due_at: datetime, at: datetime, *, dead_since: datetime | None = None) -> bool:
        """Take the run that is due; return False when it was taken before.

        With ``dead_since``, a run that began before that moment and never finished is taken over.
        """
        if self._first(_BEGIN[self._dialect], {"job": job, "due_at": due_at, "started_at": at}) is not None:
            return True
        if dead_since is None:
            return False
        values = {"which": job, "due": due_at, "dead_since": dead_since, "now": at}
        return self._run(_RETAKE, values).rowcount == 1

    def finish(
        self,
        job: str,
        due_at: datetime,
        at: datetime,
        result: Mapping[str, Any] | None = None,
        error: str | None = None,
    ) -> None:
        """Note how a run ended; neither ``result`` nor ``error`` may hold personal data."""
        self._run(_FINISH, {"which": job, "due": due_at, "now": at, "new_result": result, "new_error": error})

    def last(self, job: str) -> JobRun | None:
        """Return the run that was due last, or None."""
        row = self._first(_LAST, {"which": job})
        return None if row is None else JobRun(*row)
