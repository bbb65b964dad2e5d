"""Webhooks: the sender is checked, the whole batch is kept, and only then 200 is said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest

from bot.channels.base import Address, Inbound, Receipt
from bot.channels.registry import webhook_routes
from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from bot.kernel.errors import BadSignature, Malformed, TooLarge
from bot.web.webhooks import Webhook, webhooks_of
from tests.channels.case_whatsapp import VERIFY, make_channel, signed
from tests.support.fake_whatsapp import FakeWhatsApp, message, value, webhook
from tests.web.fakes import House, client_of, make_house


def _parse(body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
    if headers.get("x-secret") != "clave":
        raise BadSignature("firma")
    document = json.loads(body) if body.startswith(b"{") else None
    if document is None:
        raise Malformed("no es JSON")
    if document.get("big"):
        raise TooLarge("grande")
    at = datetime(2026, 3, 18, tzinfo=UTC)
    address = Address("fake", "a", "1")
    for number in range(document["count"]):
        yield Inbound(f"{document['batch']}-{number}", at, address, "text", text=f"mensaje {number}")
    yield Receipt("ref", "delivered", at)


def _greet(query: Mapping[str, str]) -> str:
    if query.get("token") != "clave":
        raise BadSignature("token")
    return query["challenge"]


@pytest.fixture
def hooked(settings: Settings, clock: FrozenClock) -> House:
    return make_house(
        settings, clock=clock, webhooks=webhooks_of("fake", [("s3cr3t", "POST", _parse), ("s3cr3t", "GET", _greet)])
    )


HOOK = "/webhooks/fake/s3cr3t"
SIGNED = {"x-secret": "clave"}


async def test_every_event_of_a_batch_is_kept_before_200(hooked: House) -> None:
    async with client_of(hooked) as client:
        for _ in range(2):
            answer = await client.post(HOOK, content=b'{"batch": "b", "count": 50}', headers=SIGNED)
            assert (answer.status_code, answer.content) == (200, b"")
    assert len(hooked.echo.accepted) == 50
    assert len(hooked.echo.receipts) == 2


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"batch": "b", "count": 1}', {}, 401),
        (b"<html>", SIGNED, 400),
        (b'{"big": true}', SIGNED, 413),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, SIGNED, 400),
    ],
)
async def test_what_a_channel_refuses_is_refused_and_not_kept(
    hooked: House, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with client_of(hooked) as client:
        assert (await client.post(HOOK, content=body, headers=headers)).status_code == status
    assert hooked.echo.accepted == []


async def test_a_provider_must_try_again_when_the_database_is_away(hooked: House) -> None:
    hooked.records.is_away = True
    async with client_of(hooked) as client:
        answer = await client.post(HOOK, content=b'{"batch": "b", "count": 1}', headers=SIGNED)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_the_handshake_of_a_provider_is_answered_as_text(hooked: House) -> None:
    async with client_of(hooked) as client:
        answer = await client.get(HOOK, params={"token": "clave", "challenge": "123"})
        assert (answer.status_code, answer.text) == (200, "123")
        assert (await client.get(HOOK, params={"token": "otra"})).status_code == 401


async def test_the_secret_path_of_a_webhook_is_not_in_the_metrics(hooked: House) -> None:
    async with client_of(hooked) as client:
        await client.post(HOOK, content=b"x", headers=SIGNED)
        text = (await client.get("/metrics")).text
    assert "s3cr3t" not in text
    assert 'route="/webhooks/fake/…"' in text


def test_a_webhook_with_an_odd_method_stops_the_start() -> None:
    with pytest.raises(ValueError, match="GET or POST"):
        webhooks_of("fake", [("x", "PUT", _parse)])
    assert Webhook("fake", "x", "POST", parse=_parse).greet is None


async def test_meta_finds_its_handshake_and_its_door_at_one_address(settings: Settings, clock: FrozenClock) -> None:
    channel = make_channel(FakeWhatsApp())
    house = make_house(settings, clock=clock, webhooks=webhooks_of("whatsapp", webhook_routes(channel)))
    payload = signed(webhook(value(message("text", {"body": "hola"}))))
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    async with client_of(house) as client:
        greeted = await client.get("/webhooks/whatsapp/", params=query)
        refused = await client.get("/webhooks/whatsapp/", params=query | {"hub.verify_token": "otra"})
        taken = await client.post("/webhooks/whatsapp/", content=payload.body, headers=payload.headers)
        forged = await client.post("/webhooks/whatsapp/", content=payload.body + b" ", headers=payload.headers)
    await channel.close()

    assert (greeted.status_code, greeted.text) == (200, "1158201444")
    assert [answer.status_code for answer in (refused, taken, forged)] == [403, 200, 401]
    assert [event.text for event in house.echo.accepted] == ["hola"]


async def test_what_a_provider_says_of_templates_and_people_is_kept_before_its_messages(
    settings: Settings, clock: FrozenClock
) -> None:
    channel = make_channel(FakeWhatsApp())
    house = make_house(settings, clock=clock, webhooks=webhooks_of("whatsapp", webhook_routes(channel)))
    moved = message("system", {"type": "user_changed_number", "wa_id": "573209998877"}, number=2)
    payload = signed(webhook(value(message("text", {"body": "hola"}), moved)))
    async with client_of(house) as client:
        taken = await client.post("/webhooks/whatsapp/", content=payload.body, headers=payload.headers)
    await channel.close()

    assert taken.status_code == 200
    assert [type(one).__name__ for one in house.echo.news] == ["Moved"]
    assert [event.text for event in house.echo.accepted] == ["hola"]
