"""forget_old: lets go of what neither a purpose nor the law asks to keep (Decreto 1377/2013 art. 11)."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from storage.retention import RetentionPolicy, purge

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.files import FileStore

log = structlog.get_logger(__name__)

_DAYS_A_YEAR = 366
_MOST_ROUNDS = 200


async def run(database: Database, clock: Clock, settings: Settings, files: FileStore) -> str:
    """Forget everything that is due, a bounded piece a transaction; returns how many rows and files went."""
    kept = settings.ley.retencion_anios * _DAYS_A_YEAR
    policy = RetentionPolicy(cases_days=kept, consents_days=kept)
    rows = erased = 0
    for _ in range(_MOST_ROUNDS):
        gone = await database.write(partial(purge, now=clock.now(), policy=policy))
        rows += sum(gone.rows.values())
        for path in gone.paths:
            try:
                await asyncio.to_thread(files.erase, path)
            except OSError:
                # The rows are gone: one file that the disk refuses must not leave the others of the batch behind.
                log.exception("file_not_erased", path=path)
                continue
            erased += 1
        if not gone.more:
            break
    return f"{rows} rows, {erased} files" if rows or erased else ""
