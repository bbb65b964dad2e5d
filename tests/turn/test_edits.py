"""Messages that were changed or that come late: they correct what they answered, or are told so; never a wrong answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.turn.house import Talker


async def change(talker: Talker, words: str, of: str) -> list[str]:
    """Change the message ``of`` and return the replies."""
    return await talker.say(words, kind="edited", reply_to=of)


async def slots(talker: Talker) -> dict[str, Any]:
    record = await talker.services.database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert record is not None
    found: dict[str, Any] = record.state["engine"]["slots"]
    return found


async def said(talker: Talker, *texts: str) -> str:
    """Say ``texts`` and return the provider's id of the last of them."""
    await talker.go(*texts)
    return f"{talker.user}-{talker.count}"


async def test_a_description_that_was_changed_is_the_description(talker: Talker) -> None:
    story = await said(talker, "/radicar_queja", "el medidor suena mucho")
    replies = await change(talker, "el medidor suena mucho desde el lunes", story)
    assert replies[0] == "patrones.corregido"
    assert (await slots(talker))["relato"] == "el medidor suena mucho desde el lunes"
    # And once more: the same message may be changed twice.
    await change(talker, "el medidor suena desde el martes", story)
    assert (await slots(talker))["relato"] == "el medidor suena desde el martes"


async def test_an_answer_of_the_menu_that_was_changed_is_read_against_its_own_menu(talker: Talker) -> None:
    answer = await said(talker, "/radicar_queja", "el medidor suena mucho", "acepto", "agua")
    replies = await change(talker, "energía", answer)
    assert replies[0] == "patrones.corregido"
    assert (await slots(talker))["servicio"] == "energia"
    menu = await talker.hear("2", kind="edited", reply_to=answer)
    assert menu[0]["response"] == "patrones.corregido"
    assert (await slots(talker))["servicio"] != "energia"


async def test_an_older_message_that_was_changed_changes_nothing_and_the_question_stays(talker: Talker) -> None:
    story = await said(talker, "/radicar_queja", "el medidor suena mucho")
    await talker.go("acepto")
    assert await change(talker, "otra historia muy distinta", story) == ["patrones.editado", "pide_servicio"]
    assert (await slots(talker))["relato"] == "el medidor suena mucho"


async def test_what_was_not_understood_is_heard_anew_when_it_is_mended(talker: Talker) -> None:
    typo = await said(talker, "/menu", "/radicar_queja", "el medidor suena mucho", "acepto", "xqzt")
    await change(talker, "agua", typo)
    assert (await slots(talker))["servicio"] == "agua"


async def test_what_began_an_errand_is_not_the_answer_to_its_first_question(talker: Talker) -> None:
    wish = await said(talker, "/menu", "/radicar_queja")
    assert await change(talker, "quiero radicar una queja", wish) == ["patrones.editado", "pide_relato"]
    assert "relato" not in await slots(talker)


async def test_a_message_that_says_what_it_said_is_not_answered(talker: Talker) -> None:
    story = await said(talker, "/radicar_queja", "el medidor suena mucho")
    assert await change(talker, "el medidor suena mucho ", story) == []
    assert (await talker.say("acepto"))[-1] == "pide_servicio"


async def test_an_unknown_message_that_was_changed_is_told_kindly(talker: Talker) -> None:
    await talker.go("/menu")
    assert await change(talker, "quiero pagar", "de-otro-dia") == ["patrones.editado"]


async def test_danger_is_heard_in_whatever_message_it_is_written(talker: Talker) -> None:
    story = await said(talker, "/radicar_queja", "el medidor suena mucho")
    await talker.go("acepto")
    assert "emergencia.texto" in await change(talker, "huele a gas en toda la casa", story)


async def test_one_message_of_a_breath_that_was_changed_leaves_the_others(talker: Talker) -> None:
    await talker.go("/radicar_queja")
    events = [talker.event(words) for words in ("el medidor suena", "desde el lunes")]
    accepted = await talker.services.inbox.accept(events)
    assert await talker.services.lanes.settled(accepted[-1][0], 10)
    assert (await slots(talker))["relato"] == "el medidor suena\ndesde el lunes"
    await change(talker, "desde el martes", events[1].key)
    assert (await slots(talker))["relato"] == "el medidor suena\ndesde el martes"


@pytest.mark.parametrize("words", ["agua", "no sé, un cuento largo de otra cosa"])
async def test_what_was_sent_before_the_question_is_not_its_answer(talker: Talker, words: str) -> None:
    await talker.go("/radicar_queja", "el medidor suena mucho", "acepto")
    sent_at = talker.clock.now() - timedelta(minutes=1)
    assert await talker.say(words, sent_at=sent_at) == ["patrones.llego_tarde", "pide_servicio"]
    assert "servicio" not in await slots(talker)
    assert await talker.say("agua") == ["pide_cuenta"]


async def test_whoever_wants_no_more_notices_is_heard_however_late_it_comes(talker: Talker) -> None:
    await talker.say("/radicar_queja", sent_at=talker.clock.now())
    said = await talker.say("baja", sent_at=talker.clock.now() - timedelta(minutes=5))

    assert "patrones.llego_tarde" not in said
    assert said[0] == "cancelar_avisos.hecho"


async def test_what_comes_late_while_nothing_is_asked_is_heard_as_ever(talker: Talker) -> None:
    await talker.go("/menu")
    sent_at = talker.clock.now() - timedelta(days=3)
    assert await talker.say("/radicar_queja", sent_at=sent_at) == ["pide_relato"]


async def test_a_clock_of_the_provider_that_is_ahead_makes_nobody_late(talker: Talker) -> None:
    await talker.go("/radicar_queja")
    await talker.say("el medidor suena mucho", sent_at=talker.clock.now() + timedelta(days=900))
    assert (await talker.say("acepto"))[-1] == "pide_servicio"
