"""A talk that cannot be gone on with waits; those behind it do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.scheduler.jobs import fire_timers
from bot.turn.plan import Trigger
from dialogs.engine.commands import Timeout
from tests.turn.house import Talker


class Stumbling:
    """The runner of the house, but for one conversation: there it raises, or gives up without a word."""

    def __init__(self, runner: Any, sick: str, *, raises: bool) -> None:
        self.runner = runner
        self.sick = sick
        self.raises = raises
        self.asked: list[str] = []

    async def time_out(self, trigger: Trigger, command: Timeout) -> None:
        self.asked.append(trigger.conversation_id)
        if trigger.conversation_id != self.sick:
            await self.runner.time_out(trigger, command)
        elif self.raises:
            raise ZeroDivisionError


@pytest.mark.parametrize("raises", [True, False])
async def test_a_timer_that_fails_is_put_off_and_holds_up_nobody(
    talker: Talker, monkeypatch: pytest.MonkeyPatch, *, raises: bool
) -> None:
    monkeypatch.setattr(fire_timers, "_BATCH", 1)
    services, clock = talker.services, talker.clock
    other = Talker(services, clock, user="persona-2")
    await talker.say("/radicar_queja")
    await other.say("/radicar_queja")
    clock.move(timedelta(days=3))
    runner: Any = Stumbling(services.runner, talker.conversation_id, raises=raises)
    due = await services.database.read(lambda uow: uow.timers.due(clock.now(), 10))
    mine = {timer.id for timer in due if timer.conversation_id == talker.conversation_id}
    assert due[0].id in mine

    for _ in range(6):
        await fire_timers.run(services.database, clock, runner)
    assert runner.asked.count(talker.conversation_id) == len(mine)
    assert other.conversation_id in runner.asked

    clock.move(timedelta(minutes=15))
    again = await services.database.read(lambda uow: uow.timers.due(clock.now(), 10))
    assert {timer.id for timer in again} == mine
    assert {timer.due_at for timer in again} == {clock.now()}


async def test_the_timer_of_a_conversation_that_is_gone_goes_too(talker: Talker) -> None:
    database, now = talker.services.database, talker.clock.now()
    await database.write(lambda uow: uow.timers.set("gone", "remind", "motivo", 1, now))
    await fire_timers.run(database, talker.clock, talker.services.runner)
    assert await database.read(lambda uow: uow.timers.due(now, 10)) == []
