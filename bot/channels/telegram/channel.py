"""Telegram as a channel: cheap to build; the library is loaded when the first call needs it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import importlib
import json
import re
from typing import TYPE_CHECKING, Any, Literal

import structlog

from bot.channels.base import Notice, Sent
from bot.channels.telegram.caps import CAPS, steps
from bot.channels.telegram.parse import Courtesy, read
from bot.kernel.errors import BadSignature, ConfigError, Malformed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from telegram import Bot

    from bot.channels.base import Address, Inbound, Say
    from bot.channels.documents import Documents
    from bot.channels.telegram.courtesies import Courtesies
    from bot.channels.telegram.poll import Accept
    from bot.channels.telegram.send import Delivery
    from bot.channels.words import TelegramWords
    from bot.kernel.clock import Clock

log = structlog.get_logger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
#: An update is a few kilobytes; the longest text is 4096 characters.
BODY_LIMIT = 1_000_000
#: https://core.telegram.org/bots/api#setwebhook, secret_token
_SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_LONGEST_PAUSE_S = 300.0


def webhook_path(secret: str) -> str:
    """Return the last part of the webhook's address: whoever does not know the secret cannot guess it."""
    return hashlib.sha256(f"telegram webhook {secret}".encode()).hexdigest()[:32]


class TelegramChannel:
    """The ``Channel`` for one bot; ``account`` is the bot's id, the part of its token before the colon."""

    name = "telegram"
    caps = CAPS

    def __init__(  # noqa: PLR0913 - settings, all by keyword
        self,
        *,
        token: str,
        words: TelegramWords,
        documents: Documents,
        clock: Clock,
        api_url: str = "https://api.telegram.org",
        mode: Literal["sondeo", "webhook"] = "sondeo",
        public_url: str = "",
        secret: str = "",
        poll_wait_s: int = 50,
        first_pause_s: float = 1.0,
    ) -> None:
        """Take the settings of ``canales.telegram``; ``public_url`` and ``secret`` matter in mode ``webhook``.

        Raises:
            ConfigError: the token does not look like one, or a webhook lacks its https address or its secret.
        """
        account = token.partition(":")[0]
        problems = []
        if not _TOKEN.fullmatch(token):
            problems.append("canales.telegram.token: not a bot token (digits, a colon, letters; no spaces)")
        if mode == "webhook" and not public_url.startswith("https://"):
            problems.append("server.public_url: Telegram's webhook needs an address that begins with https://")
        if mode == "webhook" and not _SECRET.match(secret):
            problems.append("canales.telegram.secreto: a webhook needs 1 to 256 characters of A-Z a-z 0-9 _ -")
        if problems:
            raise ConfigError(problems)
        self.account = account
        self._token = token
        self._words = words
        self._documents = documents
        self._clock = clock
        self._api_url = api_url
        self._mode = mode
        self._public_url = public_url.rstrip("/")
        self._secret = secret
        self._poll_wait_s = poll_wait_s
        self._first_pause_s = first_pause_s
        self._spoken = {"start": words.start} | {command.name: command.text for command in words.commands}
        self._spoken |= {f"start {link.name}": link.text for link in words.links}
        self._loading = asyncio.Lock()
        self._bot: Bot | None = None
        self._delivery: Delivery | None = None
        self._courtesies: Courtesies | None = None

    def webhook_routes(self) -> list[tuple[str, str, Callable[[bytes, Mapping[str, str]], Sequence[Inbound]]]]:
        """Return the door for Telegram's POSTs; its path cannot be guessed without the secret. None when polling."""
        return [(self._path(), "POST", self.parse)] if self._mode == "webhook" else []

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Inbound]:
        """Return the events of one webhook request.

        Raises:
            BadSignature: no secret is configured, or the header does not carry it.
            TooLarge: over 1 MB.
            Malformed: not an update: not JSON, not an object, or without ``update_id``.
        """
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            message = "the request does not carry the secret that was agreed with Telegram"
            raise BadSignature(message)
        if len(body) > BODY_LIMIT:
            message = f"larger than {BODY_LIMIT} bytes"
            raise TooLarge(message)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError) as error:
            message = "not JSON"
            raise Malformed(message) from error
        if not isinstance(update, dict) or type(update.get("update_id")) is not int:
            message = "not an update of the Bot API"
            raise Malformed(message)
        return self.parse_update(update)

    def parse_update(self, update: Mapping[str, Any]) -> Sequence[Inbound]:
        """Return the events of one update, from whatever way it came, and remember the courtesies it asks for."""
        reading = read(update, account=self.account, now=self._clock.now(), commands=self._spoken)
        self._owe(reading.courtesies)
        return reading.events

    def cost(self, what: Say | Notice) -> int:
        """Return how many calls ``what`` takes from the bot's rate."""
        return max(1, len(steps(what.plain if isinstance(what, Notice) else what)))

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Try once to deliver ``what``; a second attempt under the same key goes on where the first one stopped."""
        bot = await self.bot()
        if self._delivery is None:
            from bot.channels.telegram.send import Delivery

            self._delivery = Delivery(bot, self._documents, self._words)
        return await self._delivery.send(to, what.plain if isinstance(what, Notice) else what, our_key)

    async def fetch(self, ref: str) -> bytes:
        """Return a file that a person sent, by its ``Media.ref``; at most 20 MB.

        Raises:
            TooLarge: larger than that.
            MediaUnavailable: gone, refused, or Telegram is down (``may_retry``).
        """
        bot = await self.bot()
        from bot.channels.telegram.fetch import fetch

        return await fetch(bot, ref)

    async def serve(self, accept: Accept, stop: asyncio.Event) -> None:
        """Keep the channel open until ``stop``: set it up, poll when asked to, and pay courtesies.

        Args:
            accept: stores events durably (``Inbox.accept``); only used in mode ``sondeo``.
            stop: set to end.
        """
        bot = await self.bot()
        from bot.channels.telegram.poll import LongPoll

        courtesies = self._open_courtesies()
        beside = (
            asyncio.create_task(courtesies.run(bot, self._words)),
            asyncio.create_task(self._until_done(self._show_commands, stop)),
        )
        try:
            await self._until_done(self._open_the_way_in, stop)
            if self._mode == "sondeo" and not stop.is_set():
                poll = LongPoll(
                    bot, self.parse_update, accept, wait_s=self._poll_wait_s, first_pause_s=self._first_pause_s
                )
                await poll.run(stop)
            await stop.wait()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def pay_courtesies(self) -> None:
        """Answer pressed buttons and refuse groups now; ``serve`` does it by itself."""
        await self._open_courtesies().pay(await self.bot(), self._words)

    async def bot(self) -> Bot:
        """Return the library's bot; the first call loads the library, off the event loop."""
        async with self._loading:
            if self._bot is None:
                client = await asyncio.to_thread(importlib.import_module, "bot.channels.telegram.client")
                await asyncio.to_thread(importlib.import_module, "bot.channels.telegram.send")
                self._bot = client.make_bot(self._token, self._api_url)
            return self._bot

    async def close(self) -> None:
        """Close every connection."""
        if self._bot is not None:
            from bot.channels.telegram.client import close_bot

            await close_bot(self._bot)
            self._bot = self._delivery = None

    async def _open_the_way_in(self) -> None:
        from bot.channels.telegram.setup import use_polling, use_webhook

        if self._mode == "webhook":
            await use_webhook(await self.bot(), f"{self._public_url}/webhooks/{self.name}/{self._path()}", self._secret)
        else:
            await use_polling(await self.bot())

    async def _show_commands(self) -> None:
        from bot.channels.telegram.setup import show_commands

        await show_commands(await self.bot(), self._words)

    async def _until_done(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        pause_s = self._first_pause_s
        while not stop.is_set():
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the service starts even while Telegram is away
                log.warning("telegram_setup_failed", error=type(error).__name__, wait_s=pause_s)
            else:
                return
            try:
                await asyncio.wait_for(stop.wait(), pause_s)
            except TimeoutError:
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _path(self) -> str:
        return webhook_path(self._secret)

    def _owe(self, courtesies: Sequence[Courtesy]) -> None:
        if courtesies:
            self._open_courtesies().add(courtesies)

    def _open_courtesies(self) -> Courtesies:
        if self._courtesies is None:
            from bot.channels.telegram.courtesies import Courtesies

            self._courtesies = Courtesies()
        return self._courtesies
