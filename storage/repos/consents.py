"""Every yes and no to a use of personal data, with its proof; nothing is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.people import ConsentRow

_consents = table(ConsentRow)
_c = _consents.c


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """An answer about ``topic``: to which version of which text, on which channel, in which message (Ley 1581 art. 9)."""

    id: int
    conversation_id: str
    topic: str
    granted: bool
    version: str
    text_sha256: str
    channel: str
    inbox_key: str
    at: datetime


_ADD = insert(_consents).inline()
_HISTORY = (
    select(_consents)
    .where(_c.conversation_id == bindparam("whose"), _c.topic == bindparam("what"))
    .order_by(_c.id.desc())
    .limit(bindparam("most"))
)


class Consents(Repo):
    """The ``consents`` table; the database itself refuses to change it."""

    def add(
        self,
        conversation_id: str,
        topic: str,
        granted: bool,  # noqa: FBT001 - the contract of the parts
        version: str,
        text_sha256: str,
        channel: str,
        inbox_key: str,
        at: datetime,
    ) -> None:
        """Append an answer; the last one about a topic is the one that counts."""
        self._run(
            _ADD,
            {
                "conversation_id": conversation_id,
                "topic": topic,
                "granted": granted,
                "version": version,
                "text_sha256": text_sha256,
                "channel": channel,
                "inbox_key": inbox_key,
                "at": at,
            },
        )

    def current(self, conversation_id: str, topic: str) -> ConsentRecord | None:
        """Return the last answer about a topic, or None when it was never asked."""
        history = self.history(conversation_id, topic, limit=1)
        return history[0] if history else None

    def history(self, conversation_id: str, topic: str, limit: int = 100) -> list[ConsentRecord]:
        """Return the answers about a topic, the newest first."""
        rows = self._all(_HISTORY, {"whose": conversation_id, "what": topic, "most": limit})
        return [ConsentRecord(*row) for row in rows]
