"""The only place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")


class Clock(Protocol):
    """Source of the present moment; every other module asks one of these and never the system."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that starts at a given moment and then runs at the normal pace (``ATIENDE_NOW``)."""

    def __init__(self, start: datetime) -> None:
        """Take ``start``, an aware datetime.

        Raises:
            ValueError: ``start`` has no time zone.
        """
        if start.tzinfo is None:
            message = "the starting moment needs a time zone, for example 2026-03-18T10:30-05:00"
            raise ValueError(message)
        self._offset = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the shifted present as an aware datetime in UTC."""
        return datetime.now(UTC) + self._offset


class FrozenClock:
    """A clock that moves only when told to; tests and conversation scripts use it."""

    def __init__(self, start: datetime) -> None:
        """Take ``start``, an aware datetime.

        Raises:
            ValueError: ``start`` has no time zone.
        """
        if start.tzinfo is None:
            message = "the frozen moment needs a time zone"
            raise ValueError(message)
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the frozen moment as an aware datetime in UTC."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Move the clock forward (or back) by ``step``."""
        self._now += step

    def set(self, moment: datetime) -> None:
        """Put the clock at ``moment``, an aware datetime."""
        self._now = moment.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return ``moment`` (aware) in the time of Bogotá."""
    return moment.astimezone(BOGOTA)


def local_date(moment: datetime) -> date:
    """Return the calendar date of ``moment`` (aware) in Bogotá."""
    return moment.astimezone(BOGOTA).date()
