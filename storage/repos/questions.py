"""Questions that no article answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.knowledge import QuestionRow

_questions = table(QuestionRow)
_c = _questions.c
_ADD = insert(_questions).inline()
_NEWEST = select(_c.id, _c.question, _c.at).order_by(_c.id.desc()).limit(bindparam("most"))
_SEALED_AS = "unanswered_questions:question"


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question in the words of whoever asked it."""

    id: int
    question: str
    at: datetime


class Questions(Repo):
    """The ``unanswered_questions`` table."""

    def add(self, question: str, at: datetime) -> None:
        """Keep a question."""
        self._run(_ADD, {"question": self._seal_text(question, _SEALED_AS), "at": at})

    def newest(self, limit: int = 100) -> list[QuestionRecord]:
        """Return the newest questions, newest first."""
        return [
            QuestionRecord(row.id, self._open_text(row.question, _SEALED_AS) or "", row.at)
            for row in self._all(_NEWEST, {"most": limit})
        ]
