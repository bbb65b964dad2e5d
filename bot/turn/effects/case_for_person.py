"""CaseForPerson: something of ours failed; staff get it in their queue with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects import handoff_asked

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "CaseForPerson"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue the conversation for staff without silencing the assistant."""
    return handoff_asked.apply(scene, {"reason": "internal_error", "case_id": data.get("case_id")})
