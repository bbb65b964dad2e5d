"""Rated: the person gave the attention a mark, perhaps with words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "Rated"
_WORST, _BEST = 1, 5


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the mark, moved into 1 to 5 if it lies outside, with what it is about; a case is marked once."""
    case_id = data.get("caso") or None
    if case_id and scene.uow.ratings.is_rated(case_id):
        return {}
    scene.uow.ratings.add(
        scene.conversation_id,
        min(_BEST, max(_WORST, int(data["nota"]))),
        scene.now,
        about="case" if case_id else "interaction",
        flow=data.get("flujo") or None,
        case_id=case_id,
        comment=data.get("comentario") or None,
    )
    return {}
