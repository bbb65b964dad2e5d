"""What both sides said, in order: the log that the web chat, the REST face and the staff read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select

from storage.repos.base import Repo
from storage.repos.receipts import WAITING
from storage.rows.base import table
from storage.rows.messages import InboxRow, OutboxRow


@dataclass(frozen=True, slots=True)
class TranscriptItem:
    """One bubble; ``key`` is the sender's own key (a browser finds its message by it), ``state`` that of its row.

    ``is_waiting``: it reaches the person only once they write.
    """

    seq: int
    direction: Literal["in", "out"]
    kind: str
    payload: dict[str, Any]
    at: datetime
    state: str
    key: str
    is_waiting: bool = False


_in, _out = table(InboxRow).c, table(OutboxRow).c
_SAID = (
    select(_in.seq, _in.kind, _in.payload, _in.sent_at, _in.state, _in.key, _in.channel, _in.account)
    .where(_in.conversation_id == bindparam("whose"), _in.seq > bindparam("after"))
    .order_by(_in.seq, _in.id)
    .limit(bindparam("most"))
)
_ANSWERED = (
    select(_out.seq, _out.kind, _out.payload, _out.created_at, _out.state, _out.key, _out.code)
    .where(_out.conversation_id == bindparam("whose"), _out.seq > bindparam("after"))
    .order_by(_out.seq, _out.id)
    .limit(bindparam("most"))
)


class Transcripts(Repo):
    """Both directions of a conversation, merged by ``seq``."""

    def transcript(self, conversation_id: str, after_seq: int = 0, limit: int = 200) -> list[TranscriptItem]:
        """Return at most ``limit`` bubbles after ``after_seq``; inbound ones appear once their turn is done."""
        values = {"whose": conversation_id, "after": after_seq, "most": limit}
        items = [
            TranscriptItem(
                row.seq,
                "in",
                row.kind,
                self._open(row.payload, f"inbox:{row.channel}:{row.account}:{row.key}:payload"),
                row.sent_at,
                row.state,
                row.key,
            )
            for row in self._all(_SAID, values)
        ]
        items += [
            TranscriptItem(
                row.seq,
                "out",
                row.kind,
                self._open(row.payload, f"outbox:{row.key}:payload"),
                row.created_at,
                row.state,
                row.key,
                is_waiting=row.state == "queued" and row.code == WAITING,
            )
            for row in self._all(_ANSWERED, values)
        ]
        return sorted(items, key=lambda item: item.seq)[:limit]
