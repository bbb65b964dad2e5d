"""Danger passes everything: queues, people, broken parts, closed reports, and the assistant's own questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import Media
from bot.scheduler.jobs import fire_timers
from bot.turn import handoffs
from tests.turn.house import Talker


async def reports(talker: Talker) -> list[Any]:
    return await talker.services.database.read(lambda uow: uow.emergencies.open())


async def test_a_danger_told_again_after_staff_closed_it_is_a_new_alarm(talker: Talker) -> None:
    await talker.go("huele a gas", "calle 5 # 10-20")
    (first,) = await reports(talker)
    await talker.services.database.write(lambda uow: uow.emergencies.attend(first.id, talker.clock.now(), "ana"))

    assert (await talker.say("huele a gas otra vez muy fuerte"))[0] == "emergencia.texto"
    assert [one.kind for one in await reports(talker)] == ["gas"]


async def test_news_after_staff_closed_the_report_open_another(talker: Talker) -> None:
    await talker.go("huele a gas", "calle 5 # 10-20")
    (first,) = await reports(talker)
    await talker.services.database.write(lambda uow: uow.emergencies.attend(first.id, talker.clock.now(), "ana"))

    await talker.say("ahora estamos en el edificio de al lado piso 4")
    (second,) = await reports(talker)
    assert second.text == "ahora estamos en el edificio de al lado piso 4"


async def test_a_pin_is_a_place(talker: Talker) -> None:
    await talker.say("huele a gas")
    assert await talker.say("", kind="location", point=(4.2052, -75.3101)) == ["emergencia.sigue"]
    (report,) = await reports(talker)
    assert report.place == {"direccion": "4.205200, -75.310100"}


async def test_news_never_push_the_place_off_the_report(talker: Talker) -> None:
    await talker.go("huele a gas", "calle 5 # 10-20")
    for number in range(60):
        await talker.say(f"sigue igual, ya avisé a otro vecino {number} " + "x" * 80)
    (report,) = await reports(talker)
    assert report.place["direccion"] == "calle 5 # 10-20"
    assert len(report.place["novedades"]) == 50


async def test_danger_passes_a_queue_in_which_the_person_already_waits(talker: Talker) -> None:
    other = Talker(talker.services, talker.clock, user="persona-2")
    await other.say("/hablar_con_asesor")
    await talker.go("/hablar_con_asesor", "huele a gas")
    first, *_ = await talker.services.database.read(lambda uow: uow.handoffs.list())
    assert (first.conversation_id, first.reason) == (talker.conversation_id, "emergencia")


async def test_the_place_told_while_a_person_has_the_talk_reaches_the_report(talker: Talker) -> None:
    database = talker.services.database
    await talker.say("huele a gas")
    (waiting,) = await database.read(lambda uow: uow.handoffs.list())
    await database.write(lambda uow: handoffs.take(uow, waiting.id, "ana", talker.clock.now()))

    assert await talker.say("calle 5 # 10-20") == []
    (report,) = await reports(talker)
    assert report.place == {"direccion": "calle 5 # 10-20"}


async def test_whoever_writes_of_danger_does_not_wait_for_a_photo(talker: Talker) -> None:
    async def never(_conversation: str, _event: Any) -> Any:
        pytest.fail("the file was fetched first")

    talker.services.intake.take = never  # type: ignore[method-assign]
    media = (Media("image", "far-away", "image/jpeg"),)
    assert (await talker.say("huele a gas", kind="media", media=media))[0] == "emergencia.texto"


async def test_danger_gets_its_instructions_even_when_thinking_breaks(talker: Talker) -> None:
    class Deaf:
        model = None

        def hear(self, *_: Any, **__: Any) -> None:
            raise ZeroDivisionError

    talker.services.runner.thinker.understanding = Deaf()  # type: ignore[assignment]
    (said,) = await talker.hear("uele agas")
    assert said["text"].startswith("PUEDE SER FUGA DE GAS")
    assert [one.kind for one in await reports(talker)] == ["gas"]


async def test_instructions_leave_before_anything_else_that_waits(talker: Talker) -> None:
    await talker.say("huele a gas")
    rows = talker.services.database.read_now(
        lambda uow: uow.conn.execute(text("select min(priority), max(priority) from outbox")).one()
    )
    assert tuple(rows) == (-1, -1)


async def test_an_emergency_nobody_answered_does_not_swallow_what_comes_days_later(talker: Talker) -> None:
    await talker.say("huele a gas")
    talker.clock.move(timedelta(days=5))
    await fire_timers.run(talker.services.database, talker.clock, talker.services.runner)
    said = await talker.say("/radicar_queja")
    assert said[-1] == "pide_relato"


async def test_a_timer_that_is_gone_says_nothing_and_closes_no_menu(talker: Talker) -> None:
    await talker.go("/radicar_queja", "el medidor está roto")
    database = talker.services.database
    (due, *_) = await database.read(lambda uow: uow.timers.due(talker.clock.now() + timedelta(hours=1), 5))
    await talker.say("repetir")
    from bot.turn.plan import Trigger
    from dialogs.engine.commands import Timeout

    record = await database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert record is not None
    stale = Trigger(talker.conversation_id, "terminal", "prueba", record.address, talker.clock.now(), timer_id=due.id)
    await talker.services.runner.time_out(stale, Timeout("remind", due.turn, due.slot))
    after = await database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert after is not None
    assert after.version == record.version


async def test_a_message_that_can_never_be_worked_is_set_aside_and_the_next_is_heard(talker: Talker) -> None:
    await talker.say("/menu")
    database = talker.services.database
    ((broken, _),) = await talker.services.inbox.accept([talker.event("/menu", kind="text")])
    await talker.services.lanes.idle()
    real = talker.services.runner._work_breath

    async def breaks(items: Any, *rest: Any, **more: Any) -> None:
        if items[0].id == poison:
            raise ValueError
        await real(items, *rest, **more)

    talker.services.runner._work_breath = breaks  # type: ignore[method-assign]
    poison = broken + 1
    accepted = await talker.services.inbox.accept([talker.event("veneno"), talker.event("/menu")])
    for _ in range(10):
        await talker.services.lanes.idle()
        talker.services.lanes.wake(talker.conversation_id)
    await talker.services.lanes.idle()

    states = [await database.read(lambda uow, one=one: uow.inbox.get(one[0])) for one in accepted]
    assert [item.state for item in states if item] == ["dead", "done"]


async def test_withdrawing_the_authorisation_in_the_middle_leaves_a_way_to_file(talker: Talker) -> None:
    await talker.go("/radicar_queja", "el técnico no vino", "acepto", "agua")
    said = await talker.say("retiro mi autorizacion")
    assert said == ["patrones.cancelado", "retirar_autorizacion.hecho"]
    said = await talker.go("/radicar_queja", "el técnico no vino", "no acepto", "Radicar sin datos", "agua")
    assert said[-1] == "pide_anexo"
    assert (await talker.go("No, sigamos", "Sí, radicar"))[0] == "radicar_pqr.constancia"


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever speaks of the talisman is in doubt, as the learnt table of the day would leave other words."""
    monkeypatch.setattr("bot.nlu.understand.doubt", lambda said: "electrica" if "talismán" in said else "")


