"""The queue with preference, leaving it, complaints of the assistant, and marks of cases that we ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.scheduler.jobs import ask_case_marks, begin_errands
from bot.turn import handoffs
from tests.turn.house import Talker


async def waiting(talker: Talker) -> list[Any]:
    return await talker.services.database.read(lambda uow: uow.handoffs.list())


async def test_preference_passes_others_but_not_danger_and_lasts_for_the_conversation(talker: Talker) -> None:
    first, older, danger = (Talker(talker.services, talker.clock, name) for name in ("una", "mayor", "peligro"))
    await first.say("asesor")
    await older.go("preferencial", "no")
    await older.say("asesor")
    await danger.say("huele mucho a gas en la cocina")

    queue = [wait.conversation_id for wait in await waiting(talker)]
    assert queue == [danger.conversation_id, older.conversation_id, first.conversation_id]

    await first.say("preferencial")
    queue = [wait.conversation_id for wait in await waiting(talker)]
    assert queue == [danger.conversation_id, first.conversation_id, older.conversation_id]


async def test_the_wait_is_told_again_and_left_at_will(talker: Talker) -> None:
    other = Talker(talker.services, talker.clock, "otra")
    await other.say("asesor")
    await talker.say("asesor")
    (told,) = await talker.hear("cuánto falta")
    assert "Su turno es el 2" in told["text"]

    assert await talker.say("ya no quiero esperar") == ["dejar_fila.hecho"]
    assert [wait.conversation_id for wait in await waiting(talker)] == [other.conversation_id]
    record = await talker.services.database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert record is not None
    assert record.mode == "bot"
    assert await talker.say("cuánto falta") == ["turno_en_fila.no_espera"]


async def test_who_is_in_danger_keeps_the_place(talker: Talker) -> None:
    await talker.go("huele mucho a gas", "calle 5 # 3-20", "terminar")
    await talker.say("salir de la fila")
    assert [wait.conversation_id for wait in await waiting(talker)] == [talker.conversation_id]


async def test_a_complaint_of_the_assistant_is_kept(talker: Talker) -> None:
    await talker.go("queja del bot", "me repite siempre la misma pregunta")
    since = talker.clock.now() - timedelta(days=1)
    (kept,) = await talker.services.database.read(lambda uow: uow.ratings.complaints(since))
    assert kept.words == "me repite siempre la misma pregunta"


async def test_a_case_that_was_answered_is_marked_once(talker: Talker) -> None:
    services, database = talker.services, talker.services.database
    await talker.go(
        "/radicar_queja", "el medidor está roto", "acepto", "agua", "No lo tengo", "Persona de Prueba", "52345678",
        "No tengo correo", "No, sigamos", "Sí, radicar", "no", "omitir",
    )  # fmt: skip
    (case,) = await database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    await database.write(lambda uow: uow.cases.respond(case.id, "lo cambiamos", talker.clock.now(), "ana"))
    assert await ask_case_marks.run(database, talker.clock, services.settings) == ""

    talker.clock.move(timedelta(days=2))
    assert await ask_case_marks.run(database, talker.clock, services.settings) == "1 cases"
    assert await ask_case_marks.run(database, talker.clock, services.settings) == ""
    await begin_errands.run(database, talker.clock, services.settings, services.runner, services.notices)
    items = await database.read(lambda uow: uow.outbox.transcript(talker.conversation_id))
    assert items[-1].payload["response"] == "calificar_caso.pide_nota"
    assert case.radicado in items[-1].payload["text"]

    assert await talker.go("muy mala", "se demoraron un mes") == ["patrones.lamenta"]
    since = talker.clock.now() - timedelta(days=1)
    (kept,) = await database.read(lambda uow: uow.ratings.comments(since))
    assert (kept.mark, kept.about, kept.words) == (1, "case", "se demoraron un mes")
    assert await database.read(lambda uow: uow.ratings.is_rated(case.id))


async def test_who_has_a_person_is_told_so_by_nobody_but_that_person(talker: Talker) -> None:
    await talker.say("asesor")
    (wait,) = await waiting(talker)
    await talker.services.database.write(lambda uow: handoffs.take(uow, wait.id, "ana", talker.clock.now()))
    assert await talker.say("cuánto falta") == []
