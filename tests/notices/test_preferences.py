"""The page of preferences: a sealed link opens it for a while, a plain form changes it, and nothing of it tells who."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import Services
from bot.kernel.clock import FrozenClock
from bot.notices.links import Links
from bot.notices.preferences import Preferences
from bot.web.app import create_app
from storage.db import Database
from storage.repos.customers import SectorRecord
from tests.support.settings import make_settings
from tests.turn.house import Talker, open_house
from tests.web.fakes import make_house

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.fixture
async def services(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Services]:
    for name in ("centro", "norte"):
        database.write_now(
            lambda uow, name=name: uow.customers.add_sector(SectorRecord(name, name.title(), "V", SQUARE))
        )
    async with open_house(database, clock, tmp_path) as opened:
        yield opened


@pytest.fixture
async def talker(services: Services, clock: FrozenClock) -> Talker:
    talker = Talker(services, clock)
    await talker.say("hola")
    return talker


@pytest.fixture
async def client(services: Services, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = make_settings(tmp_path)
    page = Preferences(
        services.database, clock, services.notices, Links(services.database.keyring, settings), version="2026-01"
    )
    web = replace(make_house(settings, clock=clock).services, preferences=page)
    transport = httpx.ASGITransport(create_app(web), client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as opened:
        yield opened


async def link(talker: Talker) -> str:
    (said,) = await talker.hear("mis avisos")
    return re.search(r"http\S+(/preferencias/\S+)", said["text"])[1]


async def wants(talker: Talker) -> set[tuple[str, str]]:
    whose = talker.conversation_id
    kept = await talker.services.database.read(lambda uow: uow.subscriptions.of(whose))
    return {(each.topic, each.sector) for each in kept if each.is_on}


async def test_the_link_opens_the_page_and_tells_nothing_of_the_person(
    talker: Talker, client: httpx.AsyncClient
) -> None:
    path = await link(talker)
    assert talker.conversation_id not in path
    assert path != await link(talker)
    answer = await client.get(path)
    assert answer.status_code == 200
    assert "Cortes de servicio" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


async def test_a_link_whose_time_is_over_or_that_was_changed_opens_nothing(
    talker: Talker, client: httpx.AsyncClient, clock: FrozenClock
) -> None:
    path = await link(talker)
    for wrong in (path[:-4] + "AAAA", path + "A" * 600, "/preferencias/%F0%9F%98%80", "/preferencias/AAAA"):
        answer = await client.get(wrong)
        assert answer.status_code == 410
        assert "ya venció" in answer.text
    clock.move(timedelta(hours=25))
    assert (await client.get(path)).status_code == 410
    assert (await client.post(path, data={"accion": "nada"})).status_code == 410


async def test_what_is_chosen_is_kept_and_seen_in_the_chat(talker: Talker, client: httpx.AsyncClient) -> None:
    path = await link(talker)
    chosen = {
        "tema": ["factura", "consejos"],
        "nuevo_cortes": "norte",
        "permiso": ["avisos_ubicacion", "avisos_comerciales"],
        "franja": "noche",
    }
    answer = await client.post(path, data=chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?listo=1")
    assert await wants(talker) == {("factura", ""), ("consejos", ""), ("cortes", "norte")}
    whose = talker.conversation_id
    given = await talker.services.database.read(lambda uow: uow.consents.current(whose, "avisos_comerciales"))
    assert given is not None
    assert (given.granted, given.channel) == (True, "preferencias")
    (said,) = await talker.hear("mis avisos")
    assert "Norte" in said["text"]
    assert "6:00 p. m." in said["text"]


async def test_without_the_consent_nothing_of_the_form_is_kept_and_nothing_is_lost_from_sight(
    talker: Talker, client: httpx.AsyncClient
) -> None:
    answer = await client.post(await link(talker), data={"tema": ["factura", "consejos"], "franja": "tarde"})
    assert answer.status_code == 422
    assert "Para recibir «Consejos y campañas»" in answer.text
    assert await wants(talker) == set()
    assert re.search(r'value="factura"[^>]*checked', answer.text)
    assert re.search(r'value="tarde" checked', answer.text)


async def test_a_sector_is_left_and_another_taken(talker: Talker, client: httpx.AsyncClient) -> None:
    path = await link(talker)
    await client.post(path, data={"nuevo_cortes": "norte", "permiso": "avisos_ubicacion"})
    await client.post(path, data={"sector_cortes": "norte", "nuevo_cortes": "centro"})
    assert await wants(talker) == {("cortes", "norte"), ("cortes", "centro")}
    await client.post(path, data={"sector_cortes": "centro"})
    assert await wants(talker) == {("cortes", "centro")}
    await client.post(path, data={"franja": ""})
    assert await wants(talker) == set()


async def test_one_button_withdraws_everything(talker: Talker, client: httpx.AsyncClient) -> None:
    path = await link(talker)
    await client.post(path, data={"tema": ["factura", "consejos"], "permiso": "avisos_comerciales"})
    await client.post(path, data={"accion": "nada"})
    assert await wants(talker) == set()
    whose = talker.conversation_id
    consent = await talker.services.database.read(lambda uow: uow.consents.current(whose, "avisos_comerciales"))
    assert consent is not None
    assert not consent.granted


@pytest.mark.parametrize(
    "body", [b"tema=\xff", b"tema=" + b"a" * 30_000, b"&".join([b"tema=x"] * 400), b"nuevo_cortes=otra&franja=nunca"]
)
async def test_a_form_nobody_filled_changes_nothing(talker: Talker, client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.post(await link(talker), content=body, headers=headers)
    assert answer.status_code in {303, 400, 413}
    assert await wants(talker) == set()


async def test_another_site_cannot_send_the_form(talker: Talker, client: httpx.AsyncClient) -> None:
    answer = await client.post(await link(talker), data={"accion": "nada"}, headers={"origin": "https://otro.example"})
    assert answer.status_code == 403
