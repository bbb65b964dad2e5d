"""Facts of the utility: settings, opening hours, the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class OfficeView:
    """Whether the offices attend now; ``proxima_apertura`` is an ISO moment, ``horario`` a text for people."""

    abierto: bool
    proxima_apertura: str
    horario: str


class CompanyPort(Protocol):
    """Facts of the utility, from configuration."""

    def info(self) -> Mapping[str, Any]:
        """Return the ``empresa`` block of the settings as plain values."""
        ...

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether the offices are open at ``moment`` (aware) and when they open next."""
        ...


class ClockPort(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...
