"""A question left open is remembered once and then closed kindly, whatever was restarted meanwhile."""

from __future__ import annotations

from datetime import timedelta

from bot.scheduler.jobs import fire_timers, wake_waiting
from tests.turn.house import Talker


async def replies(talker: Talker) -> list[str]:
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    return [item.payload.get("response", "") for item in items if item.direction == "out"]


async def fire(talker: Talker) -> str:
    return await fire_timers.run(talker.services.database, talker.clock, talker.services.runner)


async def test_silence_is_reminded_once_and_then_closed(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    before = await replies(talker)
    talker.clock.move(timedelta(days=3))
    for _ in range(4):
        await fire(talker)
        talker.clock.move(timedelta(days=1))
    after = (await replies(talker))[len(before) :]
    assert after.count("patrones.recuerda") == 1
    assert after.count("patrones.cierra_por_silencio") == 1


async def test_an_answer_disarms_the_timer_of_its_question(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    await talker.say("cancelar")
    before = await replies(talker)
    talker.clock.move(timedelta(days=3))
    await fire(talker)
    assert await replies(talker) == before


async def test_nothing_waits_means_nothing_is_woken(talker: Talker) -> None:
    await talker.say("/menu")
    assert await wake_waiting.run(talker.services.database, talker.services.lanes.wake) == ""
