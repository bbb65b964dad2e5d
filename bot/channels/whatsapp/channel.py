"""WhatsApp as a channel: Meta calls us, and we call Meta."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from bot.channels.base import Inbound, Notice
from bot.channels.whatsapp.caps import CAPS, steps
from bot.channels.whatsapp.client import CloudApi
from bot.channels.whatsapp.parse import is_webhook, read
from bot.channels.whatsapp.send import Delivery
from bot.channels.whatsapp.signature import check_signature, greet
from bot.kernel.errors import ConfigError, Malformed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.channels.base import Address, Say, Sent
    from bot.channels.documents import Documents
    from bot.channels.registry import Route
    from bot.channels.templates import TemplateEntry
    from bot.channels.whatsapp.notes import Note
    from bot.channels.whatsapp.parse import Event
    from bot.kernel.clock import Clock

log = structlog.get_logger(__name__)

#: Meta sends up to 3 MB in one request.
BODY_LIMIT = 3_000_000
_NUMBER_ID = re.compile(r"\d{5,30}")
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
_UNREAD = 1_000
#: An older message is answered without the show of somebody typing.
_FRESH = timedelta(minutes=2)
#: A mark that is not taken by then is forgotten: the others wait behind it.
_COURTESY_S = 30.0


class WhatsAppChannel:
    """The ``Channel`` for one number; ``account`` is its phone-number id."""

    name = "whatsapp"
    caps = CAPS

    def __init__(  # noqa: PLR0913 - settings, all by keyword
        self,
        *,
        number_id: str,
        token: str,
        secrets: Sequence[str],
        verify_token: str,
        documents: Documents,
        clock: Clock,
        api_url: str = "https://graph.facebook.com",
        version: str = "v23.0",
        account_id: str = "",
        templates: Mapping[str, TemplateEntry] = MappingProxyType({}),
        read_timeout_s: float = 15.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the settings of ``canales.whatsapp``; ``secrets`` are the app's secret and, while it changes, the old one.

        ``account_id`` is the WhatsApp Business account, where it is known: what is said of another one is ignored.

        Raises:
            ConfigError: a setting does not look like what Meta gives.
        """
        problems = []
        if not _NUMBER_ID.fullmatch(number_id):
            problems.append("canales.whatsapp.numero_id: not a phone-number id (digits only, from Meta's console)")
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            problems.append("canales.whatsapp.token: not an access token of Meta")
        if not _VERSION.fullmatch(version):
            problems.append("canales.whatsapp.version: not a version of the API, for example v23.0")
        if not any(secrets):
            problems.append("canales.whatsapp.secreto: the app's secret is missing")
        if problems:
            raise ConfigError(problems)
        self.account = number_id
        self._owner = account_id
        self._secrets = tuple(filter(None, secrets))
        self._verify_token = verify_token
        self._clock = clock
        self._api = CloudApi(
            url=api_url,
            version=version,
            number_id=number_id,
            token=token,
            read_timeout_s=read_timeout_s,
            transport=transport,
        )
        self._delivery = Delivery(self._api, documents, clock, templates)
        self._unread: deque[str] = deque(maxlen=_UNREAD)
        self._came = asyncio.Event()

    def webhook_routes(self) -> list[Route]:
        """Return the door for Meta's POSTs and, at the same address, the one for its handshake."""
        return [("", "GET", self.greet), ("", "POST", self.parse)]

    def greet(self, query: Mapping[str, str]) -> str:
        """Return the challenge of Meta's handshake.

        Raises:
            BadHandshake: the token is not the one of ``canales.whatsapp.verificacion``.
        """
        return greet(query, self._verify_token)

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Event]:
        """Return the events of one webhook request, and log what is nobody's message.

        Raises:
            BadSignature: no secret of ours signed the body.
            TooLarge: over 3 MB.
            Malformed: not a webhook of a WhatsApp account.
        """
        if len(body) > BODY_LIMIT:
            message = f"larger than {BODY_LIMIT} bytes"
            raise TooLarge(message)
        check_signature(body, headers, self._secrets)
        try:
            document: Any = json.loads(body)
        except (ValueError, RecursionError) as error:
            message = "not JSON"
            raise Malformed(message) from error
        if not is_webhook(document):
            message = "not a webhook of a WhatsApp account"
            raise Malformed(message)
        now = self._clock.now()
        reading = read(document, account=self.account, now=now, owner=self._owner)
        for note in reading.notes:
            _report(note)
        for event in reading.events:
            if (
                isinstance(event, Inbound)
                and event.kind not in {"opted_out", "deleted"}
                and now - event.sent_at < _FRESH
            ):
                self._unread.append(event.key)
                self._came.set()
        return reading.events

    def cost(self, what: Say | Notice) -> int:
        """Return how many messages ``what`` takes from the number's rate."""
        return 1 if isinstance(what, Notice) else max(1, len(steps(what)))

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Try once to deliver ``what``; a second attempt under the same key goes on where the first one stopped."""
        return await self._delivery.send(to, what, our_key)

    async def fetch(self, ref: str) -> bytes:
        """Return a file that a person sent, by its ``Media.ref``; at most 20 MB.

        Raises:
            TooLarge: larger than that.
            MediaUnavailable: gone, refused, or Meta is down (``may_retry``).
        """
        return await self._api.download(ref)

    async def serve(self, accept: object, stop: asyncio.Event) -> None:
        """Show people that they were read, until ``stop``; nothing is asked for, so ``accept`` is not used."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                coming = asyncio.create_task(self._came.wait())
                await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
                coming.cancel()
                self._came.clear()
                await self.pay_courtesies()
        finally:
            stopping.cancel()

    async def pay_courtesies(self) -> None:
        """Mark as read what came; a failure is logged and forgotten. ``serve`` does it by itself."""
        while self._unread:
            try:
                async with asyncio.timeout(_COURTESY_S):
                    answer = await self._api.mark_read(self._unread.popleft())
            except (httpx.HTTPError, TimeoutError) as error:
                log.info("whatsapp_courtesy_failed", error=type(error).__name__)
            else:
                if answer.status != httpx.codes.OK:
                    log.info("whatsapp_courtesy_failed", status=answer.status)

    async def close(self) -> None:
        """Close every connection."""
        await self._api.close()


def _report(note: Note) -> None:
    """Write a note where staff look; it holds nothing about people."""
    if note.concern == "ignored":
        log.debug("whatsapp_ignored", what=note.what)
    else:
        # The log has a word of its own for ``event``.
        told = {"state" if name == "event" else name: said for name, said in note.detail.items()}
        log.warning("whatsapp_says", concern=note.concern, what=note.what, **told)
