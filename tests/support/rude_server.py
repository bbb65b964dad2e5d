"""A provider on loopback that does everything a provider must not: one way of answering at a time, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Self

from tests.support.telegram_wire import read_request

Manner = Callable[["RudeServer", asyncio.StreamWriter], Awaitable[None]]


class RudeServer:
    """Use it with ``async with``; ``manner`` is how the next calls are answered, ``served`` the bytes that left.

    ``files`` answers for addresses below ``/file`` where it is set, so that an API can be good and its files bad.
    """

    def __init__(self) -> None:
        self.manner = MANNERS["html"]
        self.files: Manner | None = None
        self.url = ""
        self.calls = 0
        self.served = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        try:
            manner = self.manner
            if manner is not MANNERS["reset before the request"]:
                request = await read_request(reader)
                if self.files is not None and request is not None and request[0].startswith("/file"):
                    manner = self.files
            await manner(self, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def write(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        """Send bytes and count them."""
        self.served += len(content)
        writer.write(content)
        await writer.drain()


def whole(status: int, body: bytes, head: str = "") -> Manner:
    """Answer with a body of known length."""

    async def answer(server: RudeServer, writer: asyncio.StreamWriter) -> None:
        first = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{head}\r\n"
        await server.write(writer, first.encode() + body)

    return answer


async def _reset(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _reset_after(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await _reset(server, writer)


async def _stall(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _trickle(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await server.write(writer, b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n")
    while True:
        await server.write(writer, b" ")
        await asyncio.sleep(0.01)


async def _endless(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await server.write(writer, b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
    chunk = b"[" * 65_536
    while True:
        await server.write(writer, b"10000\r\n" + chunk + b"\r\n")


async def _cut(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await server.write(writer, b'HTTP/1.1 200 X\r\ncontent-length: 500\r\n\r\n{"ok": true, "messages": [')
    writer.transport.abort()


async def _broken_chunk(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await server.write(writer, b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")


async def _garbage(server: RudeServer, writer: asyncio.StreamWriter) -> None:
    await server.write(writer, b"\x16\x03\x01\x02\x00" + bytes(range(256)))


_ZIPPED = "content-encoding: gzip\r\n"
MANNERS: dict[str, Manner] = {
    "html": whole(200, b"<html><body>Inicie sesion en la red</body></html>"),
    "half a JSON": whole(200, b'{"ok": true, "messages": [{"id": "wam'),
    "nothing": whole(200, b""),
    "null": whole(200, b"null"),
    "a list": whole(200, b"[1, 2]"),
    "an empty object": whole(200, b"{}"),
    "an empty result": whole(200, b'{"ok": true, "result": {}, "messages": [{}]}'),
    "numbers for texts": whole(200, b'{"ok": true, "result": {"message_id": "x", "date": "y", "chat": 5}, "messages": [{"id": 7}]}'),
    "deeply nested": whole(200, b"[" * 200_000),
    "deeply nested error": whole(400, b'{"ok": false, "error": ' + b"[" * 200_000),
    "an error in a 200": whole(200, b'{"ok": false, "error_code": 500, "description": "Internal", "error": {"code": 131000}}'),
    "an error of odd types": whole(400, b'{"ok": false, "error_code": "x", "description": {}, "parameters": [], "error": {"code": "190", "message": 5}}'),
    "patience for ever": whole(429, b'{"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1e400}, "error": {"code": 130429}}', "retry-after: 99999999999\r\n"),
    "patience for years": whole(429, b'{"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 999999999}, "error": {"code": 130429}}', "retry-after: 999999999\r\n"),
    "patience backwards": whole(429, b'{"ok": false, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": -5}, "error": {"code": 130429}}', "retry-after: -5\r\n"),
    "another address": whole(302, b"", "location: http://169.254.169.254/latest/meta-data\r\n"),
    "an unknown status": whole(799, b"{}"),
    "not gzip": whole(200, b"hola", _ZIPPED),
    "a bomb of gzip": whole(200, gzip.compress(bytes(30_000_000)), _ZIPPED),
    "a broken chunk": _broken_chunk,
    "no HTTP": _garbage,
    "a cut": _cut,
    "reset before the request": _reset,
    "reset after the request": _reset_after,
    "a stall": _stall,
    "a trickle": _trickle,
    "an answer without end": _endless,
}  # fmt: skip
