"""Rasa's REST face: its clients talk to us unchanged, and only from this machine unless opened on purpose."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.kernel.config import Settings
from tests.web.fakes import House, client_of, make_house, tuned


async def test_rasa_clients_get_the_replies_of_their_turn(client: httpx.AsyncClient) -> None:
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "menú", "metadata": {}})
    [reply] = answer.json()
    assert reply == {
        "recipient_id": "u1",
        "text": "¿Qué servicio es?",
        "buttons": [
            {"title": "Acueducto", "payload": "/opcion:o1-1"},
            {"title": "Alcantarillado", "payload": "/opcion:o1-2"},
        ],
        "custom": {"links": [{"title": "Ver oficinas", "url": "https://empresa.example/oficinas"}]},
    }


async def test_a_rasa_button_comes_back_as_a_choice(client: httpx.AsyncClient, house: House) -> None:
    await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "/opcion:o1-2"})
    await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "/radicar_queja"})
    assert [(event.kind, event.token, event.text) for event in house.echo.accepted] == [
        ("choice", "o1-2", ""),
        ("text", None, "/radicar_queja"),
    ]


async def test_a_rasa_message_with_an_id_is_worked_once(client: httpx.AsyncClient, house: House) -> None:
    body = {"sender": "u1", "message": "hola", "metadata": {"message_id": "m-1"}}
    first = await client.post("/webhooks/rest/webhook", json=body)
    again = await client.post("/webhooks/rest/webhook", json=body)
    assert first.json() == again.json()
    assert len(house.echo.accepted) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sender": "", "message": "x"},
        {"sender": "a" * 200, "message": "x"},
        {"sender": 5, "message": "x"},
        {"sender": "u", "message": 5},
        {"sender": "u", "message": ""},
        {"sender": "u", "message": "x" * 10_001},
        {"sender": "u", "message": "x", "metadata": [1]},
        {"sender": "u", "message": "x", "metadata": {"message_id": {"a": 1}}},
        {"sender": "u\n", "message": "x"},
    ],
)
async def test_bad_rasa_messages_are_refused(client: httpx.AsyncClient, house: House, body: dict[str, Any]) -> None:
    assert (await client.post("/webhooks/rest/webhook", json=body)).status_code == 400
    assert house.echo.accepted == []


async def test_a_turn_that_takes_too_long_says_so(
    client: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.routes.rasa._WAIT_SECONDS", 0.01)
    house.echo.is_silent = True
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "hola"})
    assert (answer.status_code, answer.json()["code"]) == (504, "tarda")


async def test_the_tracker_shows_slots_and_events(client: httpx.AsyncClient, house: House) -> None:
    await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "hola"})
    house.records.states["rest:rest:u1"] = {"slots": {"cuenta": "12345"}, "stack": []}
    tracker = (await client.get("/conversations/u1/tracker")).json()
    assert (tracker["sender_id"], tracker["slots"], tracker["paused"]) == ("u1", {"cuenta": "12345"}, False)
    assert [event["event"] for event in tracker["events"]] == ["user", "bot"]
    assert tracker["latest_message"]["text"] == "hola"
    assert (await client.get("/conversations/nadie/tracker")).json()["events"] == []


async def test_a_sentence_is_parsed_in_rasas_shape(client: httpx.AsyncClient) -> None:
    parsed = (await client.post("/model/parse", json={"text": "hola"})).json()
    assert set(parsed) == {"text", "intent", "intent_ranking", "entities"}
    assert (await client.post("/model/parse", json={"text": 3})).status_code == 400


RASA = [
    ("POST", "/webhooks/rest/webhook"),
    ("POST", "/model/parse"),
    ("GET", "/conversations/u1/tracker"),
    ("GET", "/conversations/u1/documents/constancia/caso_1"),
    ("GET", "/webhooks/rest"),
]


@pytest.mark.parametrize(("method", "path"), RASA)
@pytest.mark.parametrize(
    "headers",
    [{"Host": "chat.empresa.example"}, {"X-Forwarded-For": "190.1.2.3"}, {"Forwarded": "for=190.1.2.3"}],
    ids=["rebound name", "behind a proxy", "behind another proxy"],
)
async def test_rasas_face_is_only_for_this_machine(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert answer.status_code == 403


@pytest.mark.parametrize(("method", "path"), RASA)
async def test_rasas_face_is_not_there_when_the_server_faces_the_world(
    settings: Settings, method: str, path: str
) -> None:
    house = make_house(tuned(settings, server={"host": "0.0.0.0"}))
    async with client_of(house) as client:
        assert (await client.request(method, path, json={} if method == "POST" else None)).status_code == 404


async def test_rasas_face_can_be_opened_on_purpose(settings: Settings) -> None:
    house = make_house(tuned(settings, server={"host": "0.0.0.0"}, rest={"activo": True}))
    async with client_of(house, host="rasa.empresa.example") as client:
        assert (await client.post("/webhooks/rest/webhook", json={"sender": "u", "message": "hola"})).status_code == 200
