"""A WebSocket client that talks to an ASGI application without a network."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette

_PATIENCE_S = 3


class Closed(Exception):
    """The server closed the socket with ``code``."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class Socket:
    """One open socket."""

    def __init__(self) -> None:
        self.up: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.down: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

    async def say(self, document: Any) -> None:
        """Send a document, or a text as it is."""
        text = document if isinstance(document, str) else json.dumps(document)
        await self.up.put({"type": "websocket.receive", "text": text})

    async def say_bytes(self, data: bytes) -> None:
        """Send bytes."""
        await self.up.put({"type": "websocket.receive", "bytes": data})

    async def hear(self) -> Any:
        """Return the next document.

        Raises:
            Closed: the server closed instead.
        """
        async with asyncio.timeout(_PATIENCE_S):
            message = await self.down.get()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        return json.loads(message["text"])

    async def closing_code(self) -> int:
        """Return the code with which the server closes, ignoring what it says before."""
        while True:
            try:
                await self.hear()
            except Closed as closed:
                return closed.code


@asynccontextmanager
async def open_socket(app: Starlette, path: str, headers: dict[str, str]) -> AsyncIterator[Socket]:
    """Open a socket to ``app`` and leave it politely at the end.

    Raises:
        Closed: the server refused it.
    """
    socket = Socket()
    await socket.up.put({"type": "websocket.connect"})
    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 5000),
        "server": ("localhost", 8080),
        "scheme": "ws",
        "subprotocols": [],
        "root_path": "",
    }
    running = asyncio.create_task(app(scope, socket.up.get, socket.down.put))
    try:
        async with asyncio.timeout(_PATIENCE_S):
            first = await socket.down.get()
        if first["type"] != "websocket.accept":
            raise Closed(first.get("code", 1000))
        yield socket
    finally:
        await socket.up.put({"type": "websocket.disconnect", "code": 1001})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await running
