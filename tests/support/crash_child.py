"""A process to be killed: files a PQR over the paper channel, from wherever the last process died.

Run as ``python -m tests.support.crash_child FOLDER DATABASE_URL``. Every message of the script is delivered again at
each start, as a provider does that never got its 200; the keys make repeats harmless.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.bootstrap import Services, open_services
from bot.channels.base import Address, Inbound
from bot.nlu.understand import Understanding
from tests.support.paper_channel import PaperChannel
from tests.support.settings import make_settings

WHO = Address("papel", "prueba", "persona-1")

#: What the person says, in order; the last message but one files the case.
SCRIPT = (
    "/radicar_queja",
    "llevo tres días sin agua y en la línea nadie contesta",
    "acepto",
    "agua",
    "No lo tengo",
    "Persona de Prueba",
    "52345678",
    "No tengo correo",
    "No, sigamos",
    "Sí, radicar",
    "/menu",
)


async def main(folder: Path, url: str) -> None:
    """Say the script, wait for every reply to arrive, and end."""
    settings = make_settings(folder, ATIENDE_DATABASE_URL=url)
    settings = settings.model_copy(update={"envios": settings.envios.model_copy(update={"lease_s": 0.5})})
    channel = PaperChannel(folder / "arrived.jsonl")
    services = await open_services(settings, channels={channel.name: channel}, understanding=Understanding())
    await services.recover()
    assert services.sender is not None
    services.run(services.sender.run, "sender")
    for number, text in enumerate(SCRIPT):
        event = Inbound(
            key=f"m{number}",
            sent_at=datetime(2026, 3, 18, 15, 30, number, tzinfo=UTC),
            address=WHO,
            kind="text",
            text=text,
        )
        ((inbox_id, _),) = await services.inbox.accept([event])
        if not await services.lanes.settled(inbox_id, 20):
            sys.exit(3)
        # The next message waits for the replies to this one, so that a kill meets one boundary and not two.
        await everything_sent(services)
    await services.close()


async def everything_sent(services: Services) -> None:
    """Wait until nothing is queued and nothing is under way."""
    for _ in range(400):
        counts = await services.database.read(lambda uow: uow.outbox.counts())
        if not counts.get("queued", 0) and not counts.get("sending", 0):
            return
        await asyncio.sleep(0.02)
    sys.exit(4)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
