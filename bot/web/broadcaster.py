"""Wake-ups inside this process: a turn that commits wakes the browsers that look at its conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager

import structlog

log = structlog.get_logger(__name__)

_CHUNK = 500


class Watch:
    """One listener of one conversation; ``seen`` is the last sequence number it has delivered."""

    __slots__ = ("_event", "conversation_id", "is_closed", "seen")

    def __init__(self, conversation_id: str, seen: int) -> None:
        """Start listening; made by ``Broadcaster.watch``."""
        self.conversation_id = conversation_id
        self.seen = seen
        self.is_closed = False
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be something new."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a wake-up at most ``seconds``; True when one came (also one from before the call)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        was_set = self._event.is_set()
        self._event.clear()
        return was_set


class Broadcaster:
    """Carries wake-ups, never content: whoever wakes reads the log, so a lost or doubled wake-up does no harm.

    ``run`` looks every few seconds whether another process (a worker, the terminal of an adviser) wrote to a
    conversation that somebody watches here.
    """

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many listeners there are."""
        return sum(len(watches) for watches in self._watches.values())

    def listeners(self, conversation_id: str) -> int:
        """How many listen to one conversation."""
        return len(self._watches.get(conversation_id, ()))

    @property
    def is_closed(self) -> bool:
        """Whether the server is going down."""
        return self._closed

    def notify(self, conversation_id: str) -> None:
        """Wake everybody who watches the conversation; may be called from any thread, before the loop runs too."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            inside = asyncio.get_running_loop() is loop
        except RuntimeError:
            inside = False
        if inside:
            self._wake(conversation_id)
        else:
            loop.call_soon_threadsafe(self._wake, conversation_id)

    def close(self) -> None:
        """Wake everybody for good: streams end, so that the server can stop without waiting for them."""
        self._closed = True
        for watches in self._watches.values():
            for watch in watches:
                watch.is_closed = True
                watch.wake()

    @contextmanager
    def watch(self, conversation_id: str, seen: int) -> Iterator[Watch]:
        """Listen to a conversation from the event loop, having delivered everything up to ``seen``."""
        self._loop = asyncio.get_running_loop()
        watch = Watch(conversation_id, seen)
        watch.is_closed = self._closed
        watches = self._watches.setdefault(conversation_id, set())
        watches.add(watch)
        try:
            yield watch
        finally:
            watches.discard(watch)
            if not watches and self._watches.get(conversation_id) is watches:
                del self._watches[conversation_id]

    @asynccontextmanager
    async def running(
        self, last_seqs: Callable[[Sequence[str]], Awaitable[Mapping[str, int]]], *, every_s: float = 3.0
    ) -> AsyncIterator[None]:
        """Look for news of other processes while the block runs; one query for 500 watched conversations."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._look(last_seqs, every_s))
        try:
            yield
        finally:
            self.close()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _wake(self, conversation_id: str) -> None:
        for watch in self._watches.get(conversation_id, ()):
            watch.wake()

    async def _look(self, last_seqs: Callable[[Sequence[str]], Awaitable[Mapping[str, int]]], every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            names = list(self._watches)
            try:
                for start in range(0, len(names), _CHUNK):
                    self._compare(await last_seqs(names[start : start + _CHUNK]))
            except Exception:  # noqa: BLE001 - the database may be away; the next look tries again
                log.warning("watch_failed", watched=len(names))

    def _compare(self, last: Mapping[str, int]) -> None:
        for conversation_id, seq in last.items():
            for watch in self._watches.get(conversation_id, ()):
                if seq > watch.seen:
                    watch.wake()
