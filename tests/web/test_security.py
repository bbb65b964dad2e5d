"""What keeps the public doors safe: sizes, patience, headers, names of callers, and no 500 for bad input."""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from bot.web.app import create_app
from bot.web.body import parse_json
from bot.web.rates import Rates
from bot.web.refusals import Refusal
from bot.web.security import Proxies
from bot.web.texts import load_texts
from tests.support.settings import make_settings
from tests.web.fakes import House, make_house, tuned
from tests.web.live import LiveServer


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory):
    server = LiveServer(make_settings(tmp_path_factory.mktemp("web")))
    server.start()
    yield server
    server.stop()


def raw(server: LiveServer, head: str, body: bytes = b"", *, patience: float = 5) -> bytes:
    """Send bytes as they are and return all that comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        answer = b""
        try:
            sent = 0
            while sent < len(body):
                sent += line.send(body[sent : sent + 65_536])
        except OSError:
            pass
        try:
            while part := line.recv(65_536):
                answer += part
                if b"\r\n\r\n" in answer and b"}" in answer:
                    break
        except OSError:
            pass
        return answer


def test_fifty_megabytes_are_refused_without_being_read(live: LiveServer) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    body = bytes(50_000_000)
    for path in ("/chat/api/sessions", "/constancia/api/consulta", "/webhooks/rest/webhook", "/model/parse"):
        head = f"POST {path} HTTP/1.1\nHost: 127.0.0.1:{live.port}\nContent-Length: {len(body)}\nContent-Type: application/json"
        start = time.monotonic()
        answer = raw(live, head, body)
        assert b" 413 " in answer.split(b"\r\n", 1)[0], answer[:200]
        assert "Lo que envió es demasiado grande." in answer.decode()
        assert time.monotonic() - start < 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000


def test_a_body_that_does_not_tell_its_length_is_cut_at_the_limit(live: LiveServer) -> None:
    head = f"POST /model/parse HTTP/1.1\nHost: 127.0.0.1:{live.port}\nTransfer-Encoding: chunked"
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    assert b" 413 " in raw(live, head, chunk * 100).split(b"\r\n", 1)[0]


def test_a_line_of_headers_without_end_is_refused(live: LiveServer) -> None:
    answer = raw(live, "GET /live HTTP/1.1\nHost: x\nX-Big: " + "a" * 500_000)
    assert answer == b"" or b" 400 " in answer.split(b"\r\n", 1)[0]
    many = "\n".join(f"X-{number}: {'a' * 1_000}" for number in range(500))
    answer = raw(live, f"GET /live HTTP/1.1\nHost: x\n{many}")
    assert answer == b"" or b" 400 " in answer.split(b"\r\n", 1)[0]
    assert b" 200 " in raw(live, f"GET /live HTTP/1.1\nHost: x\nX-Fits: {'a' * 8_000}")


def test_a_connection_that_never_asks_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.edge.HEAD_SECONDS", 0.1)
    server = LiveServer(make_settings(tmp_path))
    server.start()
    for beginning in (b"", b"GET /live HTTP/1.1\r\nHost: x\r\nX-Slow: "):
        with socket.create_connection(("127.0.0.1", server.port), timeout=3) as line:
            line.sendall(beginning)
            assert line.recv(1_000) == b""
    server.stop()


async def test_a_body_that_dribbles_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.body.JSON_SECONDS", 0.02)
    monkeypatch.setattr("bot.web.body.read_json.__kwdefaults__", {"limit": 1000, "seconds": 0.02})

    app = create_app(house.services)
    sent: list[dict[str, object]] = []
    messages = [{"type": "http.request", "body": b'{"te', "more_body": True}]

    async def receive():
        if messages:
            return messages.pop()
        await asyncio.sleep(10)
        raise AssertionError

    async def send(message):
        sent.append(message)

    monkeypatch.setattr("bot.web.refusals._DRAIN_SECONDS", 0.01)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/model/parse",
        "raw_path": b"/model/parse",
        "query_string": b"",
        "headers": [(b"host", b"localhost:8080")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }
    async with asyncio.timeout(2):
        await app(scope, receive, send)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]  # type: ignore[operator]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
async def test_compressed_bodies_are_not_opened(client: httpx.AsyncClient, encoding: str) -> None:
    answer = await client.post("/model/parse", content=b"x", headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["code"]) == (415, "cuerpo_comprimido")


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 50, "\u0661"])
async def test_odd_lengths_are_refused(client: httpx.AsyncClient, length: str) -> None:
    request = client.build_request("POST", "/model/parse", content=b"{}", headers={"Content-Length": length.encode()})
    assert (await client.send(request)).status_code in {400, 413}


@effort(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_an_object_or_a_refusal(body: bytes) -> None:
    try:
        document: object = parse_json(body)
    except Refusal as refusal:
        document = {"status": refusal.status}
    assert isinstance(document, dict)
    assert document.get("status", 400) == 400 or b"status" in body


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "client_msg_id",
        "text",
        "token",
        "point",
        "file_id",
        "reply_to",
        "sender",
        "message",
        "metadata",
        "radicado",
        "codigo",
    ]
)


@effort(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.dictionaries(FIELDS, JSON, max_size=6))
async def test_any_document_at_any_door_is_answered_and_never_with_a_500(
    client: httpx.AsyncClient, bearer: dict[str, str], clock: FrozenClock, document: dict[str, object]
) -> None:
    clock.move(timedelta(minutes=10))
    for path in ("/chat/api/messages", "/webhooks/rest/webhook", "/model/parse", "/constancia/api/consulta"):
        answer = await client.post(path, json=document, headers=bearer)
        assert answer.status_code < 500, (path, document, answer.text)


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/chat/static/..%2f..%2fparse.py", "/%00", "/chat/static/chat.html", "/a" * 500]
)
async def test_odd_paths_find_nothing(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_existe")


async def test_a_wrong_method_is_told_in_spanish(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/chat/api/messages")
    assert (answer.status_code, answer.json()["error"]) == (405, "Esa acción no se puede hacer aquí.")


async def test_a_mistake_of_ours_says_nothing_of_itself(
    client: httpx.AsyncClient,
    bearer: dict[str, str],
    house: House,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("la cédula 1020304050 no cabe")

    house.echo.accept = broken  # type: ignore[assignment, method-assign]
    body = {"client_msg_id": "6f1e1f9e-0d7c-4c58-9f1f-3f8b8a1d2c3b", "text": "hola"}
    answer = await client.post("/chat/api/messages", json=body, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (500, "interno")
    logged = caplog.text + "".join(capsys.readouterr())
    assert "1020304050" not in answer.text + logged


async def test_every_answer_carries_the_headers_that_browsers_obey(client: httpx.AsyncClient) -> None:
    for path in ("/", "/chat", "/constancia", "/status", "/live", "/widget.js", "/chat/static/chat.js", "/nada"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "set-cookie" not in headers
        assert "server" not in headers


async def test_only_listed_sites_may_frame_the_chat_and_nobody_the_case_page(client: httpx.AsyncClient) -> None:
    chat = (await client.get("/chat")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://sitio.example" in chat
    assert "connect-src 'self' ws://localhost:8080 wss://localhost:8080" in chat
    case = (await client.get("/constancia")).headers["content-security-policy"]
    assert case.endswith("frame-ancestors 'self'")
    assert (await client.get("/widget.js")).headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_forged_host_does_not_enter_the_policy(client: httpx.AsyncClient) -> None:
    answer = await client.get("/chat", headers={"Host": "x; script-src *"})
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_https_is_remembered_when_people_come_by_it(settings: Settings) -> None:
    house = make_house(tuned(settings, server={"public_url": "https://chat.empresa.example"}))
    transport = httpx.ASGITransport(create_app(house.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert "max-age" in (await client.get("/live")).headers["strict-transport-security"]
        own = await client.post("/chat/api/sessions", headers={"Origin": "https://chat.empresa.example"})
        assert own.status_code == 201


async def test_the_chat_can_be_switched_off(settings: Settings) -> None:
    house = make_house(tuned(settings, webchat={"activo": False}))
    transport = httpx.ASGITransport(create_app(house.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/", "/chat", "/widget.js", "/chat/api/events"):
            assert (await client.get(path)).status_code == 404
        assert (await client.get("/constancia")).status_code == 200


async def test_pages_are_sent_compressed_and_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/chat/static/chat.js", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    again = await client.get("/chat/static/chat.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def connection(peer: str, forwarded: str = "") -> HTTPConnection:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return HTTPConnection({"type": "http", "headers": headers, "client": (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("190.1.1.1", "", "190.1.1.1"),
        ("190.1.1.1", "8.8.8.8", "190.1.1.1"),
        ("10.0.0.5", "190.1.1.1", "190.1.1.1"),
        ("10.0.0.5", "6.6.6.6, 190.1.1.1, 10.0.0.9", "190.1.1.1"),
        ("10.0.0.5", "10.0.0.7", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str, expected: str) -> None:
    assert Proxies(["10.0.0.0/24", "not an address"]).client(connection(peer, forwarded)) == expected


def test_limits_count_each_person_apart_and_forget_in_time(clock: FrozenClock) -> None:
    rates = Rates(clock)
    for _ in range(20):
        rates.check("message", "ana")
    rates.check("message", "luis")
    with pytest.raises(Refusal) as refused:
        rates.check("message", "ana")
    assert (refused.value.status, refused.value.retry_after_s) == (429, 10)


def test_every_sentence_for_people_is_short_and_ends_well() -> None:
    texts = load_texts()
    for sentence in texts["errores"].values():
        assert sentence.endswith((".", "?"))
        for part in sentence.split(". "):
            assert len(part.split()) <= 20


def test_the_server_stops_at_once_while_somebody_waits_for_news(tmp_path: Path) -> None:
    server = LiveServer(make_settings(tmp_path))
    server.start()
    with httpx.Client(base_url=server.url) as client:
        secret = client.post("/chat/api/sessions").json()["session"]
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            head = f"GET /chat/api/events?after=0&wait=25 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n"
            line.sendall(head.encode())
            end = time.monotonic() + 5
            while not server.house.services.broadcaster.count:
                assert time.monotonic() < end
                time.sleep(0.005)
            start = time.monotonic()
            server.stop()
            assert time.monotonic() - start < 3
            assert b'"items":[]' in line.recv(65_536)
