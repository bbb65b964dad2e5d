"""Ask Telegram for updates, again and again, and confirm them only after they are committed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.channels.telegram.client import watch
from bot.channels.telegram.parse import ALLOWED_UPDATES
from bot.channels.telegram.verdicts import LONGEST_WAIT_S

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.base import Inbound

log = structlog.get_logger(__name__)

#: Stores events durably; whoever calls it may confirm them once it has returned.
Accept = Callable[[Iterable["Inbound"]], Awaitable[object]]

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
#: How much longer than it may stay open a poll may take: an answer that drips must not hold up those behind it.
_GRACE_S = 30.0


class LongPoll:
    """One consumer of ``getUpdates`` (https://core.telegram.org/bots/api#getupdates)."""

    def __init__(
        self,
        bot: Bot,
        read: Callable[[Mapping[str, Any]], Sequence[Inbound]],
        accept: Accept,
        *,
        wait_s: int = 50,
        first_pause_s: float = _FIRST_WAIT_S,
    ) -> None:
        """Take the bot, how to read one update, where its events go, and for how long a poll may stay open."""
        self._bot = bot
        self._read = read
        self._accept = accept
        self._wait_s = wait_s
        self._first_pause_s = first_pause_s
        self._offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop``. Trouble is waited out, longer each time; nothing is confirmed before its commit."""
        pause_s = self._first_pause_s
        while not stop.is_set():
            try:
                await self._interruptible(self.once(), stop)
                pause_s = self._first_pause_s
            except Exception as error:  # noqa: BLE001 - a poller that dies is a channel that dies
                wait_s = max(pause_s, _seconds_asked(error))
                _report(error, wait_s)
                await self._interruptible(asyncio.sleep(wait_s), stop)
                pause_s = min(pause_s * 2, _LONGEST_WAIT_S)

    async def once(self) -> int:
        """Poll once, commit what came, and return how many updates that was."""
        updates = await self._updates()
        if not updates:
            return 0
        await self._accept([event for update in updates for event in self._read(update)])
        self._offset = max(int(update["update_id"]) for update in updates) + 1
        return len(updates)

    async def _updates(self) -> list[dict[str, Any]]:
        with watch() as exchange:
            try:
                async with asyncio.timeout(self._wait_s + _GRACE_S):
                    await self._bot.get_updates(
                        offset=self._offset,
                        timeout=self._wait_s,
                        allowed_updates=ALLOWED_UPDATES,
                        read_timeout=self._wait_s + 10.0,
                    )
            except Exception:
                # The library gives up a whole batch for one strange update; the raw answer is still good.
                found = _batch(exchange.body) if exchange.status == 200 else None  # noqa: PLR2004
                if found is None:
                    raise
                return found
            return _batch(exchange.body) or []

    async def _interruptible(self, work: Awaitable[object], stop: asyncio.Event) -> None:
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            # A poll that is cut off was not confirmed: Telegram gives its updates again.
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)


def _batch(body: bytes) -> list[dict[str, Any]] | None:
    try:
        result = json.loads(body)["result"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(result, list):
        return None
    return [update for update in result if isinstance(update, dict) and isinstance(update.get("update_id"), int)]


def _seconds_asked(error: Exception) -> float:
    if isinstance(error, RetryAfter):
        asked = error._retry_after.total_seconds()  # noqa: SLF001 - the public property warns
        return min(float(asked), LONGEST_WAIT_S)
    return _LONGEST_WAIT_S if isinstance(error, InvalidToken | Conflict) else 0.0


def _report(error: Exception, wait_s: float) -> None:
    if isinstance(error, InvalidToken):
        log.error("telegram_token_refused", wait_s=wait_s)
    elif isinstance(error, Conflict):
        log.error("telegram_has_another_reader", wait_s=wait_s)
    else:
        log.warning("telegram_poll_failed", error=type(error).__name__, wait_s=wait_s)
