"""The utility as configured, its hours and its queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dialogs.actions.ports import OfficeView, QueueView

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.turn.hours import OfficeHours
    from storage.db import Database


class CompanyFacts:
    """The utility as configured, its hours and its queue."""

    def __init__(self, database: Database, settings: Settings, hours: OfficeHours) -> None:
        self._database = database
        self._info = settings.empresa.model_dump(mode="json")
        self._minutes = settings.atencion.minutos_por_turno
        self._hours = hours

    def info(self) -> Mapping[str, Any]:
        """Return the ``empresa`` block of the settings."""
        return self._info

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether the offices are open at ``moment`` and when they open next."""
        return self._hours.at(moment)

    async def queue(self) -> QueueView:
        """Return how many people wait for an adviser."""
        waiting = await self._database.read(lambda uow: uow.handoffs.list())
        count = sum(1 for handoff in waiting if handoff.state == "queued")
        return QueueView(count, count * self._minutes)
