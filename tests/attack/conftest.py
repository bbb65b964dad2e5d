"""The whole place, attacked by each test and judged after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.kernel.clock import FrozenClock
from storage.db import Database
from tests.attack.place import Place, judge, open_place


@pytest.fixture
async def place(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Place]:
    """Yield an installation; after the test everything that was sent must have ended well."""
    async with open_place(database, clock, tmp_path) as opened:
        yield opened
        await judge(opened)
