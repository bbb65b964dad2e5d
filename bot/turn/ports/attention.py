"""The queue for a person, and how often opinions are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.actions.ports import PlaceView

if TYPE_CHECKING:
    from bot.kernel.clock import Clock
    from bot.kernel.config import Settings
    from bot.turn.hours import OfficeHours
    from storage.db import Database


class StoredAttention:
    """The queue as the database has it."""

    def __init__(self, database: Database, settings: Settings, clock: Clock, hours: OfficeHours) -> None:
        self._database = database
        self._settings = settings.atencion
        self._clock = clock
        self._hours = hours

    async def place(self, conversation_id: str) -> PlaceView:
        """Return where the person of a conversation stands."""
        wait = await self._database.read(lambda uow: uow.handoffs.open_of(conversation_id))
        office = self._hours.at(self._clock.now())
        if wait is None:
            return PlaceView("ninguna", 0, 0, office.abierto, office.proxima_apertura)
        return PlaceView(
            "en_fila" if wait.state == "queued" else "con_persona",
            wait.position,
            wait.position * self._settings.minutos_por_turno,
            office.abierto,
            office.proxima_apertura,
        )

    def opinion_every_days(self) -> int:
        """Return for how many days nobody is asked for an opinion twice."""
        return self._settings.opinion_cada_dias
