"""A flow of ours begins once, in a quiet talk, at an hour of the law, and its question waits like any other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.kernel.clock import local
from bot.scheduler.jobs import begin_errands, fire_timers
from dialogs.engine.commands import ActionFailed
from storage.repos.errands import ErrandRecord
from tests.notices.conftest import moment
from tests.turn.house import Talker

FLOW = "radicar_queja"
ASKS = "pide_relato"
QUIET = timedelta(minutes=3)


async def plan(talker: Talker, key: str = "uno", **more: Any) -> bool:
    now = talker.clock.now()
    given = {
        "key": key,
        "conversation_id": talker.conversation_id,
        "flow": FLOW,
        "slots": {},
        "clase": "SERVICIO",
        "due_at": now,
        "expires_at": now + timedelta(days=1),
        "now": now,
    }
    return await talker.services.database.write(lambda uow: uow.errands.add(**{**given, **more}))


async def begin(talker: Talker) -> str:
    services = talker.services
    return await begin_errands.run(
        services.database, talker.clock, services.settings, services.runner, services.notices
    )


async def errand(talker: Talker, key: str = "uno") -> ErrandRecord:
    found = await talker.services.database.read(lambda uow: uow.errands.get(key))
    assert found is not None
    return found


async def log(talker: Talker) -> list[str]:
    items = await talker.services.database.read(lambda uow: uow.outbox.transcript(talker.conversation_id, 0, 500))
    return [item.payload.get("response", "") for item in items if item.direction == "out"]


async def test_it_begins_and_its_question_takes_the_answer(talker: Talker) -> None:
    await talker.say("/menu")
    assert await plan(talker)
    talker.clock.move(QUIET)
    assert await begin(talker) == "1 errands"
    assert (await log(talker))[-1] == ASKS
    assert (await errand(talker)).state == "begun"
    assert await talker.say("llevo tres días sin agua y nadie contesta") == ["pedir_autorizacion.pide_decision_datos"]


async def test_one_key_is_one_errand_whatever_became_of_it(talker: Talker) -> None:
    await talker.say("/menu")
    assert await plan(talker)
    assert not await plan(talker)
    talker.clock.move(QUIET)
    await begin(talker)
    assert not await plan(talker)
    assert await begin(talker) == ""
    assert (await log(talker)).count(ASKS) == 1


async def test_two_processes_that_look_at_once_begin_it_once(talker: Talker) -> None:
    await talker.say("/menu")
    await plan(talker)
    talker.clock.move(QUIET)
    await asyncio.gather(begin(talker), begin(talker), begin(talker))
    assert (await log(talker)).count(ASKS) == 1


async def test_a_talk_in_which_an_errand_runs_is_not_disturbed(talker: Talker) -> None:
    await talker.say("/radicar_queja")
    await plan(talker)
    talker.clock.move(QUIET)
    before = await log(talker)
    assert await begin(talker) == ""
    assert await log(talker) == before
    assert (await errand(talker)).due_at == talker.clock.now() + timedelta(minutes=5)
    await talker.go("cancelar", "/menu")
    talker.clock.move(timedelta(minutes=6))
    assert await begin(talker) == "1 errands"


async def test_whoever_has_just_written_is_left_in_peace(talker: Talker) -> None:
    await talker.say("/menu")
    await plan(talker)
    assert await begin(talker) == ""
    assert (await errand(talker)).state == "waiting"


@pytest.mark.parametrize("mode", ["queued", "with_person"])
async def test_a_talk_that_a_person_has_or_that_waits_for_one_is_left_alone(talker: Talker, mode: Any) -> None:
    await talker.say("/menu")
    await plan(talker)
    whose = talker.conversation_id
    await talker.services.database.write(lambda uow: uow.conversations.set_mode(whose, mode, talker.clock.now()))
    talker.clock.move(QUIET)
    assert await begin(talker) == ""
    assert (await errand(talker)).state == "waiting"


async def test_at_night_it_waits_for_the_morning(talker: Talker) -> None:
    talker.clock.set(moment("2026-11-20T21:30"))
    await talker.say("/menu")
    await plan(talker)
    talker.clock.move(QUIET)
    assert await begin(talker) == ""
    assert local((await errand(talker)).due_at) == moment("2026-11-21T06:00")
    talker.clock.set(moment("2026-11-21T06:00"))
    assert await begin(talker) == "1 errands"


async def test_a_limited_one_takes_the_contact_of_its_day(talker: Talker) -> None:
    await talker.say("/menu")
    await plan(talker, clase="COBRANZA", expires_at=talker.clock.now() + timedelta(days=3))
    await plan(talker, "dos", clase="COBRANZA", expires_at=talker.clock.now() + timedelta(days=3))
    talker.clock.move(QUIET)
    assert await begin(talker) == "1 errands"
    assert local((await errand(talker, "dos")).due_at) == moment("2026-03-19T07:00")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"expires_at": moment("2026-03-18T10:31")}, "vencido"),
        ({"flow": "uno_que_ya_no_existe"}, "sin_flujo"),
        ({"conversation_id": "c_nadie"}, "sin_conversacion"),
    ],
)
async def test_what_cannot_begin_is_dropped_with_its_reason(talker: Talker, more: Any, reason: str) -> None:
    await talker.say("/menu")
    await plan(talker, **more)
    before = await log(talker)
    talker.clock.move(QUIET)
    assert await begin(talker) == ""
    record = await errand(talker)
    assert (record.state, record.reason) == ("dropped", reason)
    assert await log(talker) == before


async def test_one_that_breaks_is_tried_again_and_holds_up_nobody(
    talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talker.say("/menu")
    await plan(talker)
    talker.clock.move(QUIET)

    async def broken(*_: Any, **__: Any) -> bool:
        raise RuntimeError

    monkeypatch.setattr(talker.services.runner, "begin", broken)
    for _ in range(4):
        assert await begin(talker) == ""
        talker.clock.move(timedelta(minutes=16))
    record = await errand(talker)
    assert (record.state, record.reason) == ("dropped", "fallo")


async def test_a_cancelled_one_does_not_begin(talker: Talker) -> None:
    await talker.say("/menu")
    await plan(talker)
    now = talker.clock.now()
    assert await talker.services.database.write(lambda uow: uow.errands.cancel("uno", now))
    talker.clock.move(QUIET)
    assert await begin(talker) == ""
    assert (await errand(talker)).reason == "cancelado"


async def test_silence_to_its_question_is_reminded_and_closed_kindly(talker: Talker) -> None:
    await talker.say("/menu")
    await plan(talker)
    talker.clock.move(QUIET)
    await begin(talker)
    for _ in range(3):
        talker.clock.move(timedelta(days=1))
        await fire_timers.run(talker.services.database, talker.clock, talker.services.runner)
    assert (await log(talker))[-1] == "patrones.cierra_por_silencio"


async def test_an_action_of_it_that_fails_ends_in_words_and_not_in_a_loop(talker: Talker) -> None:
    await talker.say("/menu")

    class Broken:
        async def run(self, call_id: str, *_: Any) -> ActionFailed:
            return ActionFailed(call_id, "down")

    talker.services.runner.thinker.actions = Broken()
    await plan(talker, flow="oficinas_horarios")
    talker.clock.move(QUIET)
    assert await begin(talker) == "1 errands"
    assert (await errand(talker)).state == "begun"
