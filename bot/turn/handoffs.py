"""What staff do with a conversation that asked for a person: take it, write in it, give it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.channels.base import Say
from bot.channels.wire import say_to_json
from bot.kernel.errors import AtiendeError
from storage.errors import NotFound
from storage.repos.outbox import NewOutbound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.ids import Ids
    from storage.repos.conversations import ConversationRecord
    from storage.repos.handoffs import HandoffRecord, HandoffState
    from storage.uow import UnitOfWork

_OPEN = frozenset({"queued", "with_person"})
STAFF_PRIORITY = 0


class NoSuchHandoff(AtiendeError):
    """There is no open handoff under that number."""


def take(uow: UnitOfWork, handoff_id: int, staff: str, now: datetime) -> HandoffRecord:
    """Give the conversation to ``staff``: from this commit on the assistant is silent in it.

    Raising the conversation's version makes a turn that is being thought meanwhile see it, so that the assistant and
    a person never both answer one message.

    Raises:
        NoSuchHandoff: it does not exist or is closed.
    """
    handoff = _open(uow, handoff_id)
    _move(uow, handoff_id, "with_person", now, staff)
    uow.conversations.set_mode(handoff.conversation_id, "with_person", now)
    return handoff


def reply(  # who, what, when and under which key are all needed
    uow: UnitOfWork, handoff_id: int, text: str, *, staff: str, now: datetime, ids: Ids, pull_channels: frozenset[str]
) -> None:
    """Queue ``text`` for the person, taking the conversation first if nobody has it.

    Raises:
        NoSuchHandoff: it does not exist or is closed.
    """
    handoff = _open(uow, handoff_id)
    if handoff.state != "with_person":
        take(uow, handoff_id, staff, now)
    say(uow, _talk(uow, handoff), text, now=now, key=ids.new("staff"), pull_channels=pull_channels)


def give_back(  # who, what, when and under which key are all needed
    uow: UnitOfWork, handoff_id: int, text: str, *, staff: str, now: datetime, ids: Ids, pull_channels: frozenset[str]
) -> None:
    """Return the conversation to the assistant, telling the person so with ``text``.

    Raises:
        NoSuchHandoff: it does not exist or is closed.
    """
    handoff = _open(uow, handoff_id)
    _move(uow, handoff_id, "returned", now, staff)
    uow.conversations.set_mode(handoff.conversation_id, "bot", now)
    say(uow, _talk(uow, handoff), text, now=now, key=ids.new("back"), pull_channels=pull_channels, by_person=False)


def say(  # who, what, when and under which key are all needed
    uow: UnitOfWork,
    talk: ConversationRecord,
    text: str,
    *,
    now: datetime,
    key: str,
    pull_channels: frozenset[str],
    by_person: bool = True,
) -> None:
    """Queue one message outside a turn, of the staff or of the assistant, as the next bubble of the conversation."""
    seq = uow.conversations.take_seq(talk.id, 1, now)
    if seq is None:
        message = "the conversation is gone"
        raise NoSuchHandoff(message)
    address: Mapping[str, Any] = talk.address
    payload = say_to_json(Say(text))
    uow.outbox.add(
        [
            NewOutbound(
                key=key,
                conversation_id=talk.id,
                channel=address["channel"],
                account=address["account"],
                address=address,
                seq=seq,
                kind="staff" if by_person else "reply",
                payload=payload,
                priority=STAFF_PRIORITY,
                not_before=now,
                created_at=now,
                pull=address["channel"] in pull_channels,
            )
        ]
    )


def _open(uow: UnitOfWork, handoff_id: int) -> HandoffRecord:
    handoff = uow.handoffs.get(handoff_id)
    if handoff is None or handoff.state not in _OPEN:
        raise NoSuchHandoff(_not_open(handoff_id))
    return handoff


def _move(uow: UnitOfWork, handoff_id: int, state: HandoffState, now: datetime, staff: str) -> None:
    try:
        uow.handoffs.set_state(handoff_id, state, now, staff)
    except NotFound:
        # Somebody ended it since we looked.
        raise NoSuchHandoff(_not_open(handoff_id)) from None


def _not_open(handoff_id: int) -> str:
    return f"handoff {handoff_id} is not open"


def _talk(uow: UnitOfWork, handoff: HandoffRecord) -> ConversationRecord:
    talk = uow.conversations.load(handoff.conversation_id)
    if talk is None:
        message = "the conversation is gone"
        raise NoSuchHandoff(message)
    return talk
