"""CaseWithdrawn: its own author withdraws a case; staff close it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.pqr import own

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "CaseWithdrawn"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Note the withdrawal; ``retirado`` is false when there is nothing to withdraw any more."""
    done = own.ask_to_withdraw(
        scene.uow, str(data.get("caso_id") or ""), conversation_id=scene.conversation_id, at=scene.now
    )
    return {"retirado": done}
