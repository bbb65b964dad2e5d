"""Reads request bodies with limits: never more bytes, more time or more depth than the route allows."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from bot.web.refusals import Refusal

#: JSON of the chat and of Rasa's face; the longest message plus its escapes fits many times.
JSON_LIMIT = 256_000
JSON_SECONDS = 15.0
_MAX_DEPTH = 32


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """Return the whole body of at most ``limit`` bytes, sent within ``seconds``.

    A larger announced length is refused before anything is read; a larger body without a length, as soon as the limit
    is passed.

    Raises:
        Refusal: 413 too large, 408 too slow, 415 compressed, 400 wrong length or the client went away.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise Refusal(415, "cuerpo_comprimido", close=True)
    announced = request.headers.get("content-length")
    if announced is not None:
        if not (announced.isascii() and announced.isdigit()):
            raise Refusal(400, "mal_pedido", close=True)
        if int(announced[:20]) > limit:
            raise Refusal(413, "cuerpo_grande", close=True)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Refusal(413, "cuerpo_grande", close=True)
    except TimeoutError:
        raise Refusal(408, "cuerpo_lento", close=True) from None
    except ClientDisconnect:
        raise Refusal(400, "mal_pedido", close=True) from None
    return bytes(body)


async def read_json(request: Request, *, limit: int = JSON_LIMIT, seconds: float = JSON_SECONDS) -> dict[str, Any]:
    """Return the JSON object in the body, at most 32 levels deep.

    Raises:
        Refusal: as ``read_body``; 400 when it is not such an object.
    """
    return parse_json(await read_body(request, limit=limit, seconds=seconds))


def parse_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in ``body``.

    Raises:
        Refusal: 400 when it is not JSON in UTF-8, not an object, deeper than 32 levels, or holds NaN.
    """
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_no_constants)
    except (ValueError, RecursionError):
        raise Refusal(400, "json") from None
    if not isinstance(document, dict):
        raise Refusal(400, "json")
    if body.count(b"{") + body.count(b"[") > _MAX_DEPTH and _is_deep(document):
        raise Refusal(400, "json")
    return document


def _no_constants(name: str) -> None:
    raise ValueError(name)


def _is_deep(document: Any) -> bool:
    level: list[Any] = [document]
    for _ in range(_MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True