@pytest.mark.usefixtures("doubtful")
async def test_a_message_in_doubt_is_asked_about_and_a_yes_is_an_alarm_in_the_words_before_it(talker: Talker) -> None:
    assert (await talker.say("pasa algo con el talismán"))[-1] == "pide_hay_peligro"
    assert await reports(talker) == []
    assert await talker.say("sí") == ["emergencia.texto", "pide_lugar_emergencia"]
    (report,) = await reports(talker)
    assert (report.kind, report.text) == ("electrica", "pasa algo con el talismán")


@pytest.mark.usefixtures("doubtful")
async def test_after_a_no_the_errand_of_the_message_begins(talker: Talker) -> None:
    assert (await talker.say("quiero poner una queja, el técnico me quitó el talismán"))[-1] == "pide_hay_peligro"
    after = await talker.say("no")
    assert await reports(talker) == []
    assert after == ["pide_relato"]


@pytest.mark.usefixtures("doubtful")
async def test_danger_told_instead_of_a_yes_is_that_danger(talker: Talker) -> None:
    await talker.say("pasa algo con el talismán")
    assert (await talker.say("se está quemando la casa"))[0] == "emergencia.texto"
    assert [one.kind for one in await reports(talker)] == ["fuego"]


@pytest.mark.usefixtures("doubtful")
async def test_an_answer_that_was_asked_for_is_never_taken_for_doubt(talker: Talker) -> None:
    await talker.go("huele a gas")
    assert "pide_hay_peligro" not in await talker.say("calle 5 # 3-20, casa del talismán")
