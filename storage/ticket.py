"""A work that waits for the writer, and the way its result travels back to whoever asked."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from storage.uow import UnitOfWork

Work = Callable[[UnitOfWork], Any]


class Ticket:
    """One work in the queue; ``loop`` is the event loop of the caller, or None when a thread waits."""

    __slots__ = ("error", "future", "loop", "value", "work")

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop | None) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] | concurrent.futures.Future[Any]
        self.future = concurrent.futures.Future() if loop is None else loop.create_future()
        self.value: Any = None
        self.error: BaseException | None = None

    @property
    def dropped(self) -> bool:
        """Whether the caller gave up before the work began."""
        return self.future.cancelled()

    def reveal(self) -> None:
        """Hand the result over; called in the caller's own loop, or in the writer for a waiting thread."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


def settle(tickets: Iterable[Ticket]) -> None:
    """Hand over the results of a whole group, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.loop is None:
            ticket.reveal()
        else:
            by_loop.setdefault(ticket.loop, []).append(ticket)
    for loop, theirs in by_loop.items():
        # A loop that was closed meanwhile has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_reveal_all, theirs)


def _reveal_all(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        ticket.reveal()
