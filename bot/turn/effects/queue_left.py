"""QueueLeft: the person would rather not wait for somebody any longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "QueueLeft"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Close the wait if nobody has taken it; whoever is in danger keeps their place."""
    del data
    wait = scene.uow.handoffs.open_of(scene.conversation_id)
    if wait is not None and wait.state == "queued" and not wait.first:
        scene.uow.handoffs.set_state(wait.id, "closed", scene.now, None)
        if scene.mode == "queued":
            scene.mode = "bot"
    return {}
