"""Our whole service with Telegram switched on, against telegram-test-api: an errand up to its number, both ways in.

Run by ``make test-emulators``.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

from bot.bootstrap import Services, open_services
from bot.demo import plant
from bot.kernel.config import Settings
from bot.service import make_web_server, start_channels
from tests.emulators.programs import free_port, telegram_test_api
from tests.emulators.shim import DIFFERENCES, Shim, relay_app
from tests.support.bot_api_spec import bot_api
from tests.support.settings import make_settings, with_model

TOKEN = "123456789:AAFakeTokenThatNoServerKnows_0123456789"
SECRET = "un-secreto-acordado"
PERSON = 573001112233
#: What was mended in any of the tests; the last one compares it with the list of what has to be.
MENDED: set[str] = set()


class Phone:
    """The person at the other side of the emulator."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, trust_env=False)
        self._heard: list[dict[str, Any]] = []

    async def says(self, text: str) -> None:
        await self._post("/sendMessage", self._message() | {"text": text})

    async def commands(self, text: str) -> None:
        entity = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
        await self._post("/sendCommand", self._message() | {"text": text, "entities": [entity]})

    async def is_at(self, lat: float, lon: float) -> None:
        await self._post("/sendMessage", self._message() | {"location": {"latitude": lat, "longitude": lon}})

    async def presses(self, label: str) -> None:
        """Press the button of the last message whose words contain ``label``."""
        (data,) = (one["callback_data"] for one in self.buttons() if label in one["text"])
        below = self._message() | {"message_id": 1, "text": self._heard[-1]["text"]}
        query = {"botToken": TOKEN, "from": below["from"], "message": below, "data": data}
        await self._post("/sendCallback", query)

    def buttons(self) -> list[dict[str, str]]:
        markup = self._heard[-1].get("reply_markup", {})
        return [button for row in markup.get("inline_keyboard", ()) for button in row]

    def asks_for_place(self) -> bool:
        rows = self._heard[-1].get("reply_markup", {}).get("keyboard", ())
        return any(button.get("request_location") for row in rows for button in row)

    async def hears(self, words: str) -> str:
        """Wait until a message contains ``words``; return it."""
        try:
            async with asyncio.timeout(20):
                while True:
                    asked = {"token": TOKEN, "chatId": PERSON}
                    found = (await self._http.post("/getUpdates", json=asked)).json()["result"]
                    for update in found:
                        self._heard.append(update["message"])
                        if words in update["message"]["text"]:
                            return str(update["message"]["text"])
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pytest.fail(f"nothing with {words!r} came; the last was {self._heard[-1:]}")

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        answer = await self._http.post(path, json=body)
        assert answer.json()["ok"], answer.text

    def _message(self) -> dict[str, Any]:
        return {
            "botToken": TOKEN,
            "date": int(time.time()),
            "from": {"id": PERSON, "is_bot": False, "first_name": "Persona"},
            "chat": {"id": PERSON, "type": "private", "first_name": "Persona"},
        }


@pytest.fixture
def shim(monkeypatch: pytest.MonkeyPatch) -> Shim:
    return Shim(monkeypatch)


def settings_for(folder: Path, url: str, **changes: Any) -> Settings:
    settings = with_model(make_settings(folder, ATIENDE_PUBLIC_URL="https://atencion.empresa.example"))
    telegram = {"activo": True, "token": TOKEN, "secreto": SECRET, "url": url, **changes}
    channel = type(settings.canales.telegram).model_validate(telegram)
    return settings.model_copy(update={"canales": settings.canales.model_copy(update={"telegram": channel})})


