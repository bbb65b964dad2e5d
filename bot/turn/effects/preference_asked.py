"""PreferenceAsked: a person who waits has preferential attention; nobody asks why (CPACA art. 5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects.handoff_asked import place_of

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PreferenceAsked"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Move the wait before those without preference, and tell the new turn and wait."""
    del data
    wait = scene.uow.handoffs.open_of(scene.conversation_id)
    if wait is None or wait.state != "queued":
        return {}
    moved = scene.uow.handoffs.open(scene.conversation_id, wait.reason, wait.case_id, scene.now, preferential=True)
    return place_of(scene, moved)
