"""A refusal: a request we will not carry out, said in one Spanish sentence and never as a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.kernel.errors import AtiendeError
from bot.web.texts import load_texts

_SENTENCES: Mapping[str, str] = load_texts()["errores"]
_BY_STATUS = {404: "no_existe", 405: "metodo", 413: "cuerpo_grande", 503: "no_disponible"}
_DRAIN_BYTES = 8_000_000
_DRAIN_SECONDS = 1.0


class Refusal(AtiendeError):
    """A request that is refused.

    Args:
        status: HTTP status to answer with, 400 to 599.
        key: name of the sentence in ``dialogs/catalog/web.yml``.
        retry_after_s: when it makes sense to try again, in seconds, or 0.
        close: end the connection, because part of the body was left unread.
    """

    def __init__(self, status: int, key: str, *, retry_after_s: float = 0.0, close: bool = False) -> None:
        self.status = status
        self.key = key
        self.retry_after_s = retry_after_s
        self.close = close
        super().__init__(f"{status} {key}")


class ClosingResponse(JSONResponse):
    """An answer given while the body was still coming.

    The rest of the body is thrown away for a moment before the connection ends: closing with unread bytes makes the
    system reset the connection, and the client would lose the very answer it should read.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, let a little of the body pass, and end."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if message["type"] != "http.request" or not message.get("more_body"):
                        break
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b""})


def sentence(key: str) -> str:
    """Return the Spanish sentence called ``key``."""
    return _SENTENCES[key]


def has_sentence(key: str) -> bool:
    """Tell whether there is a sentence called ``key``."""
    return key in _SENTENCES


def refusal_response(refusal: Refusal) -> Response:
    """Return the answer for ``refusal``: its status and ``{"error": sentence, "code": key}``."""
    body: dict[str, Any] = {"error": sentence(refusal.key), "code": refusal.key}
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after_s:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after_s)))
    if refusal.close:
        headers["Connection"] = "close"
        return ClosingResponse(body, refusal.status, headers)
    return JSONResponse(body, refusal.status, headers)


async def on_refusal(_request: Request, error: Exception) -> Response:
    """Answer a ``Refusal`` raised by a route."""
    assert isinstance(error, Refusal)  # noqa: S101 - the handler is registered for this type
    return refusal_response(error)


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Answer Starlette's own refusals (no such page, wrong method) in the same shape."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this type
    key = _BY_STATUS.get(error.status_code, "mal_pedido" if error.status_code < 500 else "interno")  # noqa: PLR2004
    body = {"error": sentence(key), "code": key}
    return JSONResponse(body, error.status_code, {**(error.headers or {}), "Cache-Control": "no-store"})
