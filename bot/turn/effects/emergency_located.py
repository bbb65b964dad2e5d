"""EmergencyLocated: the person in danger said where; the open report takes the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "EmergencyLocated"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the address (text) or point ``{"lat", "lon"}`` on the newest open report of the conversation."""
    report = scene.uow.emergencies.open_of(scene.conversation_id)
    if report is not None:
        scene.uow.emergencies.set_address(report.id, dict(data))
    return {}
