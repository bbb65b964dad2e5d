"""Whether the offices attend now and when they open next, from the configured hours and the calendar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.kernel.clock import BOGOTA
from bot.kernel.config_company import span
from dialogs.actions.ports import OfficeView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.kernel.config_company import Empresa, Horario
    from bot.pqr.calendar import Calendar

    Spans = Mapping[str, tuple[tuple[time, time], ...]]

_DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_HOLIDAYS = "festivos"
_LOOK_AHEAD_DAYS = 30


class OfficeHours:
    """The hours of attention of the utility (``empresa.horario_atencion``), holidays included."""

    def __init__(self, empresa: Empresa, calendar: Calendar) -> None:
        """Take the configured hours by day name and the calendar of holidays."""
        self._spans = _spans(empresa.horario_atencion)
        self._calendar = calendar
        self._words = empresa.oficinas[0].horario if empresa.oficinas else ""

    def at(self, moment: datetime) -> OfficeView:
        """Return whether somebody attends at ``moment`` (aware) and when the next opening is.

        ``proxima_apertura`` is an ISO moment in Bogotá, empty while open or when no hours are configured.
        """
        now = moment.astimezone(BOGOTA)
        if self._is_within(now, self._spans):
            return OfficeView(abierto=True, proxima_apertura="", horario=self._words)
        following = self._next(now)
        return OfficeView(
            abierto=False, proxima_apertura=following.isoformat() if following else "", horario=self._words
        )

    def is_open(self, moment: datetime, franjas: Horario) -> bool:
        """Tell whether a place with the hours ``franjas`` by day name is open at ``moment`` (aware)."""
        return self._is_within(moment.astimezone(BOGOTA), _spans(franjas))

    def _is_within(self, now: datetime, spans: Spans) -> bool:
        return any(opens <= now.time() < closes for opens, closes in self._of(now.date(), spans))

    def _next(self, now: datetime) -> datetime | None:
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            for opens, _ in self._of(day, self._spans):
                opening = datetime.combine(day, opens, BOGOTA)
                if opening > now:
                    return opening
        return None

    def _of(self, day: date, spans: Spans) -> tuple[tuple[time, time], ...]:
        name = _HOLIDAYS if day in self._calendar.holidays(day.year) else _DAYS[day.weekday()]
        return tuple(sorted(spans.get(name, ())))


def _spans(hours: Horario) -> Spans:
    return {str(day): tuple(span(franja) for franja in franjas) for day, franjas in hours.items()}
