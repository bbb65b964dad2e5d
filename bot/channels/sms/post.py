"""Who carries text messages: any provider that takes a JSON document by HTTP POST, or the demo's mail folder."""

from __future__ import annotations

import asyncio
import json
from email.message import EmailMessage
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from bot.channels.base import Sent, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_REFUSES_US = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}
_NO_SUCH_NUMBER = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY}
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class HttpPost:
    """One POST a message; the provider's answer is judged by its status alone, and none of it is kept."""

    def __init__(
        self,
        url: str,
        *,
        template: str,
        sender: str,
        headers: dict[str, str],
        timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the address, the JSON ``template`` with its ``{numero}``, ``{texto}``, ``{remitente}``, ``{id}``, and headers."""
        self._url = url
        self._template: Any = json.loads(template)
        self._sender = sender
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=timeout_s,
            transport=transport,
            # A proxy of the environment is never meant for a server on this machine.
            trust_env=urlsplit(url).hostname not in _LOOPBACK,
        )

    async def __call__(self, number: str, text: str, our_key: str) -> Sent:
        """Hand one message over."""
        values = {"{numero}": number, "{texto}": text, "{remitente}": self._sender, "{id}": our_key}
        try:
            answer = await self._client.post(self._url, json=_filled(self._template, values))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as trouble:
            return Sent(Verdict.RETRY, code=type(trouble).__name__)
        except httpx.HTTPError as trouble:
            # It was on its way: nobody knows whether it arrived.
            return Sent(Verdict.UNKNOWN, code=type(trouble).__name__)
        return Sent(_verdict(answer.status_code), code=str(answer.status_code), retry_after_s=_wait(answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class LetterPost:
    """Leaves each text message as a letter in the demo's folder, where ``atiende codes`` shows it."""

    def __init__(self, account: str, post: Callable[[EmailMessage], Sent]) -> None:
        """Take the sender's name and the folder."""
        self._account = account
        self._post = post

    async def __call__(self, number: str, text: str, our_key: str) -> Sent:
        """Leave one message."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Message-ID"] = self._account, number, f"<{our_key}@sms>"
        letter.set_content(text)
        return await asyncio.to_thread(self._post, letter)


def _verdict(status: int) -> Verdict:
    if httpx.codes.is_success(status):
        return Verdict.OK
    if status in _REFUSES_US:
        return Verdict.HALT
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Verdict.RETRY
    return Verdict.DEAD_ADDRESS if status in _NO_SUCH_NUMBER else Verdict.BUG


def _wait(answer: httpx.Response) -> float:
    asked = answer.headers.get("retry-after", "")
    return float(asked) if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS and asked.isdecimal() else 0.0


def _filled(template: Any, values: dict[str, str]) -> Any:
    """Return the template with its marks replaced inside every text; what people's data holds is never read as JSON."""
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    if not isinstance(template, str):
        return template
    parts = template
    # The text goes in last: whatever stands in it is not a mark.
    for mark in sorted(values, key=lambda name: name == "{texto}"):
        parts = parts.replace(mark, values[mark])
    return parts
