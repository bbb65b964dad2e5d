"""A person to talk with, over SQLite; what is special to a database is tested where rows are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.kernel.clock import FrozenClock
from storage.crypto import Keyring
from storage.db import Database
from tests.support.databases import Databases
from tests.turn.house import Talker, open_house


@pytest.fixture
def sqlite(databases: Databases, keyring: Keyring) -> Iterator[Database]:
    with databases.url("sqlite") as url:
        opened = Database.open(url, keyring, safe=False)
        yield opened
        opened.close_now()


@pytest.fixture
async def talker(sqlite: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Talker]:
    async with open_house(sqlite, clock, tmp_path) as services:
        yield Talker(services, clock)
