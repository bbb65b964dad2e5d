"""A message that we begin is written once, leaves when the law lets it, and leaves a reason when it does not leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Address, Inbound
from bot.kernel.clock import local
from bot.notices.push import Pushed
from bot.scheduler.jobs import release_notices
from storage.db import Database
from tests.conftest import DIALECTS
from tests.notices.conftest import moment
from tests.storage.samples import file_case
from tests.support.databases import Databases
from tests.support.paper_channel import PaperChannel
from tests.turn.house import Talker, open_house

WITH_BUTTONS = "ayuda.como"
PLAIN = "general.devuelto"


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


async def push(talker: Talker, key: str, clase: str = "SERVICIO", **more: Any) -> Pushed:
    given = {
        "conversation_id": talker.conversation_id,
        "response": PLAIN,
        "values": {},
        "clase": clase,
        "key": key,
        "now": talker.clock.now(),
    }
    notices = talker.services.notices
    return await talker.services.database.write(lambda uow: notices.push(uow, **{**given, **more}))


async def log(talker: Talker) -> list[str]:
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    return [item.payload.get("response", "") for item in items if item.direction == "out"]


async def release(talker: Talker) -> str:
    services = talker.services
    return await release_notices.run(
        services.database, talker.clock, services.notices.pull_channels, services.broadcaster.notify
    )


async def test_what_may_leave_now_is_in_the_log_at_once_and_only_once(talker: Talker) -> None:
    await talker.say("hola")
    assert (await push(talker, "uno")).state == "queued"
    assert (await push(talker, "uno")).state == "repeated"
    assert (await log(talker)).count(PLAIN) == 1


async def test_the_talk_goes_on_where_it_was(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    await push(talker, "uno")
    assert await talker.say("llevo tres días sin agua y nadie contesta") == ["pedir_autorizacion.pide_decision_datos"]


async def test_a_reminder_of_saturday_afternoon_leaves_on_monday_and_an_outage_notice_leaves_now(
    talker: Talker,
) -> None:
    """Aceptación 7."""
    talker.clock.set(moment("2026-11-21T14:00"))
    await talker.say("hola")
    talker.clock.set(moment("2026-11-21T15:00"))
    reminder = await push(talker, "recordatorio", "COBRANZA", topic="pago")
    outage = await push(talker, "corte", "SERVICIO")
    assert reminder.not_before is not None
    assert local(reminder.not_before) == moment("2026-11-23T07:00")
    assert outage.not_before == talker.clock.now()


async def test_a_client_that_reads_the_log_sees_a_later_notice_when_its_moment_comes(talker: Talker) -> None:
    talker.clock.set(moment("2026-11-20T21:30"))
    await talker.say("hola")
    assert (await push(talker, "tarde")).state == "queued"
    await talker.say("/menu")
    assert PLAIN not in await log(talker)
    assert await release(talker) == ""
    talker.clock.set(moment("2026-11-21T06:00"))
    assert await release(talker) == "1 notices"
    assert (await log(talker))[-1] == PLAIN
    assert await release(talker) == ""


async def test_one_limited_message_a_day_and_the_next_goes_to_the_next_day(talker: Talker) -> None:
    await talker.say("hola")
    first = await push(talker, "uno", "COBRANZA")
    second = await push(talker, "dos", "COMERCIAL")
    assert first.not_before == talker.clock.now()
    assert second.not_before is not None
    assert local(second.not_before) == moment("2026-03-19T07:00")


async def test_what_does_not_fit_before_it_is_worthless_is_skipped_with_its_reason(talker: Talker) -> None:
    await talker.say("hola")
    await push(talker, "uno", "COBRANZA")
    until = talker.clock.now() + timedelta(hours=5)
    assert await push(talker, "dos", "COBRANZA", not_after=until) == Pushed("skipped", "frecuencia")
    talker.clock.set(moment("2026-03-18T20:00"))
    until = talker.clock.now() + timedelta(hours=1)
    assert await push(talker, "tres", "COBRANZA", not_after=until) == Pushed("skipped", "vencido")


async def test_two_channels_in_one_week_are_one_too_many(talker: Talker) -> None:
    await talker.say("hola")
    await push(talker, "uno", "COBRANZA")
    moved = talker.services.database.write(
        lambda uow: uow.conn.exec_driver_sql("UPDATE notices SET channel = 'telegram' WHERE key = 'uno'")
    )
    await moved
    # Until Sunday nothing more; the text is of no use after Saturday.
    until = moment("2026-03-21T12:00")
    assert await push(talker, "dos", "COBRANZA", not_after=until) == Pushed("skipped", "otro_canal")
    monday = await push(talker, "tres", "COBRANZA", not_after=moment("2026-03-25T12:00"))
    assert monday.not_before is not None
    assert local(monday.not_before) == moment("2026-03-24T07:00")  # Monday 23 is San José


async def test_an_answer_leaves_at_night_while_the_person_just_wrote_and_waits_for_morning_later(
    talker: Talker,
) -> None:
    talker.clock.set(moment("2026-03-18T23:00"))
    await talker.say("hola")
    assert (await push(talker, "uno", "RESPUESTA")).not_before == talker.clock.now()
    talker.clock.set(moment("2026-03-19T23:30"))
    later = await push(talker, "dos", "RESPUESTA")
    assert later.not_before is not None
    assert local(later.not_before) == moment("2026-03-20T06:00")


async def test_nothing_leaves_without_the_consent_that_a_topic_needs(talker: Talker) -> None:
    await talker.say("hola")
    assert await push(talker, "uno", "COMERCIAL", topic="consejos") == Pushed("skipped", "sin_autorizacion")


async def test_a_topic_that_was_left_is_silent_and_safety_is_not(talker: Talker) -> None:
    await talker.say("hola")
    now, whose = talker.clock.now(), talker.conversation_id
    await talker.services.database.write(lambda uow: uow.subscriptions.turn_off(whose, "factura", now))
    assert await push(talker, "uno", topic="factura") == Pushed("skipped", "baja")
    assert (await push(talker, "dos", topic="factura", urgent=True)).state == "queued"


async def test_whoever_wants_nothing_still_hears_of_what_they_asked_for_themselves(talker: Talker) -> None:
    await talker.say("hola")
    now, whose = talker.clock.now(), talker.conversation_id
    await talker.services.database.write(lambda uow: uow.subscriptions.set_off(whose, now, now))
    assert await push(talker, "uno", topic="factura") == Pushed("skipped", "baja")
    assert await push(talker, "dos", "COBRANZA") == Pushed("skipped", "baja")
    assert (await push(talker, "tres")).state == "queued"


async def test_nobody_to_write_to_is_a_reason_too(talker: Talker) -> None:
    assert await push(talker, "uno") == Pushed("skipped", "sin_conversacion")


async def test_who_blocked_us_is_not_written_to_until_they_write_again(talker: Talker) -> None:
    await talker.say("hola")
    await talker.say(kind="opted_out")
    assert await push(talker, "uno") == Pushed("skipped", "bloqueado")
    await talker.say("hola")
    assert (await push(talker, "dos")).state == "queued"


async def test_a_button_of_a_notice_works_days_later_whatever_was_said_since(talker: Talker) -> None:
    await talker.say("hola")
    await push(talker, "uno", response=WITH_BUTTONS)
    rows = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    button = rows[-1].payload["options"][0]
    for text in ("/menu", "/oficinas_horarios", "/menu", "/ayuda", "/menu"):
        await talker.say(text)
    talker.clock.move(timedelta(days=6))
    said = await talker.say(button["label"], kind="choice", token=button["token"])
    assert said
    assert "patrones.opcion_vieja" not in said
    assert any(payload.startswith("/") for _, payload in await _choices(talker))
    talker.clock.move(timedelta(days=5))
    assert await talker.say(button["label"], kind="choice", token=button["token"]) != said


async def _choices(talker: Talker) -> list[tuple[str, str]]:
    since = talker.clock.now() - timedelta(days=30)
    found = await talker.services.database.read(lambda uow: uow.notices.buttons(talker.conversation_id, since))
    return found[0][1]


async def test_a_notice_may_not_ask_what_only_an_errand_can_hear(talker: Talker) -> None:
    await talker.say("hola")
    with pytest.raises(ValueError, match="begin an errand"):
        await push(talker, "uno", response="pide_falla_servicio")
    assert await talker.services.database.read(lambda uow: uow.notices.get("uno")) is None


async def test_a_notice_waits_behind_the_replies_of_everybody(database: Database, clock: Any, tmp_path: Any) -> None:
    paper = PaperChannel(tmp_path / "arrived.jsonl")
    async with open_house(database, clock, tmp_path, channels={paper.name: paper}) as services:
        people = [Address(paper.name, paper.account, f"persona-{number}") for number in range(2)]
        for number, who in enumerate(people):
            await services.inbox.accept(
                [Inbound(key=f"k{number}", sent_at=clock.now(), address=who, kind="text", text="/menu")]
            )
        await services.lanes.idle()
        while await services.database.write(lambda uow: _send_all(uow, paper, clock)):
            pass
        first, second = (services.conversation_id(who.key) for who in people)
        pushed = {"response": PLAIN, "values": {}, "clase": "SERVICIO", "now": clock.now()}
        await services.database.write(
            lambda uow: services.notices.push(uow, conversation_id=first, key="uno", **pushed)
        )
        await services.inbox.accept(
            [Inbound(key="k9", sent_at=clock.now(), address=people[1], kind="text", text="/menu")]
        )
        await services.lanes.idle()
        claimed = await services.database.write(lambda uow: _claim(uow, paper, clock))
        assert [row.conversation_id for row in claimed] == [second, first]
        assert [row.kind for row in claimed] == ["reply", "notice"]


def _claim(uow: Any, paper: PaperChannel, clock: Any) -> Any:
    return uow.outbox.claim(
        channel=paper.name, account=paper.account, now=clock.now(), lease_s=30, limit=10, worker="w"
    )


def _send_all(uow: Any, paper: PaperChannel, clock: Any) -> int:
    rows = _claim(uow, paper, clock)
    for row in rows:
        uow.outbox.mark(row.id, row.fence, state="sent", now=clock.now())
    return len(rows)


async def test_an_account_under_claim_gets_no_message_of_collection(talker: Talker) -> None:
    """Aceptación 6."""
    await talker.say("hola")
    now, whose = talker.clock.now(), talker.conversation_id

    def claim(uow: Any) -> None:
        uow.people.add("p_1", now)
        uow.people.link(whose, "p_1", now)
        uow.people.link_account("p_1", "1000001", now, relacion="titular", verified=True)
        case = file_case(uow, cuenta="1000001", tipo="reclamo")
        uow.disputes.open(case.id, "1000001", now, valor=128_000)

    await talker.services.database.write(claim)
    assert await push(talker, "uno", "COBRANZA", topic="pago") == Pushed("skipped", "en_reclamo")
    assert await push(talker, "dos", "COBRANZA", cuenta="1000001") == Pushed("skipped", "en_reclamo")
    assert (await push(talker, "tres", "COBRANZA", cuenta="1000002")).state == "queued"
    assert (await push(talker, "cuatro", "SERVICIO", cuenta="1000001")).state == "queued"
