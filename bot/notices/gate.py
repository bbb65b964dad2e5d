"""Ley 2300 de 2023: at which moments a message that we begin may leave; hours are data, holidays are the law's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.kernel.clock import BOGOTA, local
from bot.kernel.config_company import span
from bot.pqr.calendar import DAY_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time

    from bot.notices.catalog import Clase, ClassEntry, NoticeFile, Windows
    from bot.pqr.calendar import Calendar

_HOLIDAYS = "festivos"
_LOOK_AHEAD_DAYS = 31

Spans = dict[str, tuple[tuple["time", "time"], ...]]


class Gate:
    """Opens and closes by class; holds no state."""

    def __init__(self, catalog: NoticeFile, calendar: Calendar) -> None:
        """Take the hours of the catalog and the calendar that knows the holidays."""
        self._classes: Mapping[Clase, ClassEntry] = catalog.clases
        self._spans = {clase: _spans(entry.ventanas) for clase, entry in catalog.clases.items()}
        self._own = {name: _spans(entry.ventanas) for name, entry in catalog.franjas.items()}
        self._calendar = calendar

    def is_open(self, clase: Clase, moment: datetime, *, urgent: bool = False, own: str = "") -> bool:
        """Tell whether a message of ``clase`` may leave at ``moment`` (aware)."""
        return self.opening(clase, moment, urgent=urgent, own=own) == moment

    def opening(self, clase: Clase, moment: datetime, *, urgent: bool = False, own: str = "") -> datetime | None:
        """Return the first moment from ``moment`` (aware) on at which the class may leave, or None within a month.

        What is ``urgent`` (safety) waits for no hour. ``own`` names the hours that the person asked for, which stand in
        the place of those of the class; a name that the catalog no longer has changes nothing.
        """
        spans = self._own.get(own) or self._spans[clase]
        if urgent or not self._spans[clase]:
            return moment
        there = local(moment)
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = there.date() + timedelta(days=ahead)
            for opens, closes in self._of(spans, day):
                if there < datetime.combine(day, closes, BOGOTA):
                    start = datetime.combine(day, opens, BOGOTA)
                    return moment if there >= start else start.astimezone(moment.tzinfo)
        return None

    def day_after(self, moment: datetime) -> datetime:
        """Return the first instant of the day after ``moment``, in Bogotá: where a used-up day goes on."""
        following = local(moment).date() + timedelta(days=1)
        return datetime.combine(following, datetime.min.time(), BOGOTA).astimezone(moment.tzinfo)

    def _of(self, spans: Spans, day: date) -> tuple[tuple[time, time], ...]:
        is_holiday = day in self._calendar.holidays(day.year)
        return spans.get(_HOLIDAYS if is_holiday else DAY_NAMES[day.weekday()], ())


def _spans(windows: Windows) -> Spans:
    return {str(day): tuple(sorted(span(each) for each in franjas)) for day, franjas in windows.items()}
