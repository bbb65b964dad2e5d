"""What the person has authorised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The consent text in force: ``version`` and what was decided for it (``True``, ``False`` or None)."""

    version: str
    granted: bool | None


class ConsentsPort(Protocol):
    """Reads what the person has authorised."""

    async def state(self, conversation_id: str, topic: str = "datos") -> ConsentState:
        """Return the decision of this conversation about ``topic`` under the version in force."""
        ...
