"""TurnCancelled: the person gives a time of the consultorio comunal back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.community import agenda

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "TurnCancelled"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the time back, if it is theirs."""
    given = agenda.give_back(
        scene.uow,
        int(data.get("reserva") or 0),
        scene.uow.people.conversations_with(scene.conversation_id),
        scene.now,
    )
    return {"turno_resultado": "cancelado" if given else "sin_turno"}
