"""What came to a closed window waits for its person, who is told once that something is there (``window:waiting``)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.outbox.rules import LATER
from storage.repos.receipts import NOT_THE_PERSON, WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.channels.base import Receipt
    from bot.outbox.rules import Rules
    from storage.repos.outbox import Outbound
    from storage.uow import UnitOfWork

    #: Tells a person, in approved words, that the message waits; it decides itself whether they were told already.
    Knock = Callable[[UnitOfWork, Outbound, datetime], None]
    #: Says an urgent message where else its person can be reached; tells whether it was said.
    Elsewhere = Callable[[UnitOfWork, Outbound, datetime], bool]

#: Marks the payload of a notice that waits like a reply does, and that of a reply that is worth nothing later.
WAITS: Final = "waits"
PASSES: Final = "passes"
_TEMPLATE: Final = f"{WINDOW}template_"


def may_wait(row: Outbound, code: str) -> bool:
    """Tell whether a message that came to a closed window is held: an answer is, and of notices those marked so."""
    if not code.startswith(WINDOW) or code.startswith(_TEMPLATE):
        return False
    return bool(row.payload.get(WAITS)) if row.kind == "notice" else not row.payload.get(PASSES)


class Doorstep:
    """Holds messages in the transaction of whoever learns that their window is closed."""

    def __init__(self, rules: Rules, knock: Knock | None = None, elsewhere: Elsewhere | None = None) -> None:
        """Take for how long a message is held, who tells the person, and who finds them elsewhere; or nobody does."""
        self._elsewhere = elsewhere
        self._wait = timedelta(seconds=rules.person_wait_s)
        self._knock = knock

    def is_here(self, uow: UnitOfWork, row: Outbound) -> bool:
        """Tell whether the person wrote since the message was taken or sent; turns of theirs wait for this transaction."""
        heard = uow.waiting.heard(row.conversation_id)
        return heard is not None and heard > row.state_at

    def hold(self, uow: UnitOfWork, row: Outbound, now: datetime) -> bool:
        """Let a claimed or sent message wait, and knock; return False when somebody else had decided about it."""
        if not uow.waiting.hold(row.id, row.fence, until=now + self._wait, now=now):
            return False
        if self.is_here(uow, row):
            uow.waiting.go(row.conversation_id, now)
        elif self._knock is not None:
            self._knock(uow, row, now)
        return True

    def is_said_elsewhere(self, uow: UnitOfWork, row: Outbound, code: str, now: datetime) -> bool:
        """Tell whether what does not arrive here, or not today, was said to the person by another road."""
        is_here_later = code.startswith(NOT_THE_PERSON) and not code.startswith(LATER)
        return self._elsewhere is not None and not is_here_later and self._elsewhere(uow, row, now)

    def refused(self, uow: UnitOfWork, receipts: Iterable[Receipt], now: datetime) -> set[int]:
        """Hold what providers took in and then found to be outside the window; return whose receipts that settles.

        They are named by their place. Some say so for a message that left again meanwhile: that is an old story.
        """
        settled: set[int] = set()
        found: list[tuple[int, Receipt, int]] = []
        for place, one in enumerate(receipts):
            if one.state == "failed" and one.why.startswith(WINDOW):
                outbox_id = uow.outbox.find(one.our_key or one.ref)
                found += [(place, one, outbox_id)] if outbox_id is not None else []
        rows = {outbox_id: row for _, _, outbox_id in found if (row := uow.outbox.get(outbox_id)) is not None}
        uow.waiting.lock(row.conversation_id for row in rows.values())
        for place, one, outbox_id in found:
            row = uow.outbox.get(outbox_id)
            # A notice is queued again first, for its approved words.
            if row is None or row.kind == "notice" or not may_wait(row, one.why):
                continue
            is_known = bool(row.ref) and one.ref in str(row.ref).split(",")
            is_old = is_known if row.state == "sending" else bool(row.ref) and not is_known
            if row.state == "queued" or is_old or self.hold(uow, row, now):
                settled.add(place)
        return settled
