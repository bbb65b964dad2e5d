"""Health, metrics, files, cases: each door and who may open it."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import httpx
import pytest
from PIL import Image

from bot.kernel.clock import FrozenClock
from bot.kernel.config import Settings
from tests.web.fakes import CASE, CODE, House, client_of, make_house, tuned

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


async def upload(
    client: httpx.AsyncClient, bearer: dict[str, str], data: bytes, name: str = "foto.png"
) -> httpx.Response:
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
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntexto\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"file=x", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
async def test_a_broken_form_is_refused(
    client: httpx.AsyncClient, bearer: dict[str, str], body: bytes, kind: str
) -> None:
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
    assert (await client.get("/chat/api/documents/constancia/caso_1", headers=bearer)).status_code == 404
    body = {"client_msg_id": str(uuid.uuid4()), "text": "hola"}
    await client.post("/chat/api/messages", json=body, headers=bearer)
    await client.get("/chat/api/events?wait=2&after=0", headers=bearer)
    answer = await client.get("/chat/api/documents/constancia/caso_1", headers=bearer)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "application/pdf", b"%PDF")
    assert (await client.get("/chat/api/documents/constancia/caso_1")).status_code == 401


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
