"""The only module that imports the Telegram library: a ``Bot`` whose every exchange can be watched."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

_HTTP_OK = 200
_REFUSED_IN_A_200 = re.compile(rb'\s*\{\s*"ok"\s*:\s*false')
#: No answer of the Bot API is near so large; files come another way.
_ANSWER_LIMIT = 10_000_000
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(slots=True)
class Exchange:
    """One call as it went over the wire; ``status`` is 0 while nothing came back."""

    asked: bool = False
    status: int = 0
    body: bytes = b""


_WATCHED: ContextVar[Exchange | None] = ContextVar("telegram_exchange", default=None)


@contextmanager
def watch() -> Iterator[Exchange]:
    """Give the exchange of the calls made inside the block (the last one, if there are several)."""
    exchange = Exchange()
    token = _WATCHED.set(exchange)
    try:
        yield exchange
    finally:
        _WATCHED.reset(token)


class WatchedRequest(HTTPXRequest):
    """HTTP as the library does it, leaving its outcome with whoever watches."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one request; a refusal dressed as a 200 gets the status that its body names."""
        exchange = _WATCHED.get()
        if exchange is not None:
            exchange.asked, exchange.status, exchange.body = True, 0, b""
        status, body = await super().do_request(*args, **kwargs)
        if status == _HTTP_OK and _REFUSED_IN_A_200.match(body):
            status = _named_status(body)
        if exchange is not None:
            exchange.status, exchange.body = status, body
        return status, body


def make_bot(token: str, api_url: str) -> Bot:
    """Return a bot for the Bot API at ``api_url`` (no slash at the end needed); nothing is called yet."""
    hush()
    base = api_url.rstrip("/")
    options = {
        "trust_env": trusts_proxies(base),
        # Nothing is unpacked, so nothing can be a bomb.
        "headers": {"Accept-Encoding": "identity"},
        "event_hooks": {"response": [_limit]},
    }

    def request(read_timeout: float, connections: int) -> WatchedRequest:
        return WatchedRequest(
            connection_pool_size=connections,
            connect_timeout=5.0,
            read_timeout=read_timeout,
            write_timeout=15.0,
            pool_timeout=5.0,
            media_write_timeout=30.0,
            httpx_kwargs=options,
        )

    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request(15.0, 64),
        get_updates_request=request(15.0, 1),
    )


async def close_bot(bot: Bot) -> None:
    """Close the connections of ``bot``."""
    for request in bot._request:  # noqa: SLF001 - Bot.shutdown() would first call getMe
        await request.shutdown()


class _Limited(httpx.AsyncByteStream):
    """The body of an answer that breaks off when it has no end."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > _ANSWER_LIMIT:
                message = f"an answer of more than {_ANSWER_LIMIT} bytes"
                raise httpx.DecodingError(message)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _limit(answer: httpx.Response) -> None:
    if answer.headers.get("content-encoding", "identity") != "identity":
        message = "an answer that is packed, which was not asked for"
        raise httpx.DecodingError(message)
    assert isinstance(answer.stream, httpx.AsyncByteStream)  # noqa: S101 - an asynchronous client has no other
    answer.stream = _Limited(answer.stream)


def trusts_proxies(address: str) -> bool:
    """Whether a proxy of the environment is meant for ``address``: never for a server on this machine."""
    return urlsplit(address).hostname not in _LOOPBACK


def hush() -> None:
    """Keep addresses that hold the token, and the words of people, out of the libraries' own logs."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # These two write whole answers, with what people said in them, even as errors.
    for name in ("telegram.Bot", "telegram.request.BaseRequest"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _named_status(body: bytes) -> int:
    try:
        code = json.loads(body).get("error_code")
    except (ValueError, RecursionError):
        return _HTTP_OK
    return code if isinstance(code, int) and code >= 400 else 500  # noqa: PLR2004 - HTTP's own border
