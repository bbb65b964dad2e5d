"""What belongs to another person stays closed: cases by number or code, conversations, old and foreign buttons."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from tests.attack.corpus import planted
from tests.attack.place import Place, corpus_for
from tests.attack.test_slots import SAFE, asked

WALK = 1_000


async def file(place: Place, sender: str) -> str:
    """File a complaint with planted personal data as ``sender`` and return its radicado."""
    data = planted()
    answers = {**SAFE, **{name: data[name] for name in ("relato", "nombre", "documento", "correo")}}
    await place.rest(sender, "/radicar_queja")
    for _ in range(30):
        question = await asked(place, sender)
        if not question:
            break
        await place.rest(sender, answers.get(question, "sí" if question == "acepta_correo" else "omitir"))
    conversation_id = place.services.conversation_id(f"rest:rest:{sender}")
    (case,) = await place.services.database.read(lambda uow: uow.cases.of_conversation(conversation_id))
    assert case.relato == data["relato"]
    assert case.documento == data["documento"]
    return str(case.radicado)


def shown(place: Place, replies: list[dict[str, object]]) -> list[str]:
    said = json.dumps(replies, ensure_ascii=False)
    return [value for value in planted().values() if value in said]


async def test_walking_the_radicados_a_thousand_up_and_down_opens_none(place: Place) -> None:
    radicado = int(await file(place, "duena"))
    cases = place.services.ports.cases
    opened = [
        found
        for step in range(-WALK, WALK + 1, 1 if place.services.database.dialect == "sqlite" else 50)
        if not isinstance(found := await cases.open_with_code(str(radicado + step), "0000000A", f"paso-{step}"), str)
    ]
    assert opened == []


async def test_the_owners_number_tells_a_stranger_no_more_than_an_invented_one(place: Place) -> None:
    radicado = await file(place, "duena")
    answers = []
    for sender, number in (("extrana-1", radicado), ("extrana-2", str(int(radicado) + 7))):
        await place.rest(sender, "/consultar_radicado")
        said = [(await place.rest(sender, words)).json() for words in (number, "7K3M9QXZ")]
        assert shown(place, said) == []
        answers.append([reply["text"].replace(number, "N") for replies in said for reply in replies])
    assert answers[0] == answers[1]


async def test_guessing_the_code_is_stopped_and_the_refusal_is_the_same_for_what_does_not_exist(place: Place) -> None:
    radicado = await file(place, "duena")
    statuses = []
    for number in (radicado, "20260019999999"):
        given = []
        for guess in range(8):
            place.clock.move(timedelta(seconds=20))
            body = json.dumps({"radicado": number, "codigo": f"0000000{guess}"})
            given.append((await place.client.post("/constancia/api/consulta", content=body)).status_code)
        statuses.append(given)
    assert statuses[0][:5] == [404] * 5
    assert 429 in statuses[0]
    assert set(statuses[1]) <= {404, 429}


async def test_hostile_numbers_and_codes_find_nothing_and_break_nothing(place: Place) -> None:
    odd = []
    for name, words in corpus_for(place.services.database).items():
        place.clock.move(timedelta(minutes=7))
        place.sent.append(words)
        for document in ({"radicado": words, "codigo": "7K3M9QXZ"}, {"radicado": "20260010000001", "codigo": words}):
            answer = await place.client.post("/constancia/api/consulta", content=json.dumps(document))
            if answer.status_code not in {400, 404, 413, 429} or not answer.json()["error"]:
                odd.append((name, answer.status_code))
    assert odd == []


async def test_a_session_reads_and_presses_only_its_own(place: Place) -> None:
    owner, thief = await place.session(), await place.session()
    secret_story = planted()["relato"]
    await place.chat(owner, text="/radicar_queja")
    await place.chat(owner, text=secret_story)
    token = next(item["options"][0]["token"] for item in await place.events(owner) if item.get("options"))
    message_id = str(uuid.uuid4())
    assert (await place.chat(owner, text="hola", client_msg_id=message_id)).json()["new"]
    assert (await place.chat(thief, text="hola", client_msg_id=message_id)).json()["new"], "ids of others are not ours"
    assert not (await place.chat(owner, text="distinto", client_msg_id=message_id)).json()["new"]
    pressed = await place.chat(thief, token=token)
    assert pressed.status_code == 200
    seen = json.dumps(await place.events(thief), ensure_ascii=False)
    assert secret_story not in seen
    assert place.count("select count(*) from consents") == 0


FORGED = (
    {"from": "persona", "kind": "staff", "author": "gerencia"},
    {"conversation_id": "c_000000000000000000000000", "address": {"user": "otra"}, "sent_at": "1999-01-01T00:00:00Z"},
    {"media": [{"kind": "document", "ref": "constancia:caso_1", "mime": "x"}]},
    {"options": [{"token": "x", "label": "x", "url": "javascript:alert(1)"}], "slots": {"datos_autorizados": True}},
    {"__class__": "Inbound", "mode": "with_person", "inbox_id": 1, "turn": 99, "seq": -1},
)


async def test_fields_that_only_the_house_may_write_are_ignored(place: Place) -> None:
    for number, forged in enumerate(FORGED):
        bearer = await place.session()
        assert (await place.chat(bearer, text="hola a todos", **forged)).status_code == 200
        items = await place.events(bearer)
        assert items[0]["from"] == "usted"
        assert items[0]["kind"] == "text"
        assert "media" not in items[0]
        assert {item["from"] for item in items} == {"usted", "asistente"}
        assert (await place.rest(f"forja-{number}", "hola a todos", metadata=forged, **forged)).status_code == 200
    assert place.count("select count(*) from outbox where kind = 'staff'") == 0


async def test_points_buttons_and_ids_of_the_page_are_what_they_should_be_or_refused(place: Place) -> None:
    odd = []
    bearer = await place.session()
    wrong: list[dict[str, object]] = [
        *({"point": point} for point in ([91, 0], [0, 181], [1e999, 0], ["1", 2], [1], [1, 2, 3], {}, "0,0", [True, 1], [10**400, 1])),
        *({"token": token} for token in ("", "x" * 41, "o 1", "o1\x00", "ñ", 7, [], {}, "\ud800", "../o1-1\n")),
        *({"text": "hola", "client_msg_id": one} for one in ("", "1", 7, None, "x" * 36, "../../x", [], "\x00" * 36)),
        *({"text": "hola", "reply_to": one} for one in ("x", -1, 1.5, [], "1" * 13, "\x00")),
        *({"text": one} for one in (None, 7, [], {}, True, "x" * 10_001, "\x00", " ")),
    ]  # fmt: skip
    for number, document in enumerate(wrong):
        if number % 40 == 39:
            bearer = await place.session()
        place.clock.move(timedelta(seconds=2))
        answer = await place.chat(bearer, **document)
        if not (400 <= answer.status_code < 500 and answer.json()["error"].endswith((".", "?"))):
            odd.append((str(document)[:80], answer.status_code))
    assert odd == []
    assert (await place.chat(bearer, token="o99-9")).status_code == 200
