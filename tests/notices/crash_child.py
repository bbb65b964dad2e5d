"""A process to be killed while it begins an errand of ours: ``python -m tests.notices.crash_child FOLDER URL``."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.bootstrap import open_services
from bot.channels.base import Address, Inbound
from bot.kernel.clock import ShiftedClock
from bot.nlu.understand import Understanding
from bot.scheduler.jobs import begin_errands
from tests.support.crash_child import everything_sent
from tests.support.paper_channel import PaperChannel
from tests.support.settings import make_settings

WHO = Address("papel", "prueba", "persona-1")
START = datetime.fromisoformat("2026-03-18T10:30:00-05:00")


async def main(folder: Path, url: str) -> None:
    """Greet, plan the errand, begin it, and let its words leave; from wherever the last process died."""
    # Whoever comes after a kill comes later.
    marker = folder / "came_before"
    start = START + timedelta(minutes=marker.exists())
    marker.touch()
    settings = make_settings(folder, ATIENDE_DATABASE_URL=url)
    settings = settings.model_copy(
        update={
            "envios": settings.envios.model_copy(update={"lease_s": 0.5}),
            "avisos": settings.avisos.model_copy(update={"quietud_s": 0}),
        }
    )
    channel, clock = PaperChannel(folder / "arrived.jsonl"), ShiftedClock(start)
    services = await open_services(
        settings, clock=clock, channels={channel.name: channel}, understanding=Understanding()
    )
    await services.recover()
    event = Inbound(key="m0", sent_at=START, address=WHO, kind="text", text="/menu")
    ((inbox_id, _),) = await services.inbox.accept([event])
    assert await services.lanes.settled(inbox_id, 20)
    whose = services.conversation_id(WHO.key)
    await services.database.write(
        lambda uow: uow.errands.add(
            key="uno",
            conversation_id=whose,
            flow="consultar_radicado",
            slots={},
            clase="COBRANZA",
            due_at=START,
            expires_at=START + timedelta(days=1),
            now=START,
        )
    )
    await begin_errands.run(services.database, clock, settings, services.runner, services.notices)
    assert services.sender is not None
    services.run(services.sender.run, "sender")
    await everything_sent(services)
    await services.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
