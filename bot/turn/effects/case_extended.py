"""CaseExtended: the person adds facts or files to a case filed before; staff see it with the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "CaseExtended"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the addition; ``ampliado`` tells ``si``, ``reanudado`` (its clock runs again) or ``tarde`` (decided since)."""
    return scene.desk.add_to(
        scene.uow,
        str(data.get("caso_id") or ""),
        str(data.get("texto") or ""),
        [str(one) for one in data.get("anexos") or ()],
        conversation_id=scene.conversation_id,
        at=scene.now,
    )
