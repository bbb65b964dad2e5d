"""The outages that are open now, read for actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogs.actions.ports import OutageView

if TYPE_CHECKING:
    from storage.db import Database


class StoredOutages:
    """The outages that are open now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        """Return the open outages, perhaps of one sector or service only."""
        records = await self._database.read(
            lambda uow: uow.outages.open_for_sector(sector) if sector else uow.outages.open()
        )
        wanted = [record for record in records if not servicio or record.servicio == servicio]
        return [
            OutageView(
                record.servicio,
                record.zona,
                record.causa or "",
                record.ends_at.isoformat() if record.ends_at else "",
                record.estado.lower(),
                record.starts_at.isoformat() if record.starts_at else "",
            )
            for record in wanted[:limit]
        ]
