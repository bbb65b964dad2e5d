"""The small calls owed to Telegram after an update: best effort, never in the way of a message."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import structlog

from bot.channels.telegram.parse import AnswerCallback, Courtesy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telegram import Bot

    from bot.channels.words import TelegramWords

log = structlog.get_logger(__name__)

_WAITING = 1_000
#: A courtesy that is not taken by then is forgotten: the others wait behind it.
_DEADLINE_S = 30.0


class Courtesies:
    """A short queue: when it is full the oldest is forgotten, and a button turns a little longer."""

    def __init__(self) -> None:
        self._queue: deque[Courtesy] = deque(maxlen=_WAITING)
        self._refused: deque[int] = deque(maxlen=_WAITING)
        self._wake = asyncio.Event()

    def add(self, courtesies: Iterable[Courtesy]) -> None:
        """Remember what is owed; a group is refused once."""
        for courtesy in courtesies:
            if not isinstance(courtesy, AnswerCallback):
                if courtesy.chat_id in self._refused:
                    continue
                self._refused.append(courtesy.chat_id)
            self._queue.append(courtesy)
            self._wake.set()

    async def pay(self, bot: Bot, words: TelegramWords) -> None:
        """Make every call that is owed; a failure is logged and forgotten."""
        while self._queue:
            courtesy = self._queue.popleft()
            try:
                async with asyncio.timeout(_DEADLINE_S):
                    await _pay(bot, words, courtesy)
            except Exception as error:  # noqa: BLE001 - whatever Telegram answers, the next one is tried
                log.info("telegram_courtesy_failed", what=type(courtesy).__name__, error=type(error).__name__)

    async def run(self, bot: Bot, words: TelegramWords) -> None:
        """Pay as debts arise, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.pay(bot, words)


async def _pay(bot: Bot, words: TelegramWords, courtesy: Courtesy) -> None:
    if isinstance(courtesy, AnswerCallback):
        await bot.answer_callback_query(courtesy.query_id)
        return
    if courtesy.can_speak:
        try:
            await bot.send_message(courtesy.chat_id, words.group)
        except Exception as error:  # noqa: BLE001 - we leave whatever the group answers
            log.info("telegram_group_is_closed", error=type(error).__name__)
    await bot.leave_chat(courtesy.chat_id)
