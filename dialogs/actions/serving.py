"""Our actions served by rasa-sdk's HTTP contract, for a Rasa assistant or an Atiende elsewhere.

``POST /webhook {next_action, sender_id, tracker, domain}`` answers ``{events, responses}``; 400 when an action rejects
the call, 404 for an unknown action, 413 for a large body, 500 when it fails. ``GET /actions`` and ``GET /health``.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dialogs.actions.base import ActionBox

#: Largest request, in bytes, before and after it is unpacked.
LARGEST_REQUEST = 2_000_000


class _RefusedError(Exception):
    """The request cannot be served; carries the HTTP status."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


def application(box: ActionBox) -> Starlette:
    """Return the ASGI application that serves the actions of ``box``."""

    async def webhook(request: Request) -> Response:
        try:
            call = _call(await _body(request))
            return JSONResponse(await box.answer(call))
        except _RefusedError as refused:
            return JSONResponse({"error": str(refused), "action_name": ""}, refused.status)
        except LookupError as unknown:
            return JSONResponse({"error": str(unknown), "action_name": unknown.args[0]}, 404)
        except TimeoutError:
            return JSONResponse({"error": "the action took too long"}, 500)
        except Exception as trouble:  # noqa: BLE001 - an action that breaks is an answer here, not a crash
            status = 400 if type(trouble).__name__ == "ActionExecutionRejection" else 500
            return JSONResponse({"error": type(trouble).__name__, "action_name": call["next_action"]}, status)

    async def actions(_request: Request) -> Response:
        await asyncio.sleep(0)
        return JSONResponse([{"name": name} for name in sorted(box.names())])

    async def health(_request: Request) -> Response:
        await asyncio.sleep(0)
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[
            Route("/webhook", webhook, methods=["POST"]),
            Route("/actions", actions),
            Route("/health", health),
        ]
    )


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST_REQUEST:
            raise _RefusedError(413, "the request is too large")
    if request.headers.get("content-encoding") != "deflate":
        return bytes(parts)
    unpack = zlib.decompressobj()
    try:
        found = unpack.decompress(bytes(parts), LARGEST_REQUEST)
    except zlib.error:
        raise _RefusedError(400, "the body is not deflate-compressed") from None
    if unpack.unconsumed_tail:
        raise _RefusedError(413, "the request is too large")
    return found


def _call(body: bytes) -> dict[str, object]:
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        raise _RefusedError(400, "the body is not JSON") from None
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        raise _RefusedError(400, "next_action is missing")
    tracker = call.get("tracker")
    if not isinstance(tracker, dict) or not isinstance(tracker.get("sender_id"), str):
        raise _RefusedError(400, "tracker.sender_id is missing")
    if not isinstance(tracker.setdefault("slots", {}), dict):
        raise _RefusedError(400, "tracker.slots is not an object")
    # A domain that came along would replace the one all actions share.
    return {**call, "domain": {}}
