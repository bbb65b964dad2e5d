"""What was said to be written is there after the process was killed."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from storage.crypto import Keyring
from storage.db import Database

WRITER = """
import asyncio, sys
from storage.crypto import Keyring
from storage.db import Database
from tests.storage.samples import inbound

async def main() -> None:
    database = Database.open(sys.argv[1], Keyring.from_text(sys.argv[2]))
    async def person(name: int) -> None:
        for number in range(10_000):
            key = f"{name}:{number}"
            await database.write(lambda unit: unit.inbox.accept(inbound(key, f"c{name}")))
            print(key, flush=True)
    await asyncio.gather(*(person(name) for name in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("acknowledged", [1, 100])
def test_nothing_acknowledged_is_lost_by_a_kill(database_url: str, keyring: Keyring, acknowledged: int) -> None:
    command = [sys.executable, "-c", WRITER, database_url, keyring.to_text()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    database = Database.open(database_url, keyring)
    kept = database.read_now(
        lambda unit: {item.key for name in range(8) for item in unit.inbox.pending(f"c{name}", limit=100_000)}
    )
    database.close_now()
    assert len(told) >= acknowledged
    assert set(told) <= kept
