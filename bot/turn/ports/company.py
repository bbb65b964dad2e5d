"""The utility as configured, and its hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dialogs.actions.ports import OfficeView

if TYPE_CHECKING:
    from bot.kernel.config import Settings
    from bot.turn.hours import OfficeHours


class CompanyFacts:
    """The utility as configured, and its hours."""

    def __init__(self, settings: Settings, hours: OfficeHours) -> None:
        self._info = settings.empresa.model_dump(mode="json")
        self._hours = hours

    def info(self) -> Mapping[str, Any]:
        """Return the ``empresa`` block of the settings."""
        return self._info

    def office(self, moment: datetime) -> OfficeView:
        """Tell whether the offices are open at ``moment`` and when they open next."""
        return self._hours.at(moment)
