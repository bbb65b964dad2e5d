"""What comes to a closed window waits for its person: they are told once, and it leaves as soon as they are here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Sent, Verdict
from bot.outbox import desk
from bot.scheduler.jobs import begin_errands, fire_timers
from bot.turn import handoffs
from storage.repos.receipts import EXPIRED, WAITING
from tests.notices.town import Town
from tests.support.databases import Databases
from tests.support.fake_whatsapp import failure, message, value

DAY = timedelta(hours=25)
OPENER = "mensaje_espera_1"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


async def escalate(town: Town) -> int:
    """Let the person ask for somebody; return the number of their wait."""
    await town.say("/hablar_con_asesor")
    (waiting,) = town.services.database.read_now(lambda uow: uow.handoffs.list())
    return waiting.id


async def answer(town: Town, number: int, text: str, *, closed: bool = True) -> list[dict[str, Any]]:
    """Answer as staff; return what WhatsApp showed. Meta refuses it where the window is ``closed``."""
    services, now = town.services, town.clock.now()
    services.database.write_now(
        lambda uow: handoffs.reply(uow, number, text, staff="ana", now=now, ids=services.ids, pull_channels=frozenset())
    )
    town.fake.next += [failure(400, 131047)] if closed else []
    return await town.sent()


async def press(town: Town, opener: dict[str, Any], number: int = 90) -> list[dict[str, Any]]:
    (button,) = [part for part in opener["template"]["components"] if part["type"] == "button"]
    pressed = {"payload": button["parameters"][0]["payload"], "text": "Ver mensaje"}
    said = message("button", pressed, number=number)
    said["timestamp"] = str(int(town.clock.now().timestamp()))
    await town.webhook(value(said))
    return await town.sent()


def texts(bodies: list[dict[str, Any]]) -> list[str]:
    return [body["text"]["body"] if body["type"] == "text" else body["type"] for body in bodies]


async def test_answers_of_staff_after_a_day_wait_and_leave_in_order_when_the_button_is_pressed(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    (opener,) = await answer(town, number, "Ya revisamos su medidor.")
    assert opener["template"]["name"] == OPENER
    # The second keeps its place behind the first: nobody is called, and nobody is told twice.
    assert await answer(town, number, "Mañana vamos.", closed=False) == []
    assert town.trouble() == [("queued", WAITING)] * 2

    assert texts(await press(town, opener)) == ["Ya revisamos su medidor.", "Mañana vamos."]
    assert town.trouble() == []
    # There is nothing more to see: that is said to whom the assistant talks with, and staff has this talk.
    assert await press(town, opener, 91) == []


async def test_whatever_is_written_lets_them_go_before_the_answer_to_it(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    await answer(town, number, "Ya revisamos su medidor.")
    services, now = town.services, town.clock.now()
    services.database.write_now(
        lambda uow: handoffs.give_back(
            uow, number, "Vuelve el asistente.", staff="ana", now=now, ids=services.ids, pull_channels=frozenset()
        )
    )
    assert await town.sent() == []

    bodies = await town.say("/menu")
    assert texts(bodies) == ["Ya revisamos su medidor.", "Vuelve el asistente.", "interactive"]


async def test_a_pressed_button_alone_brings_only_what_waited_and_later_that_nothing_does(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    (opener,) = await answer(town, number, "Ya revisamos su medidor.")
    services, now = town.services, town.clock.now()
    services.database.write_now(
        lambda uow: handoffs.give_back(
            uow, number, "Vuelve el asistente.", staff="ana", now=now, ids=services.ids, pull_channels=frozenset()
        )
    )
    await town.sent()

    assert texts(await press(town, opener)) == ["Ya revisamos su medidor.", "Vuelve el asistente."]
    (body,) = await press(town, opener, 91)
    assert "Ya no hay mensajes en espera" in json.dumps(body, ensure_ascii=False)


async def test_what_meta_took_in_and_then_found_outside_the_window_waits_too_and_an_old_status_changes_nothing(
    town: Town,
) -> None:
    number = await escalate(town)
    (body,) = await answer(town, number, "Ya revisamos su medidor.", closed=False)
    town.clock.move(timedelta(seconds=5))
    sent = town.services.database.read_now(
        lambda uow: uow.outbox.get(uow.outbox.find(body["biz_opaque_callback_data"]) or 0)
    )
    assert sent is not None
    status = {
        "id": sent.ref,
        "status": "failed",
        "timestamp": str(int(town.clock.now().timestamp())),
        "biz_opaque_callback_data": body["biz_opaque_callback_data"],
        "errors": [{"code": 131047}],
    }
    await town.webhook(value(statuses=[status]))
    (opener,) = await town.sent()
    assert opener["template"]["name"] == OPENER
    assert town.trouble() == [("queued", WAITING)]
    town.clock.move(timedelta(seconds=5))

    assert texts(await press(town, opener)) == ["Ya revisamos su medidor."]
    await town.webhook(value(statuses=[status]))
    assert await town.sent() == []
    assert town.trouble() == []


async def test_nobody_is_told_twice_in_a_day_and_again_when_more_waits_the_day_after(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    assert len(await answer(town, number, "Uno.")) == 1
    town.clock.move(timedelta(hours=23))
    assert await answer(town, number, "Dos.", closed=False) == []
    town.clock.move(timedelta(hours=2))
    (opener,) = await answer(town, number, "Tres.", closed=False)

    assert texts(await press(town, opener)) == ["Uno.", "Dos.", "Tres."]


async def test_what_waits_blocks_no_notice_and_is_given_up_when_nobody_comes(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    await answer(town, number, "Ya revisamos su medidor.")
    (body,) = await town.notify("uno", "aviso_caso.respondida", {"noticia_caso": {"radicado": "20260000123-4"}})
    assert body["template"]["name"] == "caso_respondido_1"

    town.clock.move(timedelta(days=town.services.settings.envios.espera_persona_dias))
    now = town.clock.now()
    assert town.services.database.write_now(lambda uow: uow.outbox.lapse(now)) == 1
    assert town.trouble() == [("dead", EXPIRED)]
    reach = town.services.database.read_now(lambda uow: uow.notices.reach(town.conversation_id))
    assert reach is not None
    assert not reach.has_failed


async def test_a_knock_that_waits_for_the_morning_is_taken_back_when_the_person_writes_before(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(timedelta(hours=37))  # 23:30: what we begin waits for six o'clock
    assert await answer(town, number, "Ya revisamos su medidor.") == []
    assert {code for _, code in town.trouble()} == {WAITING, None}

    assert texts(await town.say("buenas noches")) == ["Ya revisamos su medidor."]
    town.clock.move(timedelta(hours=8))
    assert await town.sent() == []
    assert town.trouble() == []


async def test_a_person_who_writes_while_meta_refuses_is_answered_at_once(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    services, now = town.services, town.clock.now()
    services.database.write_now(
        lambda uow: handoffs.reply(
            uow, number, "Ya.", staff="ana", now=now, ids=services.ids, pull_channels=frozenset()
        )
    )
    taken = services.database.write_now(
        lambda uow: uow.outbox.claim(
            channel="whatsapp", account=town.channel.account, now=now, lease_s=30, limit=5, worker="w"
        )
    )
    town.clock.move(timedelta(seconds=1))
    await town.webhook(value(message("text", {"body": "¿y mi caso?"}, number=70)))
    assert services.sender is not None
    refused = Sent(Verdict.CLOSED_WINDOW, code="window:131047", exchange="x")
    await services.sender._ledger.settle(taken[0], refused)

    assert texts(await town.sent()) == ["Ya."]


async def test_a_question_of_ours_without_a_template_waits_and_its_button_answers_it(town: Town) -> None:
    town.clock.move(DAY)
    now, services = town.clock.now(), town.services
    errand = {"conversation_id": town.conversation_id, "flow": "calificar", "clase": "SERVICIO"}
    services.database.write_now(
        lambda uow: uow.errands.add(key="e", slots={}, due_at=now, expires_at=now + 3 * DAY, now=now, **errand)
    )
    await begin_errands.run(services.database, town.clock, services.settings, services.runner, services.notices)
    (opener,) = await town.sent()
    assert opener["template"]["name"] == OPENER

    (question,) = await press(town, opener)
    assert question["type"] == "interactive"
    (thanks,) = await town.say("5")
    assert "No, gracias" in json.dumps(thanks, ensure_ascii=False)


async def test_a_reminder_that_comes_outside_the_window_is_not_said_and_opens_no_door(town: Town) -> None:
    await town.say("/horas_avisos")
    services, asked = town.services, len(town.fake.authorizations)
    town.clock.move(timedelta(hours=24))
    for _ in range(2):
        await fire_timers.run(services.database, town.clock, services.runner)
    assert await town.sent() == []
    assert len(town.fake.authorizations) == asked
    assert town.trouble() == []


async def test_staff_see_what_waits_for_the_person(town: Town) -> None:
    number = await escalate(town)
    town.clock.move(DAY)
    await answer(town, number, "Ya revisamos su medidor.")

    found = town.services.database.read_now(lambda uow: desk.find(uow, desk.TOLD, 10))
    assert [(one.row.kind, one.row.code) for one in found] == [("staff", WAITING)]
    assert town.services.database.read_now(lambda uow: uow.waiting.of()) == {town.conversation_id: 1}
