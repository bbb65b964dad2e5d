"""What was understood and what followed, turn by turn; append-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from storage.repos.base import Repo
from storage.rows.base import table
from storage.rows.messages import TurnRow

_turns = table(TurnRow)
_c = _turns.c


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn: the commands it was given and the effects that came of them, as JSON documents."""

    conversation_id: str
    turn: int
    inbox_id: int | None
    commands: list[Any]
    effects: list[Any]
    at: datetime


_ADD = insert(_turns).inline()
_HISTORY = (
    select(_c.conversation_id, _c.turn, _c.inbox_id, _c.record, _c.at)
    .where(_c.conversation_id == bindparam("conversation_id"))
    .order_by(_c.turn.desc())
    .limit(bindparam("most"))
)


class Turns(Repo):
    """The ``turns`` table."""

    def add(
        self,
        conversation_id: str,
        turn: int,
        inbox_id: int | None,
        commands: Sequence[Any],
        effects: Sequence[Any],
        at: datetime,
    ) -> None:
        """Keep one turn; the commands and effects are JSON-compatible.

        Raises:
            Conflict: the conversation already has that turn.
        """
        record = {"commands": list(commands), "effects": list(effects)}
        self._run(
            _ADD,
            {
                "conversation_id": conversation_id,
                "turn": turn,
                "inbox_id": inbox_id,
                "record": self._seal(record, f"turns:{conversation_id}:{turn}"),
                "at": at,
            },
        )

    def history(self, conversation_id: str, limit: int) -> list[TurnRecord]:
        """Return the last ``limit`` turns, oldest first."""
        records = []
        for row in reversed(self._all(_HISTORY, {"conversation_id": conversation_id, "most": limit})):
            record = self._open(row.record, f"turns:{conversation_id}:{row.turn}")
            records.append(
                TurnRecord(conversation_id, row.turn, row.inbox_id, record["commands"], record["effects"], row.at)
            )
        return records
