"""LookupTried: somebody tried to open a case with a code; wrong tries are counted against guessing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.pqr.lookup import try_keys

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "LookupTried"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Count a wrong try under the radicado and under its origin; a right one counts for nothing."""
    if not data.get("ok"):
        for key in try_keys(data["radicado"], scene.conversation_id):
            scene.uow.attempts.add(key, scene.now)
    return {}
