"""Two people of the staff at one handoff: what one ended, the other cannot go on with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.turn import handoffs
from storage.repos.handoffs import HandoffRecord, Handoffs
from storage.uow import UnitOfWork
from tests.turn.house import Talker


class Earlier(Handoffs):
    """The queue as somebody saw it before a colleague moved it."""

    seen: HandoffRecord

    def get(self, handoff_id: int) -> HandoffRecord:
        assert handoff_id == self.seen.id
        return self.seen


@pytest.mark.parametrize("late", [handoffs.take, handoffs.reply, handoffs.give_back])
async def test_a_handoff_given_back_meanwhile_is_not_opened_by_who_comes_late(
    talker: Talker, late: Callable[..., Any]
) -> None:
    database, now = talker.services.database, talker.clock.now()
    sending = {"ids": talker.services.ids, "pull_channels": frozenset({"terminal"})}
    await talker.say("/hablar_con_asesor")
    (waiting,) = await database.read(lambda uow: uow.handoffs.list())
    await database.write(
        lambda uow: handoffs.give_back(uow, waiting.id, "Vuelve el asistente.", staff="ana", now=now, **sending)
    )
    act = partial(late, now=now) if late is handoffs.take else partial(late, text="Buenas.", now=now, **sending)

    def come_late(uow: UnitOfWork) -> None:
        uow.handoffs = Earlier(uow.conn, uow.keyring, uow.dialect)
        uow.handoffs.seen = waiting
        act(uow, waiting.id, staff="luis")

    with pytest.raises(handoffs.NoSuchHandoff):
        await database.write(come_late)
    assert await database.read(lambda uow: uow.handoffs.list()) == []
    talk = await database.read(lambda uow: uow.conversations.load(talker.conversation_id))
    assert talk is not None
    assert talk.mode == "bot"
