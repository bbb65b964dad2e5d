"""What a turn wants to write, thought out before any transaction begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from bot.learning.doubts import NOTHING, Ear
from bot.turn.menus import Menus
from dialogs.engine.store import from_json, to_json

if TYPE_CHECKING:
    from bot.notices.judge import Asked, Judged
    from dialogs.engine.conversation import Conversation
    from dialogs.engine.effects import Effect
    from storage.repos.errands import ErrandRecord
    from storage.repos.notices import Reach

Mode = Literal["bot", "queued", "with_person"]


@dataclass(frozen=True, slots=True)
class Begun:
    """An errand of ours whose turn this is: the row to finish, and what its message takes of the person's limits."""

    errand: ErrandRecord
    asked: Asked
    judged: Judged
    reach: Reach


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a turn: a stored message (``inbox_id``), a timer that fired (``timer_id``) or an errand of ours.

    Messages of one breath are one turn: ``inbox_id`` is the last of them, ``earlier`` are those before it. ``sent_at`` is
    when the person sent it by the provider's clock, None where no provider says so.
    """

    conversation_id: str
    channel: str
    account: str
    address: Mapping[str, Any]
    received_at: datetime
    inbox_id: int | None = None
    timer_id: int | None = None
    earlier: tuple[int, ...] = ()
    sent_at: datetime | None = None
    errand: Begun | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """The inbox rows that this turn settles, oldest first."""
        return () if self.inbox_id is None else (*self.earlier, self.inbox_id)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as stored: the engine's part and the host's, with the version they were read at.

    ``heard_at`` is when the newest message that was worked had been sent: what was sent before it answers nothing that
    was asked after it.
    """

    engine: Conversation
    menus: Menus = field(default_factory=Menus)
    version: int = 0
    seq: int = 0
    mode: Mode = "bot"
    has_timers: bool = False
    last_inbound_at: datetime | None = None
    ear: Ear = NOTHING
    heard_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the document that the conversation's row keeps."""
        ear = self.ear.to_json()
        return {
            "engine": to_json(self.engine),
            "menus": self.menus.to_json(),
            "timers": self.has_timers,
            **({"ear": ear} if ear else {}),
            **({"heard_at": self.heard_at.isoformat()} if self.heard_at else {}),
        }

    @classmethod
    def from_record(cls, record: Any) -> Talk:
        """Return the talk kept in a ``ConversationRecord``."""
        return cls(
            engine=from_json(record.state["engine"]),
            menus=Menus.from_json(record.state.get("menus")),
            version=record.version,
            seq=record.seq,
            mode=record.mode,
            has_timers=record.state.get("timers", False),
            last_inbound_at=record.last_inbound_at,
            ear=Ear.from_json(record.state.get("ear")),
            heard_at=datetime.fromisoformat(record.state["heard_at"]) if record.state.get("heard_at") else None,
        )


@dataclass(frozen=True, slots=True)
class TurnPlan:
    """A turn that was thought and not yet committed.

    ``is_silent``: keep the message, say nothing. ``ear`` is None where the turn heard nothing: what was remembered stays.
    """

    trigger: Trigger
    before: Talk
    after: Conversation
    commands: Sequence[Any] = ()
    effects: Sequence[Effect] = ()
    is_silent: bool = False
    outcome: str = "answered"
    ear: Ear | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One reply as committed: its response key, text, and (label, payload) buttons."""

    response: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """A committed turn, for those who wake senders, answer REST callers and run scripts."""

    conversation_id: str
    channel: str
    inbox_id: int | None
    replies: Sequence[Said]
    effects: Sequence[Effect]
    slots: Mapping[str, Any]
    is_pull: bool
