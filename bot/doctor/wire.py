"""Asks over HTTP with a deadline, and says in plain words why nothing came back."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Self

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

    from bot.kernel.clock import Clock

_ANSWER_LIMIT: Final = 1_000_000
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
#: A ``Date`` header has whole seconds: on the average, half of one is missing.
_HALF_SECOND: Final = 0.5


class NoReply(Exception):
    """Nothing came back; the text says why, in the words of the report."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``drift_s`` is how much our clock is ahead of the one that answered, if it said the time."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float
    drift_s: float | None = None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; anything else is an empty one."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


class Wire:
    """A client for every question of the doctor. Use it with ``async with``.

    Args:
        clock: the machine's own time, to be compared with other people's.
        trust: the authorities whose certificates are believed; by default those that the channels believe.
        deadline_s: how long one question may take, in seconds.
        mounts: transports by address, in place of the network: for tests.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        trust: ssl.SSLContext | None = None,
        deadline_s: float = 8.0,
        mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        # These libraries write addresses into the log, and some of ours hold a token.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.trust = trust or httpx.create_ssl_context()
        self.deadline_s = deadline_s
        self._clock = clock
        self._mounts = dict(mounts or {})
        # A proxy of the environment is never meant for a server on this machine.
        local = {f"all://{host}": httpx.AsyncHTTPTransport(verify=self.trust) for host in _LOOPBACK}
        self._client = httpx.AsyncClient(
            verify=self.trust,
            timeout=httpx.Timeout(deadline_s, connect=min(5.0, deadline_s)),
            headers={"User-Agent": "atiende-doctor/1.0.0"},
            mounts={**local, **(mounts or {})},
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        """Return the open client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._client.aclose()

    def mounted(self, url: str) -> httpx.AsyncBaseTransport | None:
        """Return what stands in for the network at ``url``, if anything does."""
        return self._mounts.get(url)

    async def ask(self, method: str, url: str, **content: Any) -> Reply:
        """Ask once and return what came back, whatever its status.

        Raises:
            NoReply: nothing came back before the deadline.
        """
        began = asyncio.get_running_loop().time()
        before = self._clock.now()
        body = bytearray()
        try:
            async with asyncio.timeout(self.deadline_s), self._client.stream(method, url, **content) as answer:
                after = self._clock.now()
                if answer.status_code != httpx.codes.SWITCHING_PROTOCOLS:
                    async for chunk in answer.aiter_bytes():
                        body += chunk
                        if len(body) > _ANSWER_LIMIT:
                            break
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            # The cause may hold an address with a token in it: it stays out of the chain.
            raise NoReply(why(error, self.deadline_s)) from None
        seconds = asyncio.get_running_loop().time() - began
        drift = _drift(before + (after - before) / 2, answer.headers.get("date"))
        return Reply(answer.status_code, bytes(body), answer.headers, seconds, drift)


def why(error: BaseException, deadline_s: float) -> str:
    """Return in words of the report why a connection came to nothing."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "su certificado no se acepta"
        if isinstance(cause, ssl.SSLError):
            return "no hay HTTPS en ese puerto"
        if isinstance(cause, socket.gaierror):
            return "el nombre no existe en internet (DNS)"
        if isinstance(cause, ConnectionRefusedError):
            return "la conexión fue rechazada"
        if isinstance(cause, TimeoutError | httpx.TimeoutException):
            return f"no respondió en {deadline_s:g} s"
        if isinstance(cause, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return "la dirección está mal escrita"
    if isinstance(error, httpx.ConnectError):
        return "no se pudo conectar"
    return "la conexión se cortó"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        found += getattr(cause, "exceptions", ())
        cause = cause.__cause__ or cause.__context__
    return found[::-1]  # the innermost knows best


def _drift(moment: datetime, said: str | None) -> float | None:
    with suppress(TypeError, ValueError):
        return (moment - parsedate_to_datetime(said or "")).total_seconds() - _HALF_SECOND
    return None
