"""Webhooks of any shape that Meta's secret signs: none holds up the others, none is lost, none speaks for another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.attack.place import Place
from tests.attack.test_telegram_shapes import STRANGE
from tests.channels.case_whatsapp import signed
from tests.support.databases import Databases
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE, message, value, webhook

DOOR = "/webhooks/whatsapp/"
TEXT = message("text", {"body": "hola"})
STATUS = {"id": "wamid.sale", "status": "delivered", "timestamp": "1773848000", "recipient_id": PHONE}
KINDS = (
    "text",
    "button",
    "location",
    "contacts",
    "image",
    "interactive",
    "system",
    "edit",
    "reaction",
    "order",
    "nuevo",
)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Yield one kind of database: shapes are told apart before it."""
    with databases.url("sqlite") as url:
        yield url


async def post(place: Place, document: object) -> httpx.Response:
    payload = signed(json.dumps(document).encode())
    return await place.client.post(DOOR, content=payload.body, headers=payload.headers)


def shapes() -> list[dict[str, Any]]:
    """Return one webhook for each part that is not what it should be; each carries a good message besides."""
    made: list[dict[str, Any]] = []
    for at, strange in enumerate(STRANGE):
        good = message("text", {"body": "sigo aquí"}, number=10_000 + at)
        messages: list[Any] = [{**TEXT, member: strange} for member in ("from", "from_user_id", "timestamp", "type")]
        messages += [{**TEXT, "context": strange}, {**TEXT, "context": {"id": strange, "from": strange}}, strange]
        messages += [message(kind, strange) for kind in KINDS]
        messages += [message("interactive", {"type": kind, kind: strange}) for kind in ("button_reply", "nfm_reply")]
        messages += [message("location", {"latitude": strange, "longitude": 1, "name": strange})]
        messages += [message("document", {"id": strange, "mime_type": strange, "filename": strange})]
        messages += [message("contacts", [strange, {"phones": strange}, {"phones": [strange]}])]
        messages += [message("edit", {"original_message_id": strange, "message": strange})]
        named = [one for one in messages if isinstance(one, dict)]
        for number, one in enumerate(named):
            one["id"] = strange if number == 0 else f"wamid.raro{at}.{number}"
        statuses = [
            {**STATUS, member: strange} for member in (*STATUS, "errors", "pricing", "biz_opaque_callback_data")
        ]
        made.append(webhook(value(*messages, good, statuses=[strange, *statuses], errors=strange)))
        for odd in (
            {"contacts": strange},
            {"contacts": [strange, {"profile": strange, "wa_id": strange, "user_id": strange}]},
            {"metadata": strange},
            {"metadata": {"phone_number_id": strange}},
        ):
            made.append(webhook({**value(message("text", {"body": "hola"}, number=20_000 + len(made))), **odd}))
        made.append({**webhook(value(strange)), "entry": [strange, {"changes": strange}, {"changes": [strange]}]})  # type: ignore[arg-type]
        made.append(webhook(strange, field="messages"))  # type: ignore[arg-type]
        made.append(webhook({"messages": strange}, field="account_update"))
        made.append(webhook(value(TEXT), field=strange))
    return made


async def test_no_shape_of_a_webhook_holds_up_what_came_with_it(place: Place) -> None:
    odd = []
    for document in shapes():
        answer = await post(place, document)
        if answer.status_code != 200:
            odd.append((answer.status_code, json.dumps(document)[:200]))
    await place.services.lanes.idle()
    assert odd == []
    kept = place.services.database.read_now(lambda uow: [uow.inbox.get(number) for number in range(1, 3_000)])
    texts = [row.payload["text"] for row in kept if row is not None]
    assert texts.count("sigo aquí") == len(STRANGE)
    points = [row.payload["point"] for row in kept if row is not None and row.payload.get("point")]
    assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in points)


async def test_a_webhook_for_another_number_leaves_nothing_here(place: Place) -> None:
    place.sent.append("esto era para otra empresa")
    other = message("text", {"body": "esto era para otra empresa"})
    answer = await post(place, webhook(value(other, number_id="999999999999999", statuses=[STATUS])))
    assert answer.status_code == 200
    assert place.count("select count(*) from inbox") == 0


async def test_a_thousand_updates_in_one_request_are_all_kept_and_answered(place: Place) -> None:
    batch: list[Any] = []
    for number in range(1_000):
        person = {"from": f"5730000000{number % 10}", "from_user_id": f"CO.{number % 10}", "id": f"wamid.lote{number}"}
        batch.append({**message("text", {"body": f"mensaje {number} del lote"}), **person})
    poison = [None, 7, {"id": [], "type": {}}, {"type": "text"}, {**TEXT, "from": None, "from_user_id": None}]
    statuses = [{**STATUS, "id": f"wamid.sale{number}"} for number in range(200)]
    document = webhook(value(*poison, *batch[:500], contacts=[]), value(*batch[500:], contacts=[], statuses=statuses))
    for _ in range(2):
        assert (await post(place, document)).status_code == 200
    await place.services.lanes.idle()
    assert place.count("select count(*) from inbox") == 1_000
    assert place.count("select count(distinct conversation_id) from inbox") == 10


async def test_nobody_is_another_person_by_what_a_message_claims_inside(place: Place) -> None:
    """Quoted, forwarded and shared things carry other people's numbers; only the sender says who talks."""
    claims: list[dict[str, Any]] = [
        {"context": {"forwarded": True, "frequently_forwarded": True, "from": "573009998877", "id": "wamid.otra"}},
        {"referral": {"source_url": "https://malo.example", "body": "asesor"}},
        {"identity": {"acknowledged": True, "hash": "x"}},
        {"kind": "staff", "author": "gerencia", "address": {"user": "573009998877"}},
    ]
    for number, claim in enumerate(claims, start=500):
        assert (
            await post(place, webhook(value({**message("text", {"body": "hola"}, number=number), **claim})))
        ).status_code == 200
    shared = [
        {"name": {"formatted_name": "Gerencia"}, "phones": [{"phone": "+57 300 999 8877", "wa_id": "573009998877"}]}
    ]
    place.sent.append("573009998877")
    assert (await post(place, webhook(value(message("contacts", shared, number=600))))).status_code == 200
    # A second contact in the change does not become who wrote.
    two = [{"wa_id": "573009998877", "user_id": "CO.otra"}, {"wa_id": PHONE, "user_id": PERSON}]
    await post(place, webhook(value(message("text", {"body": "hola"}, number=601), contacts=two)))
    await place.services.lanes.idle()
    assert place.count("select count(distinct conversation_id) from inbox") == 1
    assert place.count("select count(*) from outbox where kind = 'staff'") == 0


async def test_a_body_that_was_signed_for_others_or_by_others_is_refused(place: Place) -> None:
    payload = signed(json.dumps(webhook(value(TEXT))).encode())
    ((name, good),) = payload.headers.items()
    for given in (
        "",
        good[:-1],
        good.upper(),
        good.removeprefix("sha256="),
        f"sha1={good[7:]}",
        "sha256=" + "0" * 64,
        "ñ",
        "x" * 9_000,
    ):
        answer = await place.client.post(DOOR, content=payload.body, headers={name: given.encode()})
        assert answer.status_code == 401, given
    changed = payload.body.replace(NUMBER_ID.encode(), b"1" * len(NUMBER_ID))
    assert (await place.client.post(DOOR, content=changed, headers=payload.headers)).status_code == 401
    assert (await place.client.post(DOOR, content=payload.body)).status_code == 401
    assert place.count("select count(*) from inbox") == 0
