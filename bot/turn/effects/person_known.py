"""PersonKnown: a verified person told something of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PersonKnown"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep it; with the document another conversation may turn out to be of the same person."""
    joined = persons.know(
        scene.uow,
        scene.conversation_id,
        str(data.get("cuenta") or ""),
        scene.now,
        nombre=data.get("nombre"),
        documento=data.get("documento"),
    )
    return {"historia_unida": joined}
