"""Documents that were offered in a talk and are drawn when somebody fetches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.billing import PaperRow

_papers = table(PaperRow)
_c = _papers.c

_ADD = insert(_papers).inline()
_GET = select(_papers).where(_c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What a document says (JSON-compatible), and the conversation that it was made for."""

    id: str
    kind: str
    conversation_id: str
    content: Mapping[str, Any]
    at: datetime


class Papers(Repo):
    """The ``papers`` table."""

    def add(self, paper: PaperRecord) -> None:
        """Keep what a document says.

        Raises:
            Conflict: the id is already there.
        """
        self._run(
            _ADD,
            {
                "id": paper.id,
                "kind": paper.kind,
                "conversation_id": paper.conversation_id,
                "content": self._seal(dict(paper.content), f"papers:{paper.id}:content"),
                "at": paper.at,
            },
        )

    def get(self, paper_id: str) -> PaperRecord | None:
        """Return a document's content, or None."""
        row = self._first(_GET, {"wanted": paper_id})
        if row is None:
            return None
        content = self._open(row.content, f"papers:{row.id}:content")
        return PaperRecord(row.id, row.kind, row.conversation_id, content, row.at)
