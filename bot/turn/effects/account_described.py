"""AccountDescribed: the person said what an account of theirs is to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "AccountDescribed"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the relation and the word for it; an account that is not linked stays so."""
    persons.describe(
        scene.uow,
        scene.conversation_id,
        str(data["cuenta"]),
        scene.now,
        relacion=str(data.get("relacion") or "") or None,
        apodo=data.get("apodo"),
    )
    return {}
