"""How the page hears: a WebSocket that pushes the log, and a long poll of the same log where sockets are blocked."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.web.log import PAGE, read_log
from bot.web.refusals import Refusal
from bot.web.security import check_origin

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web
    from bot.web.broadcaster import Watch
    from bot.web.sessions import Visitor

#: The page takes a socket for dead when it hears nothing for twice this long.
PING_SECONDS = 20.0
MAX_WAIT_SECONDS = 25.0
_HELLO_SECONDS = 10.0
_HELLO_CHARS = 1_000
_STREAMS_A_PERSON = 8
_BAD_HELLO, _NO_SESSION, _TOO_MANY, _TRY_LATER, _GOING_AWAY = 4400, 4401, 4429, 1013, 1012


class StreamRoutes:
    """The two transports of the log."""

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/chat/api/events", self.poll, methods=["GET"]),
            WebSocketRoute("/chat/api/ws", self.socket),
        ]

    async def poll(self, request: Request) -> Response:
        """Answer ``{items, last_seq, mode}`` after ``after``, waiting at most ``wait`` seconds (≤ 25) for something."""
        web = self._web
        check_origin(request, web.public_url)
        web.rates.check("events_ip", web.proxies.client(request))
        visitor = await web.sessions.of(request)
        web.rates.check("events", visitor.address.user)
        after = _number(request.query_params.get("after", "-1"), lowest=-1)
        wait = min(float(_number(request.query_params.get("wait", "0"), lowest=0)), MAX_WAIT_SECONDS)
        self._check_streams(visitor)
        with web.services.broadcaster.watch(visitor.conversation_id, max(after, 0)) as watch:
            page = await read_log(web.services, visitor, after)
            if not page["items"] and wait and not watch.is_closed:
                watch.seen = page["last_seq"]
                # Only the wait is bound to the client: a reader that went away must not hold its place.
                if await self._wait_or_leave(request, watch, wait):
                    page = await read_log(web.services, visitor, page["last_seq"])
        return JSONResponse(page, headers={"Cache-Control": "no-store"})

    async def socket(self, socket: WebSocket) -> None:
        """Push the log: the page says ``{session, after}``, then hears ``{items, last_seq, mode}`` and ``{ping}``."""
        web = self._web
        try:
            check_origin(socket, web.public_url)
            web.rates.check("events_ip", web.proxies.client(socket))
        except Refusal:
            await socket.close(1008)
            return
        await socket.accept()
        try:
            visitor, after = await self._hello(socket)
            with web.services.broadcaster.watch(visitor.conversation_id, max(after, 0)) as watch:
                leaving = asyncio.create_task(_leave(socket, watch))
                try:
                    await self._push(socket, visitor, watch, after)
                finally:
                    leaving.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await leaving
        except WebSocketDisconnect:
            return
        except Refusal as refusal:
            await _close(socket, {400: _BAD_HELLO, 401: _NO_SESSION, 429: _TOO_MANY}.get(refusal.status, _TRY_LATER))
        except Exception as error:  # noqa: BLE001 - the page reconnects; a socket has no other way to say it
            web.log_stream_failure(error)
            await _close(socket, _TRY_LATER)

    async def _hello(self, socket: WebSocket) -> tuple[Visitor, int]:
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                text = await socket.receive_text()
            document = json.loads(text) if len(text) <= _HELLO_CHARS else None
        except (TimeoutError, ValueError, KeyError, RecursionError):
            raise Refusal(400, "json") from None
        if not isinstance(document, dict):
            raise Refusal(400, "json")
        secret, after = document.get("session"), document.get("after", -1)
        if not isinstance(secret, str) or not isinstance(after, int) or isinstance(after, bool) or after < -1:
            raise Refusal(400, "json")
        visitor = await self._web.sessions.known(secret)
        self._web.rates.check("events", visitor.address.user)
        self._check_streams(visitor)
        return visitor, after

    async def _push(self, socket: WebSocket, visitor: Visitor, watch: Watch, after: int) -> None:
        mode = ""
        while not watch.is_closed:
            page = await read_log(self._web.services, visitor, after)
            after = watch.seen = page["last_seq"]
            if page["items"] or page["mode"] != mode:
                mode = page["mode"]
                await socket.send_json(page)
            if len(page["items"]) == PAGE:
                continue
            while not await watch.wait(PING_SECONDS):
                await socket.send_json({"ping": watch.seen})
        await _close(socket, _GOING_AWAY)

    async def _wait_or_leave(self, request: Request, watch: Watch, seconds: float) -> bool:
        waiting = asyncio.create_task(watch.wait(seconds))
        leaving = asyncio.create_task(_until_gone(request))
        done, _ = await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return waiting in done and waiting.result()

    def _check_streams(self, visitor: Visitor) -> None:
        if self._web.services.broadcaster.listeners(visitor.conversation_id) >= _STREAMS_A_PERSON:
            raise Refusal(429, "muchas", retry_after_s=5)


async def _leave(socket: WebSocket, watch: Watch) -> None:
    """Read (and ignore) what the page says until it goes; then end the stream."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive()
            if socket.client_state is WebSocketState.DISCONNECTED:
                break
    watch.is_closed = True
    watch.wake()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(code)


def _number(text: str, *, lowest: int) -> int:
    digits: Any = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):  # noqa: PLR2004 - 12 digits are plenty
        raise Refusal(400, "mal_pedido")
    number = int(text)
    if number < lowest:
        raise Refusal(400, "mal_pedido")
    return number
