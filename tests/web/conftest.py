"""A fake house, a client that talks to its web server without a socket, and a real browser on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from bot.web.app import create_app
from tests.support.settings import make_settings
from tests.web.fakes import House, make_house, tuned
from tests.web.live import ARGUMENTS, CHROMIUM, LiveServer
from tests.web.pages import WAIT_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of the invented utility, with one site that may embed the chat."""
    return tuned(make_settings(tmp_path), webchat={"origenes": ("https://sitio.example",)})


@pytest.fixture
def house(settings: Settings, clock: FrozenClock) -> House:
    """Return a fake house whose clock stands still."""
    return make_house(settings, clock=clock)


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the house's web server."""
    transport = httpx.ASGITransport(create_app(house.services), client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
async def bearer(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the header of a fresh session."""
    answer = await client.post("/chat/api/sessions")
    assert answer.status_code == 201
    return {"Authorization": f"Bearer {answer.json()['session']}"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live = LiveServer(make_settings(tmp_path_factory.mktemp("web")))
    live.start()
    yield live
    live.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 360, "height": 720}, locale="es-CO", timezone_id="America/Bogota")
    opened.set_default_timeout(WAIT_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, server: LiveServer) -> Iterator[Page]:
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    opened.goto(server.url + "/")
    yield opened
    assert troubles == []
