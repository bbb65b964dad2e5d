"""WrongAccount: the number that somebody gave is no account of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import limits

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "WrongAccount"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Count it against the conversation: after a few, numbers are no longer looked up for it."""
    limits.count_wrong(scene.uow, "cuenta", scene.conversation_id, str(data["cuenta"]), scene.now)
    return {}
