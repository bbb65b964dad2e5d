"""What Meta refuses after it had accepted: whom it blames, what it stops, and what is told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.notices import waves
from tests.notices.test_whatsapp_notices import ANSWERED, CASE, DAY, move
from tests.notices.town import OUTAGE, Town
from tests.support.fake_whatsapp import PHONE, failure, message, value


def failed(town: Town, body: dict[str, Any], code: int, ref: str = "") -> dict[str, Any]:
    """Return the status that calls the message of ``body``, the last one that left unless told, failed."""
    return {
        "id": ref or f"wamid.{len(town.fake.sent)}",
        "status": "failed",
        "timestamp": str(int(town.clock.now().timestamp())),
        "biz_opaque_callback_data": body["biz_opaque_callback_data"],
        "errors": [{"code": code}],
    }


@pytest.mark.parametrize(("code", "is_reached"), [(131049, True), (130472, True), (131042, True), (131026, False)])
async def test_only_an_address_where_nobody_is_keeps_later_notices_from_a_person(
    town: Town, code: int, is_reached: bool
) -> None:
    (body,) = await town.notify("uno", ANSWERED, CASE)
    town.clock.move(timedelta(minutes=1))
    await town.webhook(value(statuses=[failed(town, body, code)]))

    assert town.trouble()[0][0] == "failed"
    assert len(await town.notify("dos", ANSWERED, CASE)) == int(is_reached)


@pytest.mark.parametrize("is_told_later", [False, True])
async def test_whoever_stopped_advertising_at_meta_gets_no_more_of_it_from_us(town: Town, is_told_later: bool) -> None:
    town.clock.move(timedelta(minutes=1))
    advice = {"aviso": {"consejo": "Cierre la llave mientras se enjabona las manos."}}
    if is_told_later:
        (body,) = await town.notify("uno", "aviso.consejo", advice, clase="COMERCIAL")
        await town.webhook(value(statuses=[failed(town, body, 131050)]))
    else:
        town.fake.next.append(failure(400, 131050))
        await town.notify("uno", "aviso.consejo", advice, clase="COMERCIAL")
    town.clock.move(timedelta(days=1))

    assert await town.notify("dos", "aviso.consejo", advice, clase="COMERCIAL") == []
    assert len(await town.notify("tres", ANSWERED, CASE)) == 1


async def test_a_complaint_that_is_told_later_stops_sendings_to_many_once(town: Town) -> None:
    services, now = town.services, town.clock.now()
    wanted = waves.Draft(key="w", template="corte_programado", values=OUTAGE, author="Ana")

    def begin(uow: Any) -> int:
        number = waves.draft(uow, services.notices, wanted, now)
        waves.approve(uow, number, "Luis", now)
        return number

    number = services.database.write_now(begin)
    (body,) = await town.notify("uno", ANSWERED, CASE)
    status = failed(town, body, 131048)
    await town.webhook(value(statuses=[status]))

    def state() -> str:
        found = services.database.read_now(lambda uow: uow.waves.get(number))
        assert found is not None
        return found.state

    assert state() == "paused"
    services.database.write_now(lambda uow: uow.waves.move(number, ["paused"], "running", now))
    await town.webhook(value(statuses=[status]))
    assert state() == "running"


async def test_a_template_that_a_later_status_calls_disabled_is_not_tried_for_others(town: Town) -> None:
    town.clock.move(DAY)
    (body,) = await town.notify("uno", ANSWERED, CASE)
    await town.webhook(value(statuses=[failed(town, body, 132016)]))

    assert await town.notify("dos", ANSWERED, CASE) == []


@pytest.mark.parametrize("state", ["UNARCHIVED", "Approved", "SOMETHING_NEW"])
async def test_a_template_in_a_state_that_nobody_knows_is_tried(town: Town, state: str) -> None:
    town.clock.move(DAY)
    await town.template("caso_respondido_1", event=state)

    assert len(await town.notify("uno", ANSWERED, CASE)) == 1


async def test_a_closed_window_that_is_told_twice_takes_nothing_from_the_template_that_followed(town: Town) -> None:
    (body,) = await town.notify("uno", ANSWERED, CASE)
    status = failed(town, body, 131047)
    await town.webhook(value(statuses=[status]))
    await town.webhook(value(statuses=[status]))
    (again,) = await town.sent()
    await town.webhook(value(statuses=[status]))

    assert again["type"] == "template"
    assert town.trouble() == []
    await town.webhook(value(statuses=[failed(town, again, 131026)]))
    assert town.trouble() == [("failed", "131026")]


async def test_that_the_window_is_closed_stays_known_while_meta_is_away(town: Town) -> None:
    town.fake.next.extend([failure(400, 131047), failure(503, 2)])
    assert await town.notify("uno", ANSWERED, CASE) == []
    asked = len(town.fake.authorizations)
    town.clock.move(timedelta(minutes=1))
    (body,) = await town.sent()

    assert body["type"] == "template"
    assert len(town.fake.authorizations) == asked + 1


async def test_a_move_that_is_told_again_does_not_touch_whoever_has_the_old_number_now(town: Town) -> None:
    await move(town)
    said = message("text", {"body": "hola"}, number=71)
    await town.webhook(value(said))
    stranger = town.services.database.read_now(lambda uow: uow.inbox.get(2))
    assert stranger is not None
    assert stranger.conversation_id != town.conversation_id
    await move(town)

    state = town.services.database.read_now(lambda uow: uow.subscriptions.preference(stranger.conversation_id))
    assert state.blocked_at is None
    assert (await town.sent())[-1]["to"] == PHONE
