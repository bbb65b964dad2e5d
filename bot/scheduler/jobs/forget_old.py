"""forget_old: lets go of what neither a purpose nor the law asks to keep (Decreto 1377/2013 art. 11)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from storage.retention import RetentionPolicy, purge

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from storage.db import Database
    from storage.files import FileStore
    from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

_DAYS_A_YEAR = 366
_MOST_ROUNDS = 200
#: A file is on disk before its row is committed: only what is older than this is nobody's.
_ORPHAN_AFTER = timedelta(days=1)
_BATCH = 500


async def run(database: Database, clock: Clock, settings: Settings, files: FileStore) -> str:
    """Forget everything that is due, a bounded piece a transaction; returns how many rows and files went."""
    kept = settings.ley.retencion_anios * _DAYS_A_YEAR
    policy = RetentionPolicy(cases_days=kept, consents_days=kept, doubts_days=settings.nlu.aprender.dias)
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
    erased += await _sweep(database, files, clock.now() - _ORPHAN_AFTER)
    return f"{rows} rows, {erased} files" if rows or erased else ""


async def _sweep(database: Database, files: FileStore, before: datetime) -> int:
    """Erase sealed files that no row names: a crash came between the transaction and the disk. Return how many."""
    since, swept = before.timestamp(), 0
    old = await asyncio.to_thread(lambda: list(files.untouched(since)))
    for start in range(0, len(old), _BATCH):
        some = old[start : start + _BATCH]
        known = await database.read(partial(_known, paths=some))
        for path in set(some) - known:
            try:
                swept += await asyncio.to_thread(files.sweep, path, since)
            except OSError:
                log.exception("file_not_erased", path=path)
    if swept:
        log.info("orphan_files_swept", count=swept)
    return swept


def _known(uow: UnitOfWork, paths: list[str]) -> set[str]:
    return uow.files.known_paths(paths)
