"""How each talk stands: one sealed document with a version that guards it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select, update

from storage.errors import VersionConflict
from storage.repos.base import Repo, upsert
from storage.rows.base import table
from storage.rows.messages import ConversationRow

Mode = Literal["bot", "queued", "with_person"]

_conversations = table(ConversationRow)
_c = _conversations.c


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A talk as it was when loaded; ``seq`` is the number of the last bubble in either direction."""

    id: str
    version: int
    state: dict[str, Any]
    seq: int
    mode: Mode
    address: dict[str, Any]
    last_inbound_at: datetime | None
    created_at: datetime


_LOAD = select(_c.id, _c.version, _c.state, _c.seq, _c.mode, _c.address, _c.last_inbound_at, _c.created_at).where(
    _c.id == bindparam("conversation_id")
)
_CREATE = {
    dialect: insert.inline().on_conflict_do_nothing(index_elements=["id"])
    for dialect, insert in upsert(_conversations).items()
}
_SAVE = (
    update(_conversations)
    .where(_c.id == bindparam("conversation_id"), _c.version == bindparam("expected"))
    .values(
        version=_c.version + 1,
        state=bindparam("new_state"),
        seq=bindparam("new_seq"),
        mode=bindparam("new_mode"),
        last_inbound_at=bindparam("heard_at"),
        updated_at=bindparam("now"),
    )
)
_SET_MODE = (
    update(_conversations)
    .where(_c.id == bindparam("conversation_id"))
    .values(version=_c.version + 1, mode=bindparam("new_mode"), updated_at=bindparam("now"))
)
_NEXT_SEQ = (
    update(_conversations)
    .where(_c.id == bindparam("conversation_id"))
    .values(version=_c.version + 1, seq=_c.seq + bindparam("count"), updated_at=bindparam("now"))
    .returning(_c.seq)
)


class Conversations(Repo):
    """The ``conversations`` table."""

    def load(self, conversation_id: str) -> ConversationRecord | None:
        """Return the talk, or None when nobody has spoken yet."""
        row = self._first(_LOAD, {"conversation_id": conversation_id})
        if row is None:
            return None
        number, version, state, seq, mode, address, last_inbound_at, created_at = row
        return ConversationRecord(
            number,
            version,
            self._open(state, f"conversations:{conversation_id}:state"),
            seq,
            mode,
            self._open(address, f"conversations:{conversation_id}:address"),
            last_inbound_at,
            created_at,
        )

    def create(self, conversation_id: str, address: Mapping[str, Any], now: datetime) -> ConversationRecord:
        """Begin a talk (version 0, empty state, mode bot); when it is already there, return it as it stands."""
        self._run(
            _CREATE[self._dialect],
            {
                "id": conversation_id,
                "version": 0,
                "seq": 0,
                "mode": "bot",
                "state": self._seal({}, f"conversations:{conversation_id}:state"),
                "address": self._seal(address, f"conversations:{conversation_id}:address"),
                "created_at": now,
                "updated_at": now,
            },
        )
        record = self.load(conversation_id)
        assert record is not None  # noqa: S101 - it was written one line above
        return record

    def save(
        self,
        record_id: str,
        *,
        expected_version: int,
        state: Mapping[str, Any],
        seq: int,
        mode: Mode,
        last_inbound_at: datetime | None,
        now: datetime,
    ) -> None:
        """Write the talk after a turn and raise its version by one.

        Raises:
            VersionConflict: its version is no longer ``expected_version``: another turn was faster.
        """
        changed = self._run(
            _SAVE,
            {
                "conversation_id": record_id,
                "expected": expected_version,
                "new_state": self._seal(state, f"conversations:{record_id}:state"),
                "new_seq": seq,
                "new_mode": mode,
                "heard_at": last_inbound_at,
                "now": now,
            },
        ).rowcount
        if changed != 1:
            message = f"the conversation is no longer at version {expected_version}"
            raise VersionConflict(message)

    def set_mode(self, conversation_id: str, mode: Mode, now: datetime) -> bool:
        """Hand the talk to the bot or to a person, whatever its version; return False when there is no such talk.

        The version rises, so a turn that is being computed meanwhile is repeated and sees the new mode.
        """
        values = {"conversation_id": conversation_id, "new_mode": mode, "now": now}
        return self._run(_SET_MODE, values).rowcount == 1

    def take_seq(self, conversation_id: str, count: int, now: datetime) -> int | None:
        """Reserve ``count`` bubble numbers outside a turn (staff replies, notices) and return the first.

        Returns None when there is no such talk. The version rises, as in ``set_mode``.
        """
        row = self._first(_NEXT_SEQ, {"conversation_id": conversation_id, "count": count, "now": now})
        return None if row is None else int(row.seq) - count + 1
