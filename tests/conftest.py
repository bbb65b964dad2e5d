"""What every test may ask for: a fresh database of each kind, keys, a clock that stands still, ids that count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.kernel.clock import FrozenClock
from bot.kernel.ids import SequenceIds
from storage.crypto import Keyring
from storage.db import Database
from tests.support.databases import Databases
from tests.support.nursery import Nursery
from tests.support.once import everything_once

DIALECTS = ("sqlite", "postgresql")
_TEST_KEYS = Keyring({"t1": b"one key of thirty-two test bytes"}, "t1", b"an index key of 32 bytes, tests.")


@pytest.fixture(scope="session", autouse=True)
def what_never_changes_is_made_once() -> Iterator[None]:
    """Give every house and every command of the tests the same dialogs, settings files and programs."""
    with everything_once():
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Make databases; one PostgreSQL server for the whole session, started when first needed."""
    made = Databases(tmp_path_factory.mktemp("databases"), _TEST_KEYS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Yield what runs children that are to be killed."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture
def keyring() -> Keyring:
    """Return the keys with which the test databases are sealed."""
    return _TEST_KEYS


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """Yield the URL of a fresh, upgraded database of each kind, for processes that open it themselves."""
    with databases.url(request.param) as url:
        yield url


@pytest.fixture
def database(database_url: str, keyring: Keyring) -> Iterator[Database]:
    """Yield a fresh, upgraded, open database of each kind."""
    opened = Database.open(database_url, keyring, safe=False)
    yield opened
    opened.close_now()


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock that stands at 10:30 of 18 March 2026 in Bogotá until it is moved."""
    return FrozenClock(datetime.fromisoformat("2026-03-18T10:30:00-05:00"))


@pytest.fixture
def ids() -> SequenceIds:
    """Return identifiers that count up from one."""
    return SequenceIds()
