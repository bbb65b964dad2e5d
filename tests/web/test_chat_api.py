"""The chat's doors: sessions, messages, the log, and what happens when somebody knocks badly."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import timedelta

import httpx
import pytest

from bot.kernel.clock import FrozenClock
from tests.web.fakes import House

BAD_MESSAGES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"client_msg_id": 7, "text": "hola"}',
    b'{"client_msg_id": "../../etc", "text": "hola"}',
    b'{"client_msg_id": "ID", "text": 5}',
    b'{"client_msg_id": "ID", "text": ["hola"]}',
    b'{"client_msg_id": "ID", "text": "   \\u0000\\n "}',
    b'{"client_msg_id": "ID", "token": "con espacio"}',
    b'{"client_msg_id": "ID", "token": 9}',
    b'{"client_msg_id": "ID", "point": [91, 0]}',
    b'{"client_msg_id": "ID", "point": [NaN, 0]}',
    b'{"client_msg_id": "ID", "point": [1e999, 0]}',
    b'{"client_msg_id": "ID", "point": ["4", "5"]}',
    b'{"client_msg_id": "ID", "point": [true, false]}',
    b'{"client_msg_id": "ID", "point": [4]}',
    b'{"client_msg_id": "ID", "file_id": "file_ajeno"}',
    b'{"client_msg_id": "ID", "file_id": {"a": 1}}',
    b'{"client_msg_id": "ID", "text": "hola", "reply_to": "drop table"}',
    b'\xff\xfe{"a":1}',
    b'{"client_msg_id": "ID", "text": "' + b"\xf0\x9f\x98\x80" * 10_001 + b'"}',
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'{"client_msg_id": "ID", "text": "hola", "x": ' + b"[" * 40 + b"]" * 40 + b"}",
    b'{"client_msg_id": "ID", "point": [' + b"9" * 5_000 + b", 1]}",
]


def message(text: str = "hola", **more: object) -> dict[str, object]:
    return {"client_msg_id": str(uuid.uuid4()), "text": text, **more}


async def events(
    client: httpx.AsyncClient, bearer: dict[str, str], after: int = -1, wait: int = 0
) -> dict[str, object]:
    answer = await client.get("/chat/api/events", params={"after": after, "wait": wait}, headers=bearer)
    assert answer.status_code == 200, answer.text
    page: dict[str, object] = answer.json()
    return page


async def test_a_message_is_answered_with_its_id_and_then_appears_in_the_log(
    client: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    sent = message("Buenos días, ¿cómo están?")
    answer = await client.post("/chat/api/messages", json=sent, headers=bearer)
    assert answer.status_code == 200
    assert answer.json() == {"id": 1, "new": True}
    page = await events(client, bearer, wait=5)
    mine, reply = page["items"]  # type: ignore[misc]
    assert (mine["from"], mine["id"], mine["text"]) == ("usted", sent["client_msg_id"], "Buenos días, ¿cómo están?")
    assert (reply["from"], reply["seq"], reply["text"]) == ("asistente", 2, "Usted escribió: Buenos días, ¿cómo están?")
    assert page["last_seq"] == 2


async def test_the_same_message_thirty_two_times_at_once_is_stored_once(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    house.services.clock.move(timedelta(hours=1))  # type: ignore[attr-defined]
    sent = message()
    answers = []
    for _ in range(2):
        answers += await asyncio.gather(
            *(client.post("/chat/api/messages", json=sent, headers=bearer) for _ in range(16))
        )
        house.services.clock.move(timedelta(seconds=11))  # type: ignore[attr-defined]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["id"] for answer in answers} == {1}
    assert len(house.echo.accepted) == 1


async def test_two_people_may_use_the_same_message_id(client: httpx.AsyncClient, house: House) -> None:
    sent = message()
    for _ in range(2):
        secret = (await client.post("/chat/api/sessions")).json()["session"]
        await client.post("/chat/api/messages", json=sent, headers={"Authorization": f"Bearer {secret}"})
    assert len(house.echo.accepted) == 2


async def test_nobody_reads_a_conversation_without_its_secret(
    client: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    await client.post("/chat/api/messages", json=message(), headers=bearer)
    for wrong in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Bearer " + "a" * 43},
        {"Authorization": "Basic YTpi"},
    ):
        answer = await client.get("/chat/api/events", headers=wrong)
        assert (answer.status_code, answer.json()["code"]) == (401, "sin_sesion")
    other = {"Authorization": f"Bearer {(await client.post('/chat/api/sessions')).json()['session']}"}
    assert (await events(client, other))["items"] == []


async def test_only_the_hash_of_the_secret_is_kept(client: httpx.AsyncClient, house: House) -> None:
    secret = (await client.post("/chat/api/sessions")).json()["session"]
    assert secret not in repr(house.records.__dict__)
    assert all(len(digest) == 64 for digest in house.records.sessions)


async def test_a_session_ends_after_thirty_idle_days_and_lives_while_it_is_used(
    client: httpx.AsyncClient, bearer: dict[str, str], clock: FrozenClock
) -> None:
    for _ in range(3):
        clock.move(timedelta(days=29))
        await events(client, bearer)
    clock.move(timedelta(days=30, seconds=1))
    answer = await client.get("/chat/api/events", headers=bearer)
    assert answer.status_code == 401


@pytest.mark.parametrize("body", BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
async def test_bad_messages_get_a_spanish_sentence_and_change_nothing(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House, body: bytes
) -> None:
    body = body.replace(b'"ID"', f'"{uuid.uuid4()}"'.encode())
    answer = await client.post("/chat/api/messages", content=body, headers=bearer)
    assert answer.status_code in {400, 413}
    assert set(answer.json()) == {"error", "code"}
    assert answer.json()["error"].endswith(".")
    assert house.echo.accepted == []


async def test_text_is_kept_literally_but_for_what_no_database_can_hold(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    written = "<script>alert(1)</script> {{7*7}} =HYPERLINK(1) ' OR 1=1 -- \u202ertl \u200dñ 😀"
    body = json.dumps({**message(), "text": f"\x00{written}\x07\ud800"}).encode()
    answer = await client.post("/chat/api/messages", content=body, headers=bearer)
    assert answer.status_code == 200
    assert house.echo.accepted[0].text == written + "\ufffd"


async def test_options_points_and_files_become_their_kinds(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    for more in ({"token": "o1-2", "text": "Alcantarillado", "reply_to": 4}, {"point": [4.2, -75.3], "text": ""}):
        assert (await client.post("/chat/api/messages", json=message(**more), headers=bearer)).status_code == 200
    choice, place = house.echo.accepted
    assert (choice.kind, choice.token, choice.text, choice.reply_to) == ("choice", "o1-2", "Alcantarillado", "4")
    assert (place.kind, place.point) == ("location", (4.2, -75.3))


async def test_a_link_that_is_not_of_the_web_never_leaves(client: httpx.AsyncClient, bearer: dict[str, str]) -> None:
    await client.post("/chat/api/messages", json=message("menú"), headers=bearer)
    page = await events(client, bearer, after=0, wait=5)
    [_, menu] = page["items"]  # type: ignore[misc]
    assert [option["label"] for option in menu["options"]] == ["Acueducto", "Alcantarillado", "Ver oficinas"]


async def test_a_long_poll_wakes_up_when_something_is_said(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    await client.post("/chat/api/messages", json=message(), headers=bearer)
    await events(client, bearer, wait=5)
    conversation_id = house.echo.accepted[0].address.key
    waiting = asyncio.create_task(events(client, bearer, after=2, wait=20))
    while not house.services.broadcaster.listeners(conversation_id):  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)
    house.echo.say(conversation_id, {"text": "Le escribe Ana."}, kind="staff")
    page = await asyncio.wait_for(waiting, 2)
    assert [item["from"] for item in page["items"]] == ["persona"]  # type: ignore[attr-defined]


async def test_a_poll_that_hears_nothing_ends_empty(client: httpx.AsyncClient, bearer: dict[str, str]) -> None:
    assert await events(client, bearer, after=0) == {"items": [], "last_seq": 0, "mode": "bot"}


async def test_a_page_that_opens_gets_the_recent_part_of_a_long_conversation(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    await client.post("/chat/api/messages", json=message(), headers=bearer)
    conversation_id = house.echo.accepted[0].address.key
    for number in range(300):
        house.echo.say(conversation_id, {"text": f"aviso {number}"})
    page = await events(client, bearer)
    assert len(page["items"]) == 100  # type: ignore[arg-type]
    whole = await events(client, bearer, after=0)
    assert len(whole["items"]) == 200  # type: ignore[arg-type]
    rest = await events(client, bearer, after=int(str(whole["last_seq"])))
    assert rest["last_seq"] == page["last_seq"]


@pytest.mark.parametrize("query", ["after=x", "after=-2", "after=1e3", "wait=-1", "after=" + "9" * 40, "after=%D9%A1"])
async def test_bad_numbers_in_a_poll_are_refused(client: httpx.AsyncClient, bearer: dict[str, str], query: str) -> None:
    assert (await client.get(f"/chat/api/events?{query}", headers=bearer)).status_code == 400


async def test_when_the_database_is_away_nothing_is_acknowledged(
    client: httpx.AsyncClient, bearer: dict[str, str], house: House
) -> None:
    house.records.is_away = True
    answer = await client.post("/chat/api/messages", json=message(), headers=bearer)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["code"] == "no_disponible"


async def test_too_many_messages_are_refused_until_the_window_is_over(
    client: httpx.AsyncClient, bearer: dict[str, str], clock: FrozenClock
) -> None:
    codes = [(await client.post("/chat/api/messages", json=message(), headers=bearer)).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    clock.move(timedelta(seconds=11))
    assert (await client.post("/chat/api/messages", json=message(), headers=bearer)).status_code == 200


async def test_another_site_cannot_post_for_a_person(client: httpx.AsyncClient, bearer: dict[str, str]) -> None:
    for foreign in (
        {"Origin": "https://mala.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8080.mala.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        answer = await client.post("/chat/api/messages", json=message(), headers={**bearer, **foreign})
        assert (answer.status_code, answer.json()["code"]) == (403, "origen")
    own = {**bearer, "Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/chat/api/messages", json=message(), headers=own)).status_code == 200
