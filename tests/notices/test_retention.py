"""What we began is forgotten with the talk it belonged to; a talk somebody waits in is kept."""

from __future__ import annotations

from datetime import timedelta

from storage.retention import RetentionPolicy, purge
from tests.notices.test_errands import plan
from tests.notices.test_push import push
from tests.turn.house import Talker

POLICY = RetentionPolicy(messages_days=100)


async def forget(talker: Talker, days: int) -> dict[str, int]:
    now = talker.clock.now() + timedelta(days=days)
    gone: dict[str, int] = {}
    for _ in range(3):
        purged = await talker.services.database.write(lambda uow: purge(uow, now, POLICY))
        for name, many in purged.rows.items():
            gone[name] = gone.get(name, 0) + many
    return gone


async def test_old_notices_go_and_the_talk_of_a_subscriber_stays(talker: Talker) -> None:
    await talker.go("/suscribir_avisos", "factura")
    await push(talker, "uno")
    gone = await forget(talker, 120)
    assert gone["notices"] >= 1
    assert "conversations" not in gone
    await talker.say("baja")
    assert "conversations" in await forget(talker, 120)
    whose = talker.conversation_id
    assert await talker.services.database.read(lambda uow: uow.subscriptions.of(whose)) == []


async def test_a_talk_with_an_errand_to_come_stays(talker: Talker) -> None:
    await talker.say("hola")
    await plan(talker, expires_at=talker.clock.now() + timedelta(days=400))
    assert "conversations" not in await forget(talker, 120)
