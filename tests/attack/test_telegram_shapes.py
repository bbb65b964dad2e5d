"""Updates of any shape with the right secret, and any request without it; each person gets at most one answer an update."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.attack.place import TELEGRAM, Place, telegram_path
from tests.support.fake_telegram import PERSON

CHAT = {"id": PERSON, "type": "private", "first_name": "Persona"}
SENDER = {"id": PERSON, "is_bot": False, "first_name": "Persona"}
MESSAGE: dict[str, Any] = {"message_id": 1, "date": 1_773_848_000, "chat": CHAT, "from": SENDER, "text": "hola"}
QUERY: dict[str, Any] = {"id": "1", "from": SENDER, "chat_instance": "c", "data": "o1-1", "message": MESSAGE}
STRANGE: tuple[Any, ...] = (
    None, True, float("nan"), float("-inf"), -1, 0, 1.5, 10**30, -(10**18), "", "x", "\x00", "\ud800", [], [[]], {}, {"id": {}}, {"a": [1] * 50}, "9" * 5_000,
)  # fmt: skip
MEMBERS = ("message_id", "date", "chat", "from", "text", "caption", "photo", "document", "location", "contact", "entities",
           "reply_to_message", "forward_origin", "voice", "sticker", "venue", "web_app_data")  # fmt: skip


def shapes() -> list[dict[str, Any]]:
    """Return one update for each member that is not what it should be."""
    made: list[dict[str, Any]] = []
    for strange in STRANGE:
        made += [
            {kind: strange} for kind in ("message", "edited_message", "callback_query", "my_chat_member", "no_existe")
        ]
        made += [{"message": {**MESSAGE, member: strange}} for member in MEMBERS]
        made += [{"message": {**MESSAGE, "chat": {**CHAT, member: strange}}} for member in ("id", "type", "first_name")]
        made += [
            {"message": {**MESSAGE, "from": {**SENDER, member: strange}}} for member in ("id", "is_bot", "first_name")
        ]
        made += [{"callback_query": {**QUERY, member: strange}} for member in ("id", "from", "data", "message")]
        for point in ({"latitude": strange, "longitude": 1}, {"latitude": 1e308, "longitude": strange}):
            located = {key: value for key, value in MESSAGE.items() if key != "text"}
            made.append({"message": {**located, "location": point}})
    return made


async def test_no_shape_of_an_update_holds_up_those_behind_it(place: Place) -> None:
    path, odd = telegram_path(place), []
    every = 1 if place.services.database.dialect == "sqlite" else 5
    for number, update in enumerate(shapes()[::every], start=1):
        body = json.dumps({"update_id": number, **update})
        answer = await place.client.post(path, content=body, headers=TELEGRAM)
        if answer.status_code not in {200, 400}:
            odd.append((answer.status_code, body[:200]))
    await place.services.lanes.idle()
    assert odd == []
    # Nothing that is no place on earth reached a conversation.
    rows = place.services.database.read_now(lambda uow: [uow.inbox.get(number) for number in range(1, 2_000)])
    points = [row.payload["point"] for row in rows if row is not None and row.payload.get("point")]
    assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in points)
    assert place.count("select count(*) from inbox where channel = 'telegram'") > 50


async def test_one_update_delivered_again_changed_or_not_is_taken_once(place: Place) -> None:
    path = telegram_path(place)
    for words in ("hola", "hola", "otra cosa", "/radicar_queja"):
        body = json.dumps({"update_id": 77, "message": {**MESSAGE, "text": words}})
        assert (await place.client.post(path, content=body, headers=TELEGRAM)).status_code == 200
    await place.services.lanes.idle()
    assert place.count("select count(*) from inbox") == 1


async def test_without_the_secret_nothing_is_stored(place: Place) -> None:
    path, name = telegram_path(place), next(iter(TELEGRAM))
    body = json.dumps({"update_id": 78, "message": MESSAGE})
    secret = TELEGRAM[name]
    for given in (
        "",
        secret[:-1],
        secret + " x",
        secret.upper(),
        "x" * 10_000,
        "ñ",
        secret.encode("utf-16").decode("latin-1"),
    ):
        answer = await place.client.post(path, content=body, headers={name: given.encode("utf-8")})
        assert answer.status_code == 401, given
    assert (await place.client.post(path, content=body)).status_code == 401
    for other in ("/webhooks/telegram/", "/webhooks/telegram/x", f"{path}/x", path[:-1]):
        assert (await place.client.post(other, content=body, headers=TELEGRAM)).status_code == 404
    assert (await place.client.get(path, headers=TELEGRAM)).status_code == 405
    assert place.count("select count(*) from inbox") == 0


async def test_nobody_is_another_person_by_what_an_update_claims_inside(place: Place) -> None:
    """Forwarded, quoted and shared things carry other people's ids; only the chat says who talks."""
    path = telegram_path(place)
    other = {"id": 1_999_999, "is_bot": False, "first_name": "Otra"}
    claims: list[dict[str, Any]] = [
        {"forward_origin": {"type": "user", "date": 1, "sender_user": other}},
        {"reply_to_message": {**copy.deepcopy(MESSAGE), "from": other, "chat": {**CHAT, "id": 1_999_999}}},
        {"via_bot": {**other, "is_bot": True}},
        {"contact": {"phone_number": "+573009998877", "first_name": "Otra", "user_id": 1_999_999}},
        {"sender_chat": {"id": 1_999_999, "type": "channel", "title": "Gerencia"}},
        {"author_signature": "Gerencia"},
    ]
    for number, claim in enumerate(claims, start=500):
        place.sent.append("+573009998877")
        body = json.dumps({"update_id": number, "message": {**MESSAGE, "from": SENDER, **claim}})
        assert (await place.client.post(path, content=body, headers=TELEGRAM)).status_code == 200
    await place.services.lanes.idle()
    assert place.count("select count(distinct conversation_id) from inbox") == 1
    assert place.count("select count(*) from outbox where kind = 'staff'") == 0
