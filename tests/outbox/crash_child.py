"""A process to be killed: sends what is in the outbox by the paper channel and ends when nothing is left.

Run as ``python -m tests.outbox.crash_child FOLDER DATABASE_URL``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.kernel.clock import SystemClock
from bot.kernel.ids import RandomIds
from bot.outbox.rules import Rules
from bot.outbox.sender import Sender
from storage.crypto import Keyring
from storage.db import Database
from tests.support.paper_channel import PaperChannel


async def main(folder: Path, url: str) -> None:
    """Send everything, with waits short enough for a test."""
    database = Database.open(url, Keyring.from_text(os.environ["ATIENDE_DATA_KEY"]), safe=False)
    channel = PaperChannel(folder / "arrived.jsonl")
    rules = Rules(first_wait_s=0.05)
    sender = Sender(database, {channel.name: channel}, SystemClock(), RandomIds(), rules=rules, look_s=0.02)
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    async with asyncio.timeout(10):
        while True:
            counts = await database.read(lambda uow: uow.outbox.counts())
            if not counts.get("queued") and not counts.get("sending"):
                break
            await asyncio.sleep(0.02)
    stop.set()
    await running
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
