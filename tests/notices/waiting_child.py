"""A process to be killed while an answer waits for its person: ``python -m tests.notices.waiting_child FOLDER URL``."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.bootstrap import Services, open_services
from bot.channels.base import Address, Inbound, Notice, Say, Sent, Verdict
from bot.channels.whatsapp.caps import CAPS
from bot.kernel.clock import ShiftedClock
from bot.nlu.understand import Understanding
from bot.turn import handoffs
from storage.errors import Conflict
from tests.support.paper_channel import PaperChannel
from tests.support.settings import make_settings

START = datetime.fromisoformat("2026-03-18T10:30:00-05:00")
WHO = Address("whatsapp", "prueba", "persona-1")
ANSWERS = ("Ya revisamos su medidor.", "Mañana vamos.")


class Door(PaperChannel):
    """A channel whose window is open or closed, as the script says."""

    name = "whatsapp"
    caps = CAPS
    is_open = True

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        if not self.is_open and isinstance(what, Say):
            return Sent(Verdict.CLOSED_WINDOW, code="window:131047", exchange="no")
        return await super().send(to, what, our_key)


async def main(folder: Path, url: str) -> None:
    """Ask for somebody, be answered a day later, press the button; from wherever the last process died."""
    settings = make_settings(folder, ATIENDE_DATABASE_URL=url)
    calm = settings.atencion.rafaga.model_copy(update={"espera_s": 0.0})
    settings = settings.model_copy(
        update={
            "envios": settings.envios.model_copy(update={"lease_s": 0.5, "espera_inicial_s": 0.05}),
            "atencion": settings.atencion.model_copy(update={"rafaga": calm}),
        }
    )
    door, clock = Door(folder / "arrived.jsonl"), ShiftedClock(START)
    services = await open_services(settings, clock=clock, channels={"whatsapp": door}, understanding=Understanding())
    closed, pressed = folder / "closed", folder / "pressed"
    door.is_open = pressed.exists() or not closed.exists()
    await services.recover()
    assert services.sender is not None
    services.run(services.sender.run, "sender")
    await hear(services, "m0", START, "/hablar_con_asesor")
    if not pressed.exists():
        closed.touch()
        door.is_open = False
        for number, text in enumerate(ANSWERS):
            await answer(services, number, text)
        await everything_tried(services)
        pressed.touch()
    door.is_open = True
    await hear(services, "m1", START + timedelta(days=2), "ver mensaje")
    await services.close()


async def hear(services: Services, key: str, at: datetime, text: str) -> None:
    """Take a message in and wait until nothing of what follows from it is still to be tried."""
    event = Inbound(key=key, sent_at=at, address=WHO, kind="text", text=text)
    ((inbox_id, _),) = await services.inbox.accept([event])
    assert await services.lanes.settled(inbox_id, 20)
    await everything_tried(services)


async def answer(services: Services, number: int, text: str) -> None:
    """Write an answer of staff, once."""
    talk = services.conversation_id(WHO.key)
    now = services.clock.now()
    record = await services.database.read(lambda uow: uow.conversations.load(talk))
    assert record is not None
    try:
        await services.database.write(
            lambda uow: handoffs.say(uow, record, text, now=now, key=f"staff-{number}", pull_channels=frozenset())
        )
    except Conflict:
        return


async def everything_tried(services: Services) -> None:
    """Wait until nothing is under way and what is queued waits for its person."""
    for _ in range(400):
        counts, waiting = await services.database.read(lambda uow: (uow.outbox.counts(), uow.waiting.many()))
        if counts.get("queued", 0) == waiting and not counts.get("sending", 0):
            return
        await asyncio.sleep(0.02)
    sys.exit(4)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
