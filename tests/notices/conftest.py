"""A house with a person in it whom we may write to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.bootstrap import PULL_CHANNELS
from bot.kernel.clock import FrozenClock
from bot.notices import catalog
from bot.notices.push import Notices
from bot.pqr.calendar import Calendar
from storage.db import Database
from tests.notices.town import Town, open_town
from tests.support.databases import Databases
from tests.support.shipped import shipped
from tests.turn.house import Talker, open_house


@pytest.fixture
async def talker(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Talker]:
    async with open_house(database, clock, tmp_path) as services:
        yield Talker(services, clock)


@pytest.fixture
async def town(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(database, clock, tmp_path) as found:
        yield found


def moment(text: str) -> datetime:
    """Read a moment of Bogotá."""
    return datetime.fromisoformat(f"{text}:00-05:00")


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Yield a fresh embedded database; the files where SQL is special ask for both kinds."""
    with databases.url("sqlite") as url:
        yield url


def make_notices() -> Notices:
    """Return what writes our messages, over the dialogs that come with us."""
    return Notices(
        catalog=catalog.load(),
        calendar=Calendar(),
        dialogs=shipped(),
        known={"empresa": {"nombre": "Empresa de Prueba E.S.P.", "municipio": "Prueba"}},
        language="es",
        pull_channels=PULL_CHANNELS,
    )
