"""Rasa's face, webhooks, health, metrics, files, cases: each door and who may open it."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.channels.base import Address, Inbound, Receipt
from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from bot.kernel.errors import BadSignature, Malformed, TooLarge
from bot.web.app import create_app
from bot.web.webhooks import Webhook, webhooks_of
from tests.web.fakes import CASE, CODE, House, make_house, tuned


def client_of(house: House, peer: str = "127.0.0.1", host: str = "localhost:8080") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(house.services), client=(peer, 5000))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


# --- Rasa's face


async def test_rasa_clients_get_the_replies_of_their_turn(client: httpx.AsyncClient) -> None:
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "u1", "message": "menú", "metadata": {}})
    [reply] = answer.json()
    assert reply == {
        "recipient_id": "u1",
        "text": "¿Qué servicio es?",
        "buttons": [
            {"title": "Acueducto", "payload": "/opcion:o1-1"},
            {"title": "Alcantarillado", "payload": "/opcion:o1-2"},
            {"title": "Trampa", "payload": "/opcion:o1-4"},
        ][:2]
        + reply["buttons"][2:],
        "custom": {"links": reply["custom"]["links"]},
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
    ("GET", "/conversations/u1/constancias/caso_1"),
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


# --- webhooks


def _parse(body: bytes, headers: Mapping[str, str]) -> Iterable[Inbound | Receipt]:
    if headers.get("x-secret") != "clave":
        raise BadSignature("firma")
    document = json.loads(body) if body.startswith(b"{") else None
    if document is None:
        raise Malformed("no es JSON")
    if document.get("big"):
        raise TooLarge("grande")
    at = FrozenClock.__dict__ and __import__("datetime").datetime.now(__import__("datetime").UTC)
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
    return make_house(settings, clock=clock, webhooks=webhooks_of("fake", [("s3cr3t", "POST", _parse), ("s3cr3t", "GET", _greet)]))


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


# --- health, metrics, status


async def test_health_tells_ready_from_down(client: httpx.AsyncClient, house: House) -> None:
    assert (await client.get("/health")).json() == {"status": "ok", "checks": {"base_de_datos": True}}
    house.is_ready = False
    assert (await client.get("/health")).status_code == 503
    assert (await client.get("/live")).status_code == 200


async def test_metrics_count_routes_without_people(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    await client.post("/chat/api/messages", json={"client_msg_id": str(uuid.uuid4()), "text": "hola"}, headers=bearer)
    await client.get("/chat/api/files/file_3001112233", headers=bearer)
    await client.get("/no-existe/3001112233")
    text = (await client.get("/metrics")).text
    assert 'atiende_inbound_total{channel="webchat",outcome="new"} 1' in text
    assert 'atiende_http_requests_total{route="/chat/api/files/{file_id}",status="404"} 1' in text
    assert 'atiende_outbox_rows{state="queued"} 3' in text
    assert "3001112233" not in text
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2
    assert house.echo.accepted[0].address.user not in text


@pytest.mark.parametrize("host", ["metricas.empresa.example"])
async def test_metrics_are_closed_to_the_outside(house: House, settings: Settings, host: str) -> None:
    async with client_of(house, host=host) as client:
        assert (await client.get("/metrics")).status_code == 403
    async with client_of(make_house(tuned(settings, metricas={"activo": False}))) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_the_status_lists_outages_by_sector(client: httpx.AsyncClient, house: House, clock: FrozenClock) -> None:
    house.outages += [{"servicio": "agua", "sector": "El Prado"}, {"servicio": "agua", "sector": "La Loma"}]
    assert len((await client.get("/status")).json()["interrupciones"]) == 2
    assert (await client.get("/status?sector=la%20loma")).json()["interrupciones"] == [house.outages[1]]
    house.outages.clear()
    assert len((await client.get("/status")).json()["interrupciones"]) == 2
    clock.move(timedelta(seconds=16))
    assert (await client.get("/status")).json()["interrupciones"] == []


# --- files


def png(size: tuple[int, int] = (20, 10)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size).save(target, "PNG")
    return target.getvalue()


async def upload(client: httpx.AsyncClient, bearer: dict[str, str], data: bytes, name: str = "foto.png") -> httpx.Response:
    return await client.post("/chat/api/files", files={"file": (name, data, "image/png")}, headers=bearer)


async def test_a_file_is_kept_sent_and_read_back_by_its_owner_only(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    kept = (await upload(client, bearer, png(), "../fuga.png")).json()
    assert (kept["kind"], kept["mime"], kept["name"]) == ("image", "image/png", "fuga.png")
    body = {"client_msg_id": str(uuid.uuid4()), "file_id": kept["file_id"], "text": "así está la calle"}
    assert (await client.post("/chat/api/messages", json=body, headers=bearer)).status_code == 200
    [event] = house.echo.accepted
    assert (event.kind, event.text, event.media[0].ref) == ("media", "así está la calle", f"file:{kept['file_id']}")
    back = await client.get(f"/chat/api/files/{kept['file_id']}", headers=bearer)
    assert back.headers["content-disposition"].startswith("attachment")
    assert back.headers["x-content-type-options"] == "nosniff"
    other = {"Authorization": f"Bearer {(await client.post('/chat/api/sessions')).json()['session']}"}
    assert (await client.get(f"/chat/api/files/{kept['file_id']}", headers=other)).status_code == 404
    stolen = {"client_msg_id": str(uuid.uuid4()), "file_id": kept["file_id"]}
    assert (await client.post("/chat/api/messages", json=stolen, headers=other)).status_code == 400


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "archivo_vacio"),
        (b"<svg/>", 415, "archivo_tipo"),
        (b"\x89PNG\r\n\x1a\n roto", 400, "archivo_danado"),
        (b"%PDF-1.4 /JavaScript (x)", 415, "archivo_activo"),
    ],
)
async def test_a_file_that_is_refused_says_why(
    client: httpx.AsyncClient, bearer: dict[str, str], data: bytes, status: int, code: str
) -> None:
    answer = await upload(client, bearer, data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\nhola\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\ngarbage", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntexto\r\n--x--\r\n', "multipart/form-data; boundary=x"),
        (b"file=x", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
async def test_a_broken_form_is_refused(client: httpx.AsyncClient, bearer: dict[str, str], body: bytes, kind: str) -> None:
    answer = await client.post("/chat/api/files", content=body, headers={**bearer, "Content-Type": kind})
    assert answer.status_code in {400, 415}, answer.text


async def test_one_person_cannot_fill_the_disk(
    client: httpx.AsyncClient, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.routes.files._DAILY_BYTES", 10)
    assert (await upload(client, bearer, png())).status_code == 201
    assert (await upload(client, bearer, png())).json()["code"] == "demasiados_archivos"


async def test_a_constancia_is_handed_only_to_the_conversation_that_filed_it(
    client: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    assert (await client.get("/chat/api/constancias/caso_1", headers=bearer)).status_code == 404
    body = {"client_msg_id": str(uuid.uuid4()), "text": "hola"}
    await client.post("/chat/api/messages", json=body, headers=bearer)
    await client.get("/chat/api/events?wait=2&after=0", headers=bearer)
    answer = await client.get("/chat/api/constancias/caso_1", headers=bearer)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "application/pdf", b"%PDF")
    assert (await client.get("/chat/api/constancias/caso_1")).status_code == 401


# --- a case by its code


async def ask_case(client: httpx.AsyncClient, radicado: object, codigo: object) -> httpx.Response:
    return await client.post("/constancia/api/consulta", json={"radicado": radicado, "codigo": codigo})


async def test_a_case_opens_with_its_code_and_spaces_do_not_matter(client: httpx.AsyncClient) -> None:
    answer = await ask_case(client, " 2026001-0000012 ", CODE.lower()[:4] + " " + CODE[4:])
    assert (answer.status_code, answer.json()["estado"]) == (200, CASE.estado)
    assert answer.headers["cache-control"] == "no-store"


async def test_an_unknown_radicado_and_a_wrong_code_look_the_same(client: httpx.AsyncClient) -> None:
    one = await ask_case(client, "20269999999999", CODE)
    other = await ask_case(client, CASE.radicado, "AAAAAAAA")
    assert (one.status_code, one.content) == (other.status_code, other.content) == (404, one.content)


async def test_after_too_many_tries_there_is_no_answer(client: httpx.AsyncClient) -> None:
    for _ in range(5):
        await ask_case(client, CASE.radicado, "AAAAAAAA")
    assert (await ask_case(client, CASE.radicado, CODE)).json()["code"] == "muchos_intentos"


@pytest.mark.parametrize(("radicado", "codigo"), [(5, "x"), ("", ""), ("abc", CODE), ("2026", "' OR 1"), ([1], {})])
async def test_bad_case_numbers_are_refused_before_anybody_looks(
    client: httpx.AsyncClient, house: House, radicado: object, codigo: object
) -> None:
    assert (await ask_case(client, radicado, codigo)).status_code == 400
    assert house.tries == []
