"""An installation for measuring: a real database file, safe commits, the trained model, the terminal as channel."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bootstrap import Services, open_database, open_services
from bot.channels.base import Address, Inbound
from bot.demo import plant
from bot.kernel.clock import SystemClock
from tests.support.settings import make_settings, with_model


@asynccontextmanager
async def house() -> AsyncIterator[Services]:
    """Open an installation in a folder of its own; what it measures is what `atiende serve` runs."""
    with TemporaryDirectory(prefix="atiende-bench-") as folder:
        settings = with_model(make_settings(Path(folder)))
        database = open_database(settings)
        database.upgrade()
        plant(database, now=SystemClock().now(), settings=settings)
        services = await open_services(settings, database=database, channels={})
        try:
            yield services
        finally:
            await services.close()


def message(services: Services, person: int, number: int, text: str) -> Inbound:
    """Return the ``number``-th message of a person."""
    return Inbound(
        key=f"{person}-{number}-{time.monotonic_ns()}",
        sent_at=services.clock.now(),
        address=Address("terminal", "medida", f"persona-{person}"),
        kind="text",
        text=text,
    )
