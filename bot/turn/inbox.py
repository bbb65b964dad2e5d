"""Accept what people send: one commit for a batch, and only then may anybody answer 200."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from bot.channels.wire import address_to_json, inbound_to_json
from bot.kernel.failpoint import failpoint
from storage.repos.inbox import NewInbound

if TYPE_CHECKING:
    from bot.channels.base import Inbound
    from bot.kernel.clock import Clock
    from storage.db import Database
    from storage.uow import UnitOfWork


class Inbox:
    """The durable edge: what it has returned from is on disk."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        conversation_id: Callable[[str], str],
        wake: Callable[[str, float], None],
        hold_of: Callable[[Inbound], float] = lambda _event: 0.0,
    ) -> None:
        """Take the database, the clock, the naming of conversations by address key and who to wake afterwards.

        ``hold_of`` tells for how many seconds more of the same breath may be waited for after an event.
        """
        self._database = database
        self._clock = clock
        self._conversation_id = conversation_id
        self._wake = wake
        self._hold_of = hold_of

    async def accept(self, events: Iterable[Inbound]) -> list[tuple[int, bool]]:
        """Store every event under its unique key, in one durable transaction, and wake their conversations.

        Returns:
            For each event its inbox id and whether it is new; a repeat gets the id of the first delivery.

        Raises:
            StorageError: nothing was stored; the provider must be told to try again.
        """
        now = self._clock.now()
        events = list(events)
        rows = [
            NewInbound(
                channel=event.address.channel,
                account=event.address.account,
                key=event.key,
                conversation_id=self._conversation_id(event.address.key),
                address=address_to_json(event.address),
                kind=event.kind,
                payload=inbound_to_json(event),
                sent_at=event.sent_at,
                received_at=now,
            )
            for event in events
        ]
        if not rows:
            return []
        failpoint("before_accept_commit")
        accepted, talks = await self._database.write(lambda uow: _store(uow, rows))
        failpoint("after_accept_commit")
        holds: dict[str, float] = {}
        for talk, event in zip(talks, events, strict=True):
            # One thing that cannot wait ends the wait for all that came with it.
            holds[talk] = self._hold_of(event) if holds.get(talk, 1.0) else 0.0
        for conversation_id, hold in holds.items():
            self._wake(conversation_id, hold)
        return accepted


def _store(uow: UnitOfWork, rows: Sequence[NewInbound]) -> tuple[list[tuple[int, bool]], list[str]]:
    """Store each row; return what became of them and the conversations they are in."""
    kept = [uow.inbox.keep(row) for row in rows]
    for row, one in zip(rows, kept, strict=True):
        if row.kind == "deleted":
            # What was not read yet is not read any more; what was answered stays answered, and what was filed, filed.
            key = str(row.payload.get("reply_to", ""))
            uow.inbox.withdraw(one.conversation_id, row.channel, row.account, key, row.received_at)
    return [(one.id, one.is_new) for one in kept], [one.conversation_id for one in kept]
