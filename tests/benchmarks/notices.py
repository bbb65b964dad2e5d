"""What a notice for a whole town costs: time a person, and memory that must not grow with the town.

It takes minutes, so it runs only when named: ``python -m tests.benchmarks notices``.
"""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from pathlib import Path

import psutil

from bot.bootstrap import PULL_CHANNELS
from bot.kernel.clock import FrozenClock
from bot.notices import catalog, waves
from bot.notices.push import Notices
from bot.pqr.calendar import Calendar
from bot.scheduler.jobs import send_waves
from dialogs.engine.load import SHIPPED, load
from storage.crypto import Keyring
from storage.db import Database
from storage.uow import UnitOfWork
from tests.benchmarks.figure import Figure

SMALL, TOWN, CHUNK = 10_000, 100_000, 2_000
MOST_GROWTH_MB, MOST_RATIO = 60.0, 1.3
_NOW = datetime.fromisoformat("2026-03-18T10:30:00-05:00")


async def run() -> list[Figure]:
    """Write to ten thousand people and then to a hundred thousand more, all of them subscribers."""
    with tempfile.TemporaryDirectory(prefix="atiende-") as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'a.db'}", Keyring.generate())
        database.upgrade()
        desk = Notices(
            catalog=catalog.load(),
            calendar=Calendar(),
            dialogs=load(SHIPPED),
            known={"empresa": {"nombre": "Empresa de Prueba E.S.P."}},
            language="es",
            pull_channels=PULL_CHANNELS,
        )
        small = await _send(database, desk, "small", SMALL)
        town = await _send(database, desk, "town", TOWN)
        await database.close()
    growth = town[1] - small[1]
    return [
        Figure(
            "a notice for 100,000 people",
            f"{town[0] * 1000:.2f} ms CPU each",
            f"{SMALL} people: {small[0] * 1000:.2f} ms CPU each",
            f"{town[0] / small[0]:.2f}",
            f"≤ {MOST_RATIO}",
            is_met=town[0] / small[0] <= MOST_RATIO,
        ),
        Figure(
            "memory of the same",
            f"{town[1]:.0f} MB",
            f"{SMALL} people: {small[1]:.0f} MB",
            f"{growth:+.0f} MB",
            f"≤ {MOST_GROWTH_MB:.0f} MB more",
            is_met=growth <= MOST_GROWTH_MB,
        ),
    ]


async def _send(database: Database, desk: Notices, name: str, people: int) -> tuple[float, float]:
    """Return the CPU seconds that one person took and the memory of the process after it, in MB."""
    for start in range(0, people, CHUNK):
        await database.write(lambda uow, start=start: _plant(uow, name, start))
    wanted = waves.Draft(name, "factura_emitida", {"periodo": "marzo", "limite": "el lunes 30 de marzo"}, "Ana")
    number = await database.write(lambda uow: waves.draft(uow, desk, wanted, _NOW))
    await database.write(lambda uow: waves.approve(uow, number, "Luis", _NOW))
    began = time.process_time()
    while await send_waves.run(database, FrozenClock(_NOW), desk):
        pass
    took = time.process_time() - began
    found = await database.read(lambda uow: waves.counts(uow, number))
    assert found.queued + found.skipped == found.chosen >= people
    return took / found.chosen, psutil.Process().memory_info().rss / 1e6


def _plant(uow: UnitOfWork, name: str, start: int) -> None:
    for number in range(start, start + CHUNK):
        who = f"c_{name}_{number}"
        uow.conversations.create(who, {"channel": "telegram", "account": "a", "user": who}, _NOW)
        uow.subscriptions.turn_on(who, "factura", "", _NOW)
