"""Browsers that hold a secret for a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.messages import WebSessionRow

_sessions = table(WebSessionRow)
_c = _sessions.c


@dataclass(frozen=True, slots=True)
class WebSessionRecord:
    """A browser session; ``origin`` is the site that showed the chat."""

    secret_hash: str
    conversation_id: str
    origin: str
    created_at: datetime
    seen_at: datetime


_ADD = insert(_sessions).inline()
_FIND = select(_c.secret_hash, _c.conversation_id, _c.origin, _c.created_at, _c.seen_at).where(
    _c.secret_hash == bindparam("wanted")
)
_TOUCH = update(_sessions).where(_c.secret_hash == bindparam("wanted")).values(seen_at=bindparam("at"))


class WebSessions(Repo):
    """The ``web_sessions`` table; it sees hashes and never a secret."""

    def add(self, secret_hash: str, conversation_id: str, at: datetime, origin: str) -> None:
        """Keep a new session.

        Raises:
            Conflict: the hash is already there.
        """
        self._run(
            _ADD,
            {
                "secret_hash": secret_hash,
                "conversation_id": conversation_id,
                "origin": origin,
                "created_at": at,
                "seen_at": at,
            },
        )

    def find(self, secret_hash: str) -> WebSessionRecord | None:
        """Return the session of that hash, or None."""
        row = self._first(_FIND, {"wanted": secret_hash})
        return None if row is None else WebSessionRecord(*row)

    def touch(self, secret_hash: str, at: datetime) -> bool:
        """Note that the browser was seen; return False when there is no such session."""
        return self._run(_TOUCH, {"wanted": secret_hash, "at": at}).rowcount == 1
