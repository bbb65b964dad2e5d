"""What people want and leave is kept with its proof, counts at once, and follows the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.kernel.clock import local
from bot.notices.push import Pushed
from storage.repos.consents import ConsentRecord
from tests.notices.conftest import moment
from tests.notices.test_push import push
from tests.turn.house import Talker


async def consents(talker: Talker, topic: str) -> list[ConsentRecord]:
    whose = talker.conversation_id
    return await talker.services.database.read(lambda uow: uow.consents.history(whose, topic))


async def wants(talker: Talker) -> set[tuple[str, str]]:
    whose = talker.conversation_id
    kept = await talker.services.database.read(lambda uow: uow.subscriptions.of(whose))
    return {(each.topic, each.sector) for each in kept if each.is_on}


async def subscribe(talker: Talker, topic: str, *answers: str) -> list[str]:
    return await talker.go("/suscribir_avisos", topic, *answers)


async def test_a_consent_is_proved_by_the_text_that_was_shown_on_that_channel(talker: Talker) -> None:
    await subscribe(talker, "consejos", "sí")
    (given,) = await consents(talker, "avisos_comerciales")
    assert (given.granted, given.channel, given.version) == (True, "terminal", "2026-01")
    assert len(given.text_sha256) == 64
    assert given.inbox_key
    assert (await push(talker, "uno", "COMERCIAL", topic="consejos")).state == "queued"


async def test_the_two_consents_have_different_texts(talker: Talker) -> None:
    await subscribe(talker, "consejos", "no")
    (refused,) = await consents(talker, "avisos_comerciales")
    assert not refused.granted
    assert await consents(talker, "avisos_ubicacion") == []
    assert await wants(talker) == set()


async def test_leaving_everything_takes_back_what_waits_and_the_consents(talker: Talker) -> None:
    talker.clock.set(moment("2026-11-20T19:30"))
    await subscribe(talker, "consejos", "sí")
    assert (await push(talker, "uno", "COMERCIAL", topic="consejos")).state == "queued"
    assert (await push(talker, "dos", "COBRANZA")).state == "queued"
    await talker.say("BAJA")
    database = talker.services.database
    for key in ("uno", "dos"):
        kept = await database.read(lambda uow, key=key: uow.notices.get(key))
        assert kept is not None
        assert (kept.state, kept.reason, kept.fate) == ("skipped", "baja", "dead")
    assert [each.granted for each in await consents(talker, "avisos_comerciales")] == [False, True]
    assert await wants(talker) == set()
    assert await push(talker, "tres", "COBRANZA") == Pushed("skipped", "baja")


async def test_leaving_one_topic_leaves_the_others_and_safety(talker: Talker) -> None:
    await subscribe(talker, "factura")
    await subscribe(talker, "pago")
    await talker.go("/cancelar_avisos", "factura")
    assert await wants(talker) == {("pago", "")}
    assert await push(talker, "uno", topic="factura") == Pushed("skipped", "baja")
    assert (await push(talker, "dos", topic="factura", urgent=True)).state == "queued"


async def test_baja_holds_while_a_person_has_the_talk(talker: Talker) -> None:
    await subscribe(talker, "factura")
    whose, now = talker.conversation_id, talker.clock.now()
    await talker.services.database.write(lambda uow: uow.conversations.set_mode(whose, "with_person", now))
    assert await talker.say("No más.") == []
    assert await wants(talker) == set()
    assert await push(talker, "uno", "COBRANZA") == Pushed("skipped", "baja")


async def test_the_hours_asked_for_are_kept_and_obeyed(talker: Talker) -> None:
    await talker.say("hola")
    await talker.go("/horas_avisos", "en la noche")
    pushed = await push(talker, "uno", "COBRANZA")
    assert pushed.not_before is not None
    assert local(pushed.not_before) == moment("2026-03-18T18:00")
    # A notice of service whose use ends before those hours leaves in the hours of its class.
    soon = talker.clock.now() + timedelta(hours=2)
    assert (await push(talker, "dos", not_after=soon)).not_before == talker.clock.now()


@pytest.fixture
async def two_channels(talker: Talker) -> Talker:
    """Return another conversation of the same, verified person."""
    other = Talker(talker.services, talker.clock, user="persona-2")
    await talker.say("hola")
    await other.say("hola")
    first, second, now = talker.conversation_id, other.conversation_id, talker.clock.now()

    def link(uow: Any) -> None:
        uow.people.add("p_1", now)
        uow.people.link(first, "p_1", now)
        uow.people.link(second, "p_1", now)

    await talker.services.database.write(link)
    return other


async def test_a_no_counts_on_every_channel_of_the_person(talker: Talker, two_channels: Talker) -> None:
    await subscribe(talker, "factura")
    await two_channels.say("baja")
    assert await wants(talker) == set()
    assert await push(talker, "uno", "COBRANZA") == Pushed("skipped", "baja")


async def test_the_limits_count_the_person_and_not_the_channel(talker: Talker, two_channels: Talker) -> None:
    await push(talker, "uno", "COBRANZA")
    until = talker.clock.now() + timedelta(hours=3)
    second = await push(two_channels, "dos", "COBRANZA", not_after=until)
    assert second == Pushed("skipped", "frecuencia")
