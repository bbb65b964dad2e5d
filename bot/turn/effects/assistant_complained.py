"""AssistantComplained: somebody is not content with the assistant itself; it is kept for those who mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "AssistantComplained"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the words, sealed; empty ones count as a complaint too."""
    scene.uow.ratings.complain(scene.conversation_id, str(data.get("texto") or ""), scene.now)
    return {}
