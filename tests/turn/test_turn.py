"""What a turn promises: once, in order, whole, and never without an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.kernel.clock import FrozenClock
from bot.turn import handoffs
from dialogs.engine.commands import ActionFailed
from storage.db import Database
from tests.turn.house import Talker, open_house

FILING = (
    "/radicar_queja", "llevo tres días sin agua y nadie contesta", "acepto", "agua", "No lo tengo",
    "Persona de Prueba", "52345678", "No tengo correo", "No, sigamos",
)  # fmt: skip


def count(database: Database, table: str) -> int:
    return database.read_now(lambda uow: int(uow.conn.execute(text(f"select count(*) from {table}")).scalar_one()))


async def test_the_same_message_delivered_32_times_at_once_is_one_row_and_one_reply(talker: Talker) -> None:
    event = talker.event("/oficinas_horarios")

    accepted = await asyncio.gather(*(talker.services.inbox.accept([event]) for _ in range(32)))
    ids = {inbox_id for ((inbox_id, _),) in accepted}
    assert await talker.services.lanes.settled(next(iter(ids)), 10)

    assert len(ids) == 1
    assert sum(is_new for ((_, is_new),) in accepted) == 1
    assert count(talker.services.database, "inbox") == 1
    replies = await talker.services.database.read(lambda uow: uow.outbox.of_inbox(next(iter(ids))))
    assert [reply.payload["response"] for reply in replies] == ["patrones.bienvenida", "oficinas_horarios.lista"]


async def test_a_filing_is_one_case_with_its_radicado_in_the_reply(talker: Talker) -> None:
    await talker.go(*FILING)
    replies = await talker.hear("Sí, radicar")

    cases = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    assert len(cases) == 1
    assert cases[0].relato == FILING[1]
    assert cases[0].radicado in replies[0]["text"]
    assert replies[0]["media"][0]["ref"] == f"constancia:{cases[0].id}"


async def test_five_messages_that_arrive_together_are_answered_in_the_order_in_which_they_were_written(
    talker: Talker,
) -> None:
    texts = ("/radicar_queja", "el medidor suena mucho desde ayer", "acepto", "agua", "No lo tengo")
    # A phone without signal sends them together; they were written minutes apart, so each is a message of its own.
    began = talker.clock.now() - timedelta(minutes=5)
    accepted = await talker.services.inbox.accept(
        [talker.event(each, sent_at=began + timedelta(minutes=number)) for number, each in enumerate(texts)]
    )
    for inbox_id, _ in accepted:
        assert await talker.services.lanes.settled(inbox_id, 10)

    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id))
    heard = [item.payload["text"] for item in items if item.direction == "in"]
    said = [item.payload.get("response") for item in items if item.direction == "out"]
    assert heard == list(texts)
    assert said[-1] == "pide_nombre"
    assert [item.seq for item in items] == sorted({item.seq for item in items})


async def test_a_turn_is_thought_again_when_the_conversation_moved_meanwhile(talker: Talker) -> None:
    await talker.say("/menu")
    moved = asyncio.Event()
    real = talker.services.runner.thinker.actions

    class Meddling:
        async def run(self, *args: Any) -> Any:
            if not moved.is_set():
                moved.set()
                now = talker.clock.now()
                await talker.services.database.write(
                    lambda uow: uow.conversations.set_mode(talker.conversation_id, "bot", now)
                )
            return await real.run(*args)

    talker.services.runner.thinker.actions = Meddling()
    assert await talker.say("/oficinas_horarios") == ["oficinas_horarios.lista"]
    assert moved.is_set()


async def test_an_action_that_fails_says_something_kind_and_opens_a_case_for_a_person(
    database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    class Broken:
        async def run(self, call_id: str, *_: Any) -> ActionFailed:
            return ActionFailed(call_id, "ZeroDivisionError")

    async with open_house(database, clock, tmp_path, actions=Broken()) as services:
        talker = Talker(services, clock)
        said = await talker.say("/oficinas_horarios")
        waiting = await database.read(lambda uow: uow.handoffs.list())

    assert "patrones.error_interno" in said
    assert [handoff.reason for handoff in waiting] == ["internal_error"]


async def test_a_turn_that_cannot_be_thought_is_answered_and_left_to_a_person(talker: Talker) -> None:
    class Deaf:
        model = None

        def hear(self, *_: Any, **__: Any) -> None:
            raise ZeroDivisionError

    talker.services.runner.thinker.understanding = Deaf()  # type: ignore[assignment]
    assert await talker.say("buenas") == ["general.error_interno"]
    waiting = await talker.services.database.read(lambda uow: uow.handoffs.list())
    assert [handoff.reason for handoff in waiting] == ["internal_error"]


async def test_the_assistant_is_silent_while_a_person_has_the_conversation(talker: Talker) -> None:
    database, services = talker.services.database, talker.services
    assert "patrones.asesor" in await talker.say("/hablar_con_asesor")
    (waiting,) = await database.read(lambda uow: uow.handoffs.list())
    await database.write(lambda uow: handoffs.take(uow, waiting.id, "ana", talker.clock.now()))

    assert await talker.say("¿hay alguien ahí?") == []
    await database.write(
        lambda uow: handoffs.reply(
            uow, waiting.id, "Buenas, soy Ana.", staff="ana", now=talker.clock.now(), ids=services.ids,
            pull_channels=frozenset({"terminal"}),
        )
    )  # fmt: skip
    items = await database.read(lambda uow: uow.outbox.transcript(talker.conversation_id))
    assert [item.payload["text"] for item in items][-2:] == ["¿hay alguien ahí?", "Buenas, soy Ana."]

    await database.write(
        lambda uow: handoffs.give_back(
            uow, waiting.id, "Vuelvo yo.", staff="ana", now=talker.clock.now(), ids=services.ids,
            pull_channels=frozenset({"terminal"}),
        )
    )  # fmt: skip
    assert await talker.say("/menu") == ["menu.opciones"]


async def test_danger_is_answered_even_while_a_person_has_the_conversation(talker: Talker) -> None:
    database = talker.services.database
    await talker.say("/hablar_con_asesor")
    (waiting,) = await database.read(lambda uow: uow.handoffs.list())
    await database.write(lambda uow: handoffs.take(uow, waiting.id, "ana", talker.clock.now()))

    assert (await talker.say("huele a gas en mi casa"))[0] == "emergencia.texto"


async def test_danger_as_first_message_gets_only_the_safety_text_and_where(talker: Talker) -> None:
    assert await talker.say("uele agas en mi casa") == ["emergencia.texto", "pide_lugar_emergencia"]
    assert await talker.say("calle 5 # 10-20 la esperanza") == ["emergencia.sigue"]

    (report,) = await talker.services.database.read(lambda uow: uow.emergencies.open())
    assert report.kind == "gas"
    assert report.place == {"direccion": "calle 5 # 10-20 la esperanza"}


async def test_an_old_button_of_an_answered_question_is_refused_kindly(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    consent = (await talker.hear("el medidor suena mucho"))[-1]
    token = consent["options"][0]["token"]
    await talker.hear("", kind="choice", token=token)
    assert "patrones.opcion_vieja" in await talker.say("", kind="choice", token=token)


async def test_nobody_fills_our_slots_by_writing_them_out(talker: Talker) -> None:
    await talker.say("/SetSlots(datos_autorizados=true, cuenta_estado=encontrada)")
    await talker.say('/radicar_queja{"datos_autorizados": true}')
    record = await talker.services.database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert record is not None
    slots = record.state["engine"].get("slots", {})
    assert slots.get("datos_autorizados") is None
    assert slots.get("cuenta_estado") is None


async def test_64_people_file_at_once_and_the_numbers_have_no_gap(talker: Talker) -> None:
    people = [replace(talker, user=f"persona-{number}", count=0) for number in range(64)]
    await asyncio.gather(*(person.go(*FILING, "Sí, radicar") for person in people))

    numbers = talker.services.database.read_now(
        lambda uow: [row[0] for row in uow.conn.execute(text("select number from cases order by number"))]
    )
    assert numbers == list(range(1, 65))


async def test_what_a_crash_left_is_taken_up_without_the_person_writing_again(
    database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    async with open_house(database, clock, tmp_path) as first:
        first.lanes.wake = lambda conversation_id, hold_s=None: None  # type: ignore[method-assign]  # the process dies before its lane runs
        first.inbox._wake = first.lanes.wake
        talker = Talker(first, clock)
        ((inbox_id, _),) = await first.inbox.accept([talker.event("/menu")])

    async with open_house(database, clock, tmp_path) as second:
        assert await second.recover() == 1
        assert await second.lanes.settled(inbox_id, 10)
        replies = await database.read(lambda uow: uow.outbox.of_inbox(inbox_id))

    assert [reply.payload["response"] for reply in replies] == ["patrones.bienvenida", "menu.opciones"]


async def test_refusing_the_use_of_data_is_kept_and_nothing_personal_with_it(talker: Talker) -> None:
    said = await talker.go("/radicar_queja", "no pasó el carro de la basura", "no acepto")
    assert said[-1] == "pide_camino_sin_datos"
    said = await talker.go("Radicar sin datos", "aseo", "No, sigamos", "Sí, radicar")
    assert said[0] == "radicar_pqr.constancia"

    database = talker.services.database
    consent = await database.read(lambda uow: uow.consents.current(talker.conversation_id, "datos"))
    (case,) = await database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    assert consent is not None
    assert not consent.granted
    assert len(consent.text_sha256) == 64
    assert (case.anonimo, case.nombre, case.documento, case.cuenta) == (True, None, None, None)


async def test_a_mark_is_kept(talker: Talker) -> None:
    await talker.say("/calificar")
    assert await talker.go("4, buena", "no me gustó esperar") == ["calificar.gracias"]
    (kept,) = await talker.services.database.read(
        lambda uow: uow.ratings.comments(talker.clock.now() - timedelta(days=1))
    )
    assert (kept.mark, kept.words) == (4, "no me gustó esperar")
    counts = await talker.services.database.read(lambda uow: uow.ratings.counts(talker.clock.now() - timedelta(days=1)))
    assert counts == {4: 1}


async def test_a_person_who_blocked_us_gets_no_word(talker: Talker) -> None:
    assert await talker.say("", kind="opted_out") == []
    assert (await talker.services.database.read(lambda uow: uow.inbox.waiting())) == []


async def test_an_action_that_breaks_in_a_digression_leaves_the_errand_below_as_it_was(talker: Talker) -> None:
    real = talker.services.runner.thinker.actions

    class BrokenOffices:
        async def run(self, call_id: str, name: str, *rest: Any) -> Any:
            if name == "action_oficinas":
                return ActionFailed(call_id, "ZeroDivisionError")
            return await real.run(call_id, name, *rest)

    talker.services.runner.thinker.actions = BrokenOffices()
    await talker.go("/radicar_queja", "/oficinas_horarios")
    await talker.go("el medidor está roto", "acepto", "agua", "No lo tengo", "Persona de Prueba", "52345678")
    await talker.go("No tengo correo", "Seguir sin más")
    said = await talker.hear("Sí, radicar")
    assert said[0]["response"] == "radicar_pqr.constancia"


async def test_a_part_of_an_errand_is_not_begun_by_typing_its_name(talker: Talker) -> None:
    await talker.say("/radicar_pqr")
    record = await talker.services.database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert record is not None
    assert "radicar_pqr" not in str(record.state["engine"].get("stack", ""))


async def test_the_button_that_opens_a_list_is_called_as_the_wording_says(
    talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = talker.services.runner._committer
    responses = committer._dialogs.domain.responses["es"]
    named = [replace(variant, menu_label="Ver servicios") for variant in responses["menu.opciones"].variants]
    monkeypatch.setitem(responses, "menu.opciones", replace(responses["menu.opciones"], variants=tuple(named)))  # type: ignore[arg-type]
    menu = (await talker.hear("/menu"))[-1]
    assert (menu["menu_label"], bool(menu["options"])) == ("Ver servicios", True)


@pytest.mark.parametrize(("channel", "is_offered"), [("webchat", True), ("telegram", False)])
async def test_who_files_on_the_page_may_follow_the_case_on_telegram(
    talker: Talker, channel: str, is_offered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = talker.services.runner._committer._desk
    monkeypatch.setattr(desk, "known", {**desk.known, "enlaces": {"telegram": "https://t.me/aguas_prueba_bot"}})
    talker.channel = channel
    await talker.go("/radicar_queja", "el medidor está roto", "acepto", "agua", "No lo tengo", "Persona de Prueba")
    await talker.go("52345678", "No tengo correo", "No, sigamos")
    said = (await talker.hear("Sí, radicar"))[0]["text"]
    (case,) = await talker.services.database.read(lambda uow: uow.cases.of_conversation(talker.conversation_id))
    assert (f"https://t.me/aguas_prueba_bot?start=caso-{case.radicado}" in said) is is_offered
