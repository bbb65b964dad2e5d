"""A notice by WhatsApp: our own words inside the window, approved ones outside, and a verdict that staff see."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.kernel.clock import FrozenClock
from bot.scheduler.jobs import begin_errands
from storage.db import Database
from tests.notices.town import OUTAGE, Town, open_town
from tests.support.fake_whatsapp import PERSON, PHONE, failure, message, value

CASE = {"noticia_caso": {"radicado": "20260000123-4"}}
ANSWERED, CUT, PLAIN = "aviso_caso.respondida", "aviso.corte_programado", "ayuda.como"
DAY = timedelta(hours=25)
NEW_PHONE = "573209998877"


async def test_inside_the_window_a_notice_goes_in_our_own_words(town: Town) -> None:
    (body,) = await town.notify("uno", ANSWERED, CASE)

    assert body["type"] == "interactive"
    assert "20260000123-4" in body["interactive"]["body"]["text"]


async def test_outside_it_goes_as_its_template_and_its_button_does_the_same(town: Town) -> None:
    town.clock.move(DAY)
    (body,) = await town.notify("uno", ANSWERED, CASE)

    assert body["template"]["name"] == "caso_respondido_1"
    text, button = body["template"]["components"]
    assert [(one["parameter_name"], one["text"]) for one in text["parameters"]] == [("radicado", "20260000123-4")]
    assert (button["sub_type"], button["index"]) == ("quick_reply", "0")

    pressed = {"payload": button["parameters"][0]["payload"], "text": "Ver respuesta"}
    await town.webhook(value(message("button", pressed, number=90)))
    answers = await town.sent()
    assert "radicado" in json.dumps(answers[-1], ensure_ascii=False).lower()


async def test_an_outage_goes_as_a_template_inside_the_window_too_because_only_that_expires(town: Town) -> None:
    (body,) = await town.notify("uno", CUT, {"aviso": OUTAGE})

    assert body["template"]["name"] == "corte_programado_1"
    assert {"p. m", "La Esperanza"} & {one["text"].removeprefix("a las 5:00 ") for one in values_of(body)}


async def test_a_closed_window_without_a_template_is_told_to_staff_and_blocks_nobody(town: Town) -> None:
    town.clock.move(DAY)
    # Of a topic: nobody is knocked for what many get.
    assert await town.notify("uno", PLAIN, {}, topic="factura", by_account=True) == []

    assert town.trouble() == [("failed", "window:no_template")]
    (body,) = await town.notify("dos", ANSWERED, CASE)
    assert body["type"] == "template"


async def test_what_meta_refuses_for_the_window_goes_again_as_its_template(town: Town) -> None:
    town.fake.next.append(failure(400, 131047))
    (body,) = await town.notify("uno", ANSWERED, CASE)

    assert body["type"] == "template"
    assert town.trouble() == []


async def test_a_window_that_a_later_status_calls_closed_brings_the_template_once(town: Town) -> None:
    (body,) = await town.notify("uno", ANSWERED, CASE)
    assert body["type"] == "interactive"
    status = {
        "id": "wamid.x",
        "status": "failed",
        "timestamp": str(int(town.clock.now().timestamp())),
        "biz_opaque_callback_data": body["biz_opaque_callback_data"],
        "errors": [{"code": 131047}],
    }
    await town.webhook(value(statuses=[status]))
    (again,) = await town.sent()
    await town.webhook(value(statuses=[status | {"id": f"wamid.{len(town.fake.sent)}"}]))

    assert again["type"] == "template"
    assert await town.sent() == []
    assert town.trouble() == [("failed", "window:131047")]


async def test_a_paused_template_waits_and_leaves_once_it_is_approved_again(town: Town) -> None:
    town.clock.move(DAY)
    await town.template("caso_respondido_1", event="PAUSED")
    assert await town.notify("uno", ANSWERED, CASE) == []
    assert town.trouble() == [("queued", "template:PAUSED")]

    # Webhooks come in no order: one from before says nothing any more.
    await town.template("caso_respondido_1", at=int(town.clock.now().timestamp()) - 60, event="APPROVED")
    town.clock.move(timedelta(hours=1))
    assert await town.sent() == []
    await town.template("caso_respondido_1", event="APPROVED")
    town.clock.move(timedelta(hours=1))
    (body,) = await town.sent()
    assert body["template"]["name"] == "caso_respondido_1"


async def test_a_template_that_is_rejected_fails_where_staff_see_it(town: Town) -> None:
    town.clock.move(DAY)
    await town.template("caso_respondido_1", event="REJECTED")

    assert await town.notify("uno", ANSWERED, CASE) == []
    assert town.trouble() == [("failed", "window:template_REJECTED")]


async def test_a_template_that_became_advertising_is_not_sent_as_a_service(town: Town) -> None:
    town.clock.move(DAY)
    await town.template("caso_respondido_1", new_category="MARKETING")

    assert await town.notify("uno", ANSWERED, CASE) == []
    assert town.trouble() == [("queued", "template:MARKETING")]


async def test_a_refused_template_is_tried_once_and_not_for_everybody(town: Town) -> None:
    town.clock.move(DAY)
    town.fake.next.append(failure(400, 132015))
    assert await town.notify("uno", ANSWERED, CASE) == []
    asked = len(town.fake.authorizations)
    assert await town.notify("dos", ANSWERED, CASE) == []

    assert len(town.fake.authorizations) == asked
    assert town.trouble() == [("queued", "template:PAUSED")] * 2


async def test_when_too_many_people_complain_sendings_to_many_stop_and_answers_go_on(town: Town) -> None:
    services = town.services
    number = services.database.write_now(town.tell_outage)
    town.fake.next.append(failure(400, 131048))
    assert await town.sent() == []
    stopped = services.database.read_now(lambda uow: uow.waves.get(number))
    answers = await town.say("/menu")

    assert stopped is not None
    assert stopped.state == "paused"
    assert [body["type"] for body in answers] == ["interactive"]


async def test_what_a_message_cost_is_kept_once_and_charged_when_it_arrives(town: Town) -> None:
    town.clock.move(DAY)
    (body,) = await town.notify("uno", ANSWERED, CASE)
    for state in ("sent", "delivered", "delivered", "sent"):
        status = {
            "id": "wamid.1",
            "status": state,
            "timestamp": str(int(town.clock.now().timestamp())),
            "biz_opaque_callback_data": body["biz_opaque_callback_data"],
            "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"},
        }
        await town.webhook(value(statuses=[status]))

    now = town.clock.now()
    (count,) = town.services.database.read_now(lambda uow: uow.providers.prices_between(now - DAY, now + DAY))
    assert (count.category, count.model, count.billable, count.delivered, count.many) == (
        "utility",
        "pmp",
        True,
        True,
        1,
    )


async def test_a_question_of_ours_outside_the_window_is_a_template_whose_buttons_answer_it(town: Town) -> None:
    town.clock.move(DAY)
    now, services = town.clock.now(), town.services
    errand = {"conversation_id": town.conversation_id, "flow": "calificar_caso", "clase": "SERVICIO"}
    slots = {"radicado_calificado": "20260000123-4"}
    services.database.write_now(
        lambda uow: uow.errands.add(key="e", slots=slots, due_at=now, expires_at=now + DAY, now=now, **errand)
    )
    await begin_errands.run(services.database, town.clock, services.settings, services.runner, services.notices)
    (body,) = await town.sent()
    buttons = [part for part in body["template"]["components"] if part["type"] == "button"]
    pressed = {"payload": buttons[4]["parameters"][0]["payload"], "text": "5, muy buena"}
    await town.webhook(value(message("button", pressed, number=90)))
    (answer,) = await town.sent()

    assert body["template"]["name"] == "calificar_caso_1"
    assert "comentario" in json.dumps(answer, ensure_ascii=False).lower() or "gracias" in json.dumps(answer).lower()


# What a turn says


async def test_what_a_turn_says_is_one_message(town: Town) -> None:
    town.clock.move(DAY)
    (body,) = await town.say("/consultar_radicado")

    text = json.dumps(body, ensure_ascii=False)
    assert "Soy un asistente automático" in text
    assert "¿Cuál es el número de radicado?" in text


async def test_what_is_deleted_before_it_is_read_is_not_answered(town: Town) -> None:
    said = message("text", {"body": "mi cédula es 123"}, number=80)
    gone = message("revoke", {"original_message_id": said["id"]}, number=81)
    await town.webhook(value(said, gone))
    late = message("revoke", {"original_message_id": "wamid.entra1"}, number=82)
    await town.webhook(value(late))

    assert await town.sent() == []
    assert len(await town.say("/menu")) == 1


# People who move


async def move(town: Town, number: int = 50) -> None:
    said = {"type": "user_changed_number", "wa_id": NEW_PHONE, "user_id": "CO.777", "previous_user_id": PERSON}
    await town.webhook(value(message("system", said, number=number)))


async def test_a_person_who_changes_their_number_keeps_the_talk(town: Town) -> None:
    await town.say("/radicar_queja")
    await move(town)
    await move(town)
    (body,) = await town.notify("uno", ANSWERED, CASE)
    answers = await town.say(
        "llevo tres días sin agua y nadie contesta", **{"from": NEW_PHONE, "from_user_id": "CO.777"}
    )

    kept = town.services.database.read_now(lambda uow: uow.notices.reach(town.conversation_id))

    assert body["to"] == NEW_PHONE
    assert kept is not None
    assert kept.address["name"] == "Persona de Prueba"
    assert "autoriza" in json.dumps(answers[-1], ensure_ascii=False).lower()


async def test_whoever_wrote_from_the_new_number_before_we_heard_of_it_is_not_joined_with_the_old_talk(
    town: Town,
) -> None:
    first = town.conversation_id
    await town.say("hola", **{"from": NEW_PHONE, "from_user_id": "CO.777"})
    await move(town)

    assert await town.notify("uno", ANSWERED, CASE) == []
    state = town.services.database.read_now(lambda uow: uow.subscriptions.preference(first))
    assert state.blocked_at is not None
    (body,) = await town.say("/menu", **{"from": NEW_PHONE, "from_user_id": "CO.777"})
    assert body["to"] == NEW_PHONE


async def test_whoever_gets_the_old_number_is_somebody_else(town: Town) -> None:
    await town.say("/radicar_queja")
    await move(town)
    stranger = message("text", {"body": "hola"}, number=70) | {"from": PHONE}
    del stranger["from_user_id"]
    event = value(stranger)
    del event["contacts"]
    await town.webhook(event)

    talks = town.services.database.read_now(
        lambda uow: {uow.inbox.get(number).conversation_id for number in range(1, 5) if uow.inbox.get(number)}
    )
    assert len(talks) == 2
    assert (await town.sent())[0]["to"] == PHONE


async def test_whoever_wants_no_advertising_still_hears_of_their_own(town: Town) -> None:
    now = town.clock.now()
    who = town.conversation_id
    town.services.database.write_now(lambda uow: uow.subscriptions.turn_on(who, "consejos", "", now))
    wish = {"wa_id": PHONE, "category": "marketing_messages", "value": "stop", "timestamp": int(now.timestamp())}
    await town.webhook(value(user_preferences=[wish]), field="user_preferences")

    assert town.services.database.read_now(lambda uow: uow.subscriptions.is_left(who, "consejos"))
    assert len(await town.notify("uno", ANSWERED, CASE)) == 1


# What Meta takes for a phone alone


async def test_what_meta_takes_for_a_phone_alone_goes_to_the_phone_that_it_told_before(town: Town) -> None:
    town.fake.next.append(failure(400, 131062))
    town.count = 200
    bare = message("text", {"body": "/menu"}, number=201)
    del bare["from"]
    event = value(bare)
    del event["contacts"][0]["wa_id"]
    await town.webhook(event)
    (body,) = await town.sent()

    assert body["to"] == PHONE
    assert town.trouble() == []


async def test_without_a_phone_it_fails_by_its_code_and_the_address_is_not_dead(
    database: Database, clock: FrozenClock, tmp_path: Path
) -> None:
    async with open_town(database, clock, tmp_path, has_phone=False) as town:
        town.fake.next.append(failure(400, 131062))
        assert await town.notify("uno", ANSWERED, CASE) == []
        assert town.trouble() == [("failed", "phone:131062")]
        (body,) = await town.notify("dos", ANSWERED, CASE)

    assert body["recipient"] == PERSON


def values_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for part in body["template"]["components"] if part["type"] == "body" for one in part["parameters"]]
