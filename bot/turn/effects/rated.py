"""Rated: the person gave the attention a mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "Rated"
_WORST, _BEST = 1, 5


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the mark, moved into 1 to 5 if it lies outside."""
    scene.uow.ratings.add(scene.conversation_id, min(_BEST, max(_WORST, int(data["nota"]))), scene.now)
    return {}
