"""An urgent notice that does not arrive where it went is said once where the same person can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.base import Address, Inbound
from tests.notices.town import Town
from tests.support.databases import Databases
from tests.support.fake_whatsapp import failure, value

ELSEWHERE = Address("terminal", "prueba", "la misma")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    with databases.url(request.param) as url:
        yield url


async def warn(town: Town, *, urgent: bool = True, linked: bool = True) -> list[dict[str, Any]]:
    """Tell those of a sector of an outage now; the person also writes at the terminal."""
    services, now, who = town.services, town.clock.now(), town.conversation_id
    event = Inbound(key="t1", sent_at=now, address=ELSEWHERE, kind="text", text="hola")
    await services.inbox.accept([event])
    await services.lanes.idle()
    other = services.conversation_id(ELSEWHERE.key)

    def send(uow: Any) -> None:
        uow.people.add("p1", now)
        uow.people.link(who, "p1", now)
        if linked:
            uow.people.link(other, "p1", now)
        town.tell_outage(uow, urgent=urgent)

    services.database.write_now(send)
    return await town.sent()


def told_elsewhere(town: Town) -> int:
    """Return how often the outage was said in the other conversation."""
    other = town.services.conversation_id(ELSEWHERE.key)
    said = town.services.database.read_now(lambda uow: uow.outbox.transcript(other))
    return sum("La Esperanza" in item.payload.get("text", "") for item in said if item.direction == "out")


@pytest.mark.parametrize("code", [131026, 131049])
async def test_what_is_refused_for_ever_or_for_today_is_said_elsewhere_and_not_here_again(
    town: Town, code: int
) -> None:
    town.fake.next.append(failure(400, code))
    assert await warn(town) == []

    assert told_elsewhere(town) == 1
    assert [state for state, _ in town.trouble()] == ["failed"]


async def test_what_is_refused_after_it_was_accepted_is_said_elsewhere_once(town: Town) -> None:
    (body,) = await warn(town)
    assert told_elsewhere(town) == 0
    status = {
        "id": "wamid.2",
        "status": "failed",
        "timestamp": str(int(town.clock.now().timestamp())),
        "biz_opaque_callback_data": body["biz_opaque_callback_data"],
        "errors": [{"code": 131026}],
    }
    await town.webhook(value(statuses=[status, status]))
    await town.webhook(value(statuses=[status]))

    assert told_elsewhere(town) == 1


@pytest.mark.parametrize("kind", [{"urgent": False}, {"linked": False}])
async def test_what_is_not_urgent_or_of_somebody_else_is_said_nowhere_else(town: Town, kind: dict[str, bool]) -> None:
    town.fake.next.append(failure(400, 131026))
    await warn(town, **kind)

    assert told_elsewhere(town) == 0
