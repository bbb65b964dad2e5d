"""The very edge: a connection may not send headers without end, nor take for ever to send them."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Largest request line with headers, in bytes; the parser itself knows no limit and would keep it all in memory.
MAX_HEAD_BYTES = 65_536
#: What a WebSocket's handshake may hold: bytes a line and headers; the library behind it takes 8192 and 128.
MAX_HANDSHAKE_LINE = 8_000
MAX_HANDSHAKE_HEADERS = 100
#: How long a connection may take from its first byte (or its opening) to the end of the headers, in seconds.
HEAD_SECONDS = 20.0


class BoundedHead(HttpToolsProtocol):
    """uvicorn's own protocol with a limit on the size and the time of each request's headers."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what uvicorn gives."""
        super().__init__(*arguments, **named)
        self._head_bytes = 0
        self._in_head = True
        self._giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own narrowing
        """Begin to count and to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass the bytes on, and end the connection when they are too many and still not a request."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("Headers too large.")

    def on_message_begin(self) -> None:
        """Count the headers of the next request from nothing."""
        super().on_message_begin()
        self._head_bytes, self._in_head = 0, True
        self._wait()

    def on_headers_complete(self) -> None:
        """Stop counting."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """Refuse a handshake that the socket's own parser would not take: it would neither answer nor hang up."""
        headers = list(self.scope["headers"])
        longest = max((len(name) + len(value) for name, value in headers), default=0)
        if max(longest, len(self.url)) > MAX_HANDSHAKE_LINE or len(headers) > MAX_HANDSHAKE_HEADERS:
            self.send_400_response("Headers too large.")
            return
        super().handle_websocket_upgrade()

    def _wait(self) -> None:
        self._stop_waiting()
        self._giving_up = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