@asynccontextmanager
async def polling(folder: Path, shim: Shim) -> AsyncIterator[Phone]:
    """Run the emulator and the service that asks it for updates."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(telegram_test_api())
        services = await open_services(settings_for(folder, url))
        stack.push_async_callback(services.close)
        await asyncio.to_thread(plant, services.database, now=services.clock.now(), settings=services.settings)
        start_channels(services)
        phone = Phone(url)
        stack.push_async_callback(phone.close)
        yield phone
        await settled(services)
    MENDED.update(shim.used)


@asynccontextmanager
async def webhook(folder: Path, shim: Shim, statuses: list[int]) -> AsyncIterator[tuple[Phone, str]]:
    """Run the emulator, our service with its door, and between them what Telegram's machines do."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(telegram_test_api())
        services = await open_services(settings_for(folder, url, modo="webhook"))
        stack.push_async_callback(services.close)
        await asyncio.to_thread(plant, services.database, now=services.clock.now(), settings=services.settings)
        ours = make_web_server(services)
        ours.config.port = free_port()
        door = f"http://127.0.0.1:{ours.config.port}"
        await stack.enter_async_context(serving(ours))
        shim.relay = f"http://127.0.0.1:{(port := free_port())}/"
        relay = relay_app(shim, door, SECRET, statuses)
        config = uvicorn.Config(relay, host="127.0.0.1", port=port, log_config=None)
        await stack.enter_async_context(serving(uvicorn.Server(config)))
        start_channels(services)
        await until(lambda: shim.calls("setWebhook"))
        phone = Phone(url)
        stack.push_async_callback(phone.close)
        yield phone, door + urlsplit(shim.webhook).path
        await settled(services)
    MENDED.update(shim.used)


@asynccontextmanager
async def serving(server: uvicorn.Server) -> AsyncIterator[None]:
    task = asyncio.create_task(server._serve())
    try:
        await until(lambda: server.started)
        yield
    finally:
        server.should_exit = True
        await task


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # others' programs have no event for it
            await asyncio.sleep(0.01)


async def settled(services: Services) -> None:
    """Wait until all has left, and nothing of it failed."""
    async with asyncio.timeout(20):
        while True:
            await services.lanes.idle()
            counts = await services.database.read(lambda uow: uow.outbox.counts())
            if not counts.get("queued") and not counts.get("sending"):
                break
            await asyncio.sleep(0.02)
    assert counts == {}


async def reports_a_fault(phone: Phone) -> str:
    """Go through the whole errand with words, a place and buttons; return its number."""
    await phone.commands("/start")
    await phone.hears("le puedo ayudar")
    await phone.says("hay un tubo roto botando agua por la calle desde las seis")
    await phone.hears("También puede enviar su ubicación")
    assert phone.asks_for_place()
    await phone.is_at(4.2140, -75.2860)
    await phone.hears("¿Es ahí?")
    await phone.presses("Sí, ahí es")
    await phone.hears("¿Nos autoriza?")
    await phone.presses("Acepto")
    await phone.hears("una foto del daño")
    await phone.presses("Seguir sin foto")
    number = re.search(r"R-\d{4}-\d{6}", await phone.hears("Su reporte es el"))
    assert number is not None
    return number[0]


async def test_a_fault_is_reported_up_to_its_number_while_we_ask_for_updates(tmp_path: Path, shim: Shim) -> None:
    async with polling(tmp_path, shim) as phone:
        number = await reports_a_fault(phone)
        await phone.says("no, gracias")
        await phone.says("cómo va el daño que reporté")
        assert number in await phone.hears("R-")

    assert len(shim.calls("answerCallbackQuery")) == 3
    assert shim.calls("deleteWebhook")
    await every_request_is_in_the_description(shim)


async def test_a_fault_is_reported_up_to_its_number_through_the_webhook(tmp_path: Path, shim: Shim) -> None:
    statuses: list[int] = []
    async with webhook(tmp_path, shim, statuses) as (phone, door):
        number = await reports_a_fault(phone)
        async with httpx.AsyncClient(trust_env=False) as stranger:
            refused = await stranger.post(door, json={"update_id": 1})

    assert number.startswith("R-")
    assert refused.status_code == 401
    assert set(statuses) == {200}
    (asked,) = shim.calls("setWebhook")
    assert (asked["secret_token"], asked["url"][:8]) == (SECRET, "https://")
    assert not shim.calls("getUpdates")
    await every_request_is_in_the_description(shim)


async def every_request_is_in_the_description(shim: Shim) -> None:
    spec = bot_api()
    for method, fields in shim.asked:
        assert spec.check_request(method, fields, {}) == [], method


def test_no_mending_of_the_emulator_is_idle() -> None:
    assert set(DIFFERENCES) == MENDED
