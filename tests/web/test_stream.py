"""The WebSocket: the same log, pushed; it resumes by number and never trusts its caller."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

import bot.web.routes.stream as stream_module
from bot.web.app import create_app
from bot.web.broadcaster import Broadcaster
from tests.web.fakes import House
from tests.web.sockets import Closed, open_socket

WS = "/chat/api/ws"
BROWSER = {"Origin": "http://localhost:8080", "Host": "localhost:8080"}


@pytest.fixture
def app(house: House) -> Starlette:
    return create_app(house.services)


@pytest.fixture
async def secret(app: Starlette) -> str:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8080") as client:
        session: str = (await client.post("/chat/api/sessions")).json()["session"]
        return session


async def say(app: Starlette, secret: str, text: str) -> None:
    body = {"client_msg_id": str(uuid.uuid4()), "text": text}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8080") as client:
        answer = await client.post("/chat/api/messages", json=body, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


async def test_the_socket_pushes_what_is_said_and_resumes_by_number(app: Starlette, secret: str) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say({"session": secret, "after": -1})
        assert await socket.hear() == {"items": [], "last_seq": 0, "mode": "bot"}
        await say(app, secret, "uno")
        assert [item["text"] for item in (await socket.hear())["items"]] == ["uno", "Usted escribió: uno"]
    await say(app, secret, "dos")
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say({"session": secret, "after": 2})
        heard: list[int] = []
        while len(heard) < 2:
            heard += [item["seq"] for item in (await socket.hear())["items"]]
        assert heard == [3, 4]


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ("hola", 4400),
        ("[]", 4400),
        ("{}", 4400),
        ('{"session": 5}', 4400),
        ('{"session": "x", "after": true}', 4400),
        ('{"session": "x", "after": -7}', 4400),
        ("[" * 900, 4400),
        ('{"session": "' + "a" * 2_000 + '"}', 4400),
        ('{"session": "' + "a" * 43 + '"}', 4401),
        ('{"session": ""}', 4401),
    ],
)
async def test_a_wrong_greeting_is_told_by_the_closing_code(app: Starlette, hello: str, code: int) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say(hello)
        assert await socket.closing_code() == code


async def test_bytes_instead_of_text_end_the_socket(app: Starlette) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say_bytes(b"\x00\xff")
        assert await socket.closing_code() == 4400


async def test_a_browser_that_says_nothing_is_let_go(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "_HELLO_SECONDS", 0.01)
    async with open_socket(app, WS, BROWSER) as socket:
        assert await socket.closing_code() == 4400


async def test_a_socket_from_another_site_is_not_opened(app: Starlette) -> None:
    with pytest.raises(Closed):
        async with open_socket(app, WS, {**BROWSER, "Origin": "https://mala.example"}):
            pass


async def test_one_person_may_not_open_sockets_without_end(app: Starlette, secret: str) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(8):
            socket = await stack.enter_async_context(open_socket(app, WS, BROWSER))
            await socket.say({"session": secret, "after": 0})
            await socket.hear()
        one_more = await stack.enter_async_context(open_socket(app, WS, BROWSER))
        await one_more.say({"session": secret, "after": 0})
        assert await one_more.closing_code() == 4429


async def test_a_quiet_socket_hears_that_the_line_lives(
    app: Starlette, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "PING_SECONDS", 0.02)
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say({"session": secret, "after": 0})
        await socket.hear()
        assert await socket.hear() == {"ping": 0}


async def test_sockets_are_told_to_come_back_when_the_server_stops(app: Starlette, secret: str, house: House) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say({"session": secret, "after": 0})
        await socket.hear()
        house.services.broadcaster.close()
        assert await socket.closing_code() == 1012


async def test_a_socket_whose_database_is_away_asks_to_come_back(app: Starlette, secret: str, house: House) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        house.records.is_away = True
        await socket.say({"session": secret, "after": 0})
        assert await socket.closing_code() == 1013


async def test_a_socket_that_leaves_is_forgotten(app: Starlette, secret: str, house: House) -> None:
    async with open_socket(app, WS, BROWSER) as socket:
        await socket.say({"session": secret, "after": 0})
        await socket.hear()
        await socket.say("ruido")
        assert house.services.broadcaster.count == 1
    assert house.services.broadcaster.count == 0


async def test_a_wake_up_before_the_wait_is_not_lost() -> None:
    broadcaster = Broadcaster()
    with broadcaster.watch("c1", 0) as watch:
        broadcaster.notify("c1")
        broadcaster.notify("c2")
        assert await watch.wait(1)
        assert not await watch.wait(0.001)


async def test_a_wake_up_may_come_from_another_thread() -> None:
    broadcaster = Broadcaster()
    broadcaster.notify("nobody")
    with broadcaster.watch("c1", 0) as watch:
        await asyncio.to_thread(broadcaster.notify, "c1")
        assert await watch.wait(1)


async def test_what_another_process_wrote_is_noticed() -> None:
    broadcaster = Broadcaster()
    asked: list[list[str]] = []

    async def last_seqs(names: Any) -> dict[str, int]:
        asked.append(list(names))
        if len(asked) == 1:
            raise OSError
        return {"c1": 7}

    async with broadcaster.running(last_seqs, every_s=0.002):
        with broadcaster.watch("c1", 7) as up_to_date, broadcaster.watch("c1", 6) as behind:
            assert await behind.wait(1)
            assert not await up_to_date.wait(0.02)
    assert broadcaster.is_closed
