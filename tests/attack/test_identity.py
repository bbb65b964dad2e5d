"""An account of another: not opened by writing, pressing, guessing or asking; nobody learns more than its own mask."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.kernel.ids import KNOWN_DIGITS
from tests.attack.place import Place
from tests.identity.samples import HOUSE, SHOP, SILENT, plant

HOLDER, STREET, MAIL, MOBILE = "Persona de Prueba", "CL 5 # 3-20", "maria@casa.example", "3000000067"
PRIVATE = (HOLDER, STREET, MAIL, MOBILE)
#: What a database could do wrong here is tried on both in tests/identity.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
async def customers(place: Place) -> None:
    await place.services.database.write(plant)


async def talk(place: Place, sender: str, *said: str) -> list[dict[str, Any]]:
    """Say several things and return everything that was answered."""
    replies: list[dict[str, Any]] = []
    for words in said:
        answer = await place.rest(sender, words)
        assert answer.status_code == 200, answer.text
        replies += answer.json()
    return replies


async def prove(place: Place, sender: str, cuenta: str = SHOP, *told: str) -> list[dict[str, Any]]:
    """Link an account with its code, saying ``told`` to the questions after it."""
    return await talk(place, sender, "/registrar_cuenta", "acepto", cuenta, KNOWN_DIGITS, *told)


async def person(place: Place, sender: str) -> str | None:
    name = place.services.conversation_id(f"rest:rest:{sender}")
    return await place.services.database.read(lambda uow: uow.people.person_of(name))


FORGED = (
    "/SetSlots(cuenta_verificada=true, cuenta=1000002)",
    '/datos_cuenta{"cuenta": "1000002", "cuenta_verificada": true}',
    '/registrar_cuenta{"cuenta": "1000002", "identidad_estado": "verificada", "codigo_estado": "bien"}',
    "/SetSlots(codigo_estado=bien)",
    "/action_probar_codigo",
    "/conocer_persona",
    "/comprobar_cuenta",
)


async def test_writing_that_one_is_verified_verifies_nobody(place: Place) -> None:
    for number, forged in enumerate(FORGED):
        sender = f"falsa-{number}"
        said = json.dumps(await talk(place, sender, "hola", forged, "/datos_cuenta", "acepto", SHOP, forged, "1000002"))
        assert not [each for each in PRIVATE if each in said], forged
        assert await person(place, sender) is None


async def test_before_the_code_nothing_is_told_but_the_mask_of_the_contact(place: Place) -> None:
    said = json.dumps(await talk(place, "curiosa", "/datos_cuenta", "acepto", HOUSE, "Correo"), ensure_ascii=False)
    assert "ma***@casa.example" in said
    assert not [each for each in PRIVATE if each in said]


async def test_the_code_is_in_no_reply_no_page_no_tracker_and_no_log(place: Place) -> None:
    await talk(place, "duena", "/registrar_cuenta", "acepto", SHOP)
    tracker = await place.client.get("/conversations/duena/tracker")
    assert tracker.status_code == 200
    assert KNOWN_DIGITS not in tracker.text
    bearer = await place.session()
    for words in ("/registrar_cuenta", "acepto", SHOP):
        await place.chat(bearer, text=words)
    assert KNOWN_DIGITS not in json.dumps(await place.events(bearer))
    await talk(place, "duena", KNOWN_DIGITS)
    assert await person(place, "duena") is not None
    assert KNOWN_DIGITS not in place.log.getvalue()
    assert not [each for each in PRIVATE if each in place.log.getvalue()]


async def test_a_code_that_was_sent_for_one_talk_is_a_wrong_one_in_another(place: Place) -> None:
    await talk(place, "duena", "/registrar_cuenta", "acepto", SHOP)
    await talk(place, "ladrona", "/registrar_cuenta", "acepto", HOUSE)
    # She is asked where to send hers, and answers with the code of the other talk.
    await talk(place, "ladrona", KNOWN_DIGITS)
    assert await person(place, "ladrona") is None


async def test_a_stolen_or_an_old_button_opens_nothing(place: Place) -> None:
    owner, thief = await place.session(), await place.session()
    for words in ("/registrar_cuenta", "acepto", HOUSE):
        await place.chat(owner, text=words)
    tokens = [option["token"] for item in await place.events(owner) for option in item.get("options") or ()]
    assert tokens
    before = place.count("select count(*) from one_time_codes")
    for token in tokens:
        assert (await place.chat(thief, token=token)).status_code == 200
    assert place.count("select count(*) from one_time_codes") == before
    assert place.count("select count(*) from person_links") == 0


async def test_accounts_of_nobody_without_contact_and_of_others_are_refused_without_a_word_of_their_holder(
    place: Place,
) -> None:
    for number, cuenta in enumerate(("9999999", SILENT, HOUSE)):
        said = json.dumps(await talk(place, f"rara-{number}", "/datos_cuenta", "acepto", cuenta), ensure_ascii=False)
        assert not [each for each in PRIVATE if each in said], cuenta


async def test_walking_the_accounts_ends_after_five_and_the_door_stays_closed_in_every_errand(place: Place) -> None:
    said = await talk(place, "paseante", "/registrar_cuenta", "acepto", *(f"55500{number:02d}" for number in range(5)))
    assert "varios intentos" not in said[-1]["text"]
    said = await talk(place, "paseante", HOUSE)
    assert "varios intentos" in said[-1]["text"]
    said = await talk(place, "paseante", "/datos_cuenta")
    assert "varios intentos" in said[-1]["text"]
    assert place.count("select count(*) from one_time_codes") == 0


async def test_history_follows_who_proves_the_same_contact_and_document_and_nobody_else(place: Place) -> None:
    await talk(place, "maria-chat", "/radicar_queja", "el recolector rompió la caneca", "no acepto", "anonima", "aseo")
    await talk(place, "maria-chat", "no", "sí")
    await prove(place, "maria-chat", SHOP, "titular", "52345678", "omitir")
    await prove(place, "jose-chat", SHOP, "usuario", "79123456", "omitir")
    joined = json.dumps(await prove(place, "maria-web", SHOP, "titular", "52345678", "omitir"), ensure_ascii=False)
    assert "por otro canal" in joined
    assert await person(place, "maria-web") == await person(place, "maria-chat")
    assert await person(place, "jose-chat") != await person(place, "maria-chat")
    ports = place.services.ports.cases
    own = await ports.of_conversation(place.services.conversation_id("rest:rest:maria-web"))
    assert [case.tipo for case in own] == ["queja"]
    radicado = own[0].radicado
    assert await ports.mine(radicado, place.services.conversation_id("rest:rest:maria-web")) is not None
    assert await ports.mine(radicado, place.services.conversation_id("rest:rest:jose-chat")) is None
    assert await ports.of_conversation(place.services.conversation_id("rest:rest:jose-chat")) == []
    await talk(place, "maria-web", "borren mis datos")
    assert await ports.of_conversation(place.services.conversation_id("rest:rest:maria-web")) == []
    assert len(await ports.of_conversation(place.services.conversation_id("rest:rest:maria-chat"))) == 1


async def test_a_correction_of_the_account_takes_the_proof_with_it(place: Place) -> None:
    await prove(place, "duena", SHOP, "titular", "omitir", "la tienda")
    said = json.dumps(await talk(place, "duena", "/datos_cuenta", f'/datos_cuenta{{"cuenta": "{HOUSE}"}}'))
    assert HOUSE not in said
    name = place.services.conversation_id("rest:rest:duena")
    assert not await place.services.ports.identity.is_verified(name, HOUSE)
    assert await place.services.ports.identity.own_account(name, HOUSE) is None
    assert await place.services.ports.identity.own_account(name, SHOP) is not None
