"""A fake house and a client that talks to its web server without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from bot.web.app import create_app
from tests.support.settings import make_settings
from tests.web.fakes import House, make_house, tuned


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
