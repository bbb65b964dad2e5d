"""Actions of what only the legal desk attends."""

from __future__ import annotations

from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact


class AlertLegalDesk(AtiendeAction):
    """Passes a message about a court on to the legal desk, as it is."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_avisar_juridica"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report LegalAlerted with the words of the person."""
        return [fact("LegalAlerted", texto=tracker.latest_message.get("text") or "")]
