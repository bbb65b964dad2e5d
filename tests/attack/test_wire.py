"""Bytes on a real socket: too many, too deep, too slow, compressed, broken; the next request is answered all the same."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import bot.web.body
import bot.web.edge
from bot.kernel.clock import FrozenClock
from bot.service import make_web_server
from storage.db import Database
from tests.attack.place import TELEGRAM, Place, judge, open_place, telegram_path
from tests.support.databases import Databases

REST = "/webhooks/rest/webhook"
DOORS = (
    REST,
    "/chat/api/sessions",
    "/chat/api/messages",
    "/chat/api/files",
    "/constancia/api/consulta",
    "/model/parse",
)
MEGABYTE = 1_000_000


class Wire:
    """The served place and raw lines to it."""

    def __init__(self, place: Place, port: int) -> None:
        self.place = place
        self.port = port
        self.bearer: dict[str, str] = {}

    async def send(self, *pieces: bytes, pause_s: float = 0.0) -> tuple[int, dict[str, Any]]:
        """Send bytes and return the status and the JSON of the first answer; status 0 when the line is just closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = b""
        try:
            try:
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    if pause_s:
                        await asyncio.sleep(pause_s)
            except (ConnectionError, OSError):
                pass  # refused while we were still talking; the answer may be there
            async with asyncio.timeout(5):
                while chunk := await reader.read(65_536):
                    answer += chunk
                    head, _, body = answer.partition(b"\r\n\r\n")
                    if b"content-length: %d\r\n" % len(body) in head.lower() + b"\r\n":
                        break
        except (ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()
        if not answer:
            return 0, {}
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split()[1])
        try:
            return status, json.loads(body)
        except ValueError:
            return status, {}

    async def post(self, path: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        """Send one whole request."""
        given = {"Content-Length": str(len(body)), "Content-Type": "application/json", **self.bearer, **headers}
        return await self.send(self.head("POST", path, given) + body)

    def head(self, method: str, path: str, headers: dict[str, str]) -> bytes:
        """Return the first bytes of a request."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Yield one kind of database: what is refused at the edge never reaches any."""
    with databases.url("sqlite") as url:
        yield url


@pytest.fixture
async def wire(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Wire]:
    async with open_place(database, clock, tmp_path) as place:
        server = make_web_server(place.services)
        listening = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(server._serve([listening]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.005)
        wire = Wire(place, listening.getsockname()[1])
        status, document = await wire.post("/chat/api/sessions", b"")
        assert status == 201
        wire.bearer = {"Authorization": f"Bearer {document['session']}"}
        yield wire
        status, _ = await wire.post(REST, b'{"sender": "al-final", "message": "/oficinas_horarios"}')
        assert status == 200
        server.should_exit = True
        await serving
        await judge(place)


async def test_bodies_without_end_are_refused_before_they_are_read(wire: Wire) -> None:
    before = psutil.Process().memory_info().rss
    for path in (*DOORS, telegram_path(wire.place), "/webhooks/whatsapp/"):
        headers = {
            **wire.bearer,
            **TELEGRAM,
            "Content-Length": "50000000",
            "Content-Type": "multipart/form-data; boundary=a",
        }
        status, document = await wire.send(wire.head("POST", path, headers), b"x" * 65_536)
        assert (status, document.get("code")) == (413, "cuerpo_grande"), path
        chunk = b"%x\r\n" % MEGABYTE + b"[" * MEGABYTE + b"\r\n"
        headers = {
            **wire.bearer,
            **TELEGRAM,
            "Transfer-Encoding": "chunked",
            "Content-Type": "multipart/form-data; boundary=a",
        }
        status, _ = await wire.send(wire.head("POST", path, headers), *[chunk] * 50)
        assert status in {413, 0}, path
    assert psutil.Process().memory_info().rss - before < 80 * MEGABYTE


BODIES: dict[str, bytes] = {
    "deep_lists": b'{"sender": "a", "message": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "deep_maps": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep_unclosed": b"[" * 100_000,
    "deep_33": b'{"sender": "a", "message": "hola", "x": ' + b"[" * 40 + b"]" * 40 + b"}",
    "empty": b"",
    "null": b"null",
    "list": b"[1]",
    "text": b'"hola"',
    "nan": b'{"sender": "a", "message": NaN}',
    "infinity": b'{"sender": "a", "message": -Infinity}',
    "huge_number": b'{"sender": "a", "message": 1' + b"0" * 5_000 + b"}",
    "huge_exponent": b'{"sender": "a", "message": 1e999999999}',
    "not_utf8": b'{"sender": "a", "message": "\xff\xfe"}',
    "overlong_utf8": b'{"sender": "a", "message": "\xc0\xae"}',
    "utf16": '{"sender": "a", "message": "hola"}'.encode("utf-16"),
    "bom": b'\xef\xbb\xbf{"sender": "a", "message": "hola"}',
    "cut": b'{"sender": "a", "message": "ho',
    "trailing": b'{"sender": "a", "message": "hola"} {"sender": "b"}',
    "gzip_bytes": gzip.compress(b'{"sender": "a", "message": "hola"}'),
    "message_list": b'{"sender": "a", "message": ["hola"]}',
    "message_map": b'{"sender": "a", "message": {"$gt": ""}}',
    "message_number": b'{"sender": "a", "message": 7}',
    "sender_number": b'{"sender": 7, "message": "hola"}',
    "sender_list": b'{"sender": ["a"], "message": "hola"}',
    "sender_missing": b'{"message": "hola"}',
    "sender_path": b'{"sender": "../../otro", "message": "hola"}',
    "sender_nul": b'{"sender": "a\\u0000b", "message": "hola"}',
    "sender_surrogate": b'{"sender": "\\ud800", "message": "hola"}',
    "sender_long": b'{"sender": "' + b"a" * 10_000 + b'", "message": "hola"}',
    "metadata_text": b'{"sender": "a", "message": "hola", "metadata": "x"}',
    "id_list": b'{"sender": "a", "message": "hola", "metadata": {"message_id": [1]}}',
    "id_nul": b'{"sender": "a", "message": "hola", "metadata": {"message_id": "\\u0000"}}',
}
TAKEN: dict[str, bytes] = {
    "duplicate_keys": b'{"sender": "x", "sender": "dos-veces", "message": "x", "message": "hola"}',
    "unknown_fields": b'{"sender": "otra", "message": "hola", "kind": "staff", "author": "gerencia", "slots": {"a": 1}, "mode": "bot"}',
    "proto": b'{"sender": "proto", "message": "hola", "__proto__": {"x": 1}, "constructor": {}}',
    "surrogate_escape": b'{"sender": "roto", "message": "hola \\ud83d mundo"}',
    "wide_document": b'{"sender": "ancha", "message": "hola", "x": [' + b"{}," * 20_000 + b"{}]}",
    "unsure_zero": b'{"sender": "cero", "message": "hola", "x": -0.0, "y": 1e308}',
}


async def test_bodies_that_are_no_message_are_refused_with_a_sentence(wire: Wire) -> None:
    odd = []
    for name, body in BODIES.items():
        for path in (door for door in DOORS if door != "/chat/api/sessions"):
            status, document = await wire.post(path, body)
            if not 400 <= status < 500 or not str(document.get("error", "")).endswith((".", "?")):
                odd.append((name, path, status))
    assert odd == []


async def test_odd_documents_with_a_message_in_them_are_just_messages(wire: Wire) -> None:
    odd = []
    for name, body in TAKEN.items():
        status, document = await wire.post(REST, body)
        if status != 200 or not document:
            odd.append((name, status))
    assert odd == []
    assert wire.place.count("select count(*) from outbox where kind = 'staff'") == 0


async def test_compressed_bodies_are_refused_without_opening_them(wire: Wire) -> None:
    bomb = zlib.compress(bytes(20 * MEGABYTE))
    for coding in ("gzip", "deflate", "br", "gzip, gzip", "GZIP", "zstd", "x" * 5_000):
        status, document = await wire.post(REST, bomb, **{"Content-Encoding": coding})
        assert (status, document["code"]) == (415, "cuerpo_comprimido")


async def test_a_slow_body_is_given_up_and_the_others_do_not_wait(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bot.web.body.read_json.__kwdefaults__, "seconds", 0.1)
    head = wire.head("POST", REST, {"Content-Length": "1000"})
    slow = asyncio.create_task(wire.send(head, *[b" "] * 20, pause_s=0.02))
    quick, _ = await wire.post(REST, b'{"sender": "rapida", "message": "hola"}')
    assert quick == 200
    assert (await slow)[0] == 408


async def test_headers_that_never_end_close_their_own_line_only(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.web.edge, "HEAD_SECONDS", 0.1)
    assert await wire.send(b"GET /live HTTP/1.1\r\nX-A: ", pause_s=0.04) == (0, {})
    assert (await wire.send(b"GET /live HTTP/1.1\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n"))[0] in {400, 0}


RAW: dict[str, bytes] = {
    "garbage": b"\x00\x01\x02\x03\xff\xfe\r\n\r\n",
    "tls_hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    "http_09": b"GET /\r\n\r\n",
    "http_2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "negative_length": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "huge_length": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "two_lengths": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "length_and_chunks": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad_chunk": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
    "unknown_coding": b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\nx",
    "nul_in_path": b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "space_in_path": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "path_not_utf8": b"GET /chat/%ff%fe%00/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "static_walk": b"GET /static/..%2f..%2f..%2fconfig.yaml HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "static_walk_plain": b"GET /static/../../../config.yaml HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "whole_address": b"GET http://malo.example/ HTTP/1.1\r\nHost: malo.example\r\nConnection: close\r\n\r\n",
    "connect": b"CONNECT malo.example:443 HTTP/1.1\r\nHost: malo.example\r\n\r\n",
    "odd_method": b"BREW /chat HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "no_host": b"GET /live HTTP/1.1\r\nConnection: close\r\n\r\n",
    "long_path": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "long_query": b"GET /chat/api/events?after=" + b"9" * 50_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
}


async def test_bytes_that_are_no_request_end_their_own_line_only(wire: Wire) -> None:
    answers = {name: (await wire.send(raw))[0] for name, raw in RAW.items()}
    assert {name: status for name, status in answers.items() if status >= 500 or 300 <= status < 400} == {}
    assert [name for name in answers if ("walk" in name or "utf8" in name) and answers[name] not in {400, 404}] == []


ORIGINS = ("http://[", "http://[::1", "null", "file://", "javascript:alert(1)", "http://", "https://a:99999999", "http://a\tb", "\xff\xfe", "x" * 9_000)  # fmt: skip


async def test_no_origin_and_no_host_can_break_a_door(wire: Wire) -> None:
    odd = []
    for origin in ORIGINS:
        for path in ("/chat/api/sessions", "/chat/api/messages", "/constancia/api/consulta"):
            status, _ = await wire.post(path, b"{}", Origin=origin)
            if status not in {400, 403}:
                odd.append((origin[:20], path, status))
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Origin": origin}
        status, _ = await wire.send(
            wire.head("GET", "/chat/api/ws", {**upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
        )
        if status not in {400, 403}:
            odd.append((origin[:20], "ws", status))
    upgrade = {**upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": f"http://127.0.0.1:{wire.port}"}
    for more in ({f"X-{number}": "a" for number in range(150)}, {"X-Long": "a" * 9_000}):
        assert (await wire.send(wire.head("GET", "/chat/api/ws", {**upgrade, **more})))[0] == 400
    assert (await wire.send(wire.head("GET", f"/chat/api/ws?{'a' * 9_000}", upgrade)))[0] == 400
    for host in ("[", "a b", "malo.example", "\xff", "[::1", "a:b:c", "x" * 9_000):
        status, _ = await wire.send(
            b"GET / HTTP/1.1\r\nHost: " + host.encode("latin-1") + b"\r\nConnection: close\r\n\r\n"
        )
        if status >= 500:
            odd.append((host[:20], "/", status))
    assert odd == []


HELLOS = ("", "hola", "[]", "null", "[" * 900, "{" * 990, '{"session": 7}', '{"session": "x"}', '{"session": "' + "x" * 900 + '"}', '{"session": "\\ud800aaaaaaaaaaaaaaaaaaaaaaaa"}', '{"session": null, "after": 1e999}', "x" * 16_000)  # fmt: skip


async def test_a_socket_with_a_strange_hello_is_closed_with_its_code(wire: Wire) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    address, origin = f"ws://127.0.0.1:{wire.port}/chat/api/ws", f"http://127.0.0.1:{wire.port}"
    codes = {}
    secret = wire.bearer["Authorization"][7:]
    strange_after = [json.dumps({"session": secret, "after": after}) for after in (-2, 1.5, "1", None, True, [1])]
    for hello in (*HELLOS, *strange_after, b"\x00\xff", b""):
        async with connect(address, origin=origin, proxy=None) as line:  # type: ignore[arg-type]
            await line.send(hello)
            try:
                async with asyncio.timeout(3):
                    await line.recv()
            except ConnectionClosed as closed:
                codes[str(hello)[:40]] = closed.rcvd.code if closed.rcvd else 0
    assert len(codes) == len({str(hello)[:40] for hello in (*HELLOS, *strange_after, b"\x00\xff", b"")})
    assert set(codes.values()) <= {4400, 4401, 1003, 1009}
    async with connect(address, origin=origin, proxy=None) as line:  # type: ignore[arg-type]
        await line.send(json.dumps({"session": secret, "after": 10**300}))
        async with asyncio.timeout(3):
            assert json.loads(await line.recv())["items"] == []
