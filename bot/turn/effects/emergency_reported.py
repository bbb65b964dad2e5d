"""EmergencyReported: somebody told of a danger; operations must see it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "EmergencyReported"
KIND_IN_QUEUE = "emergencia"

log = structlog.get_logger(__name__)


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the words of the report; the log line is the alarm and holds no personal data."""
    scene.uow.emergencies.add(
        conversation_id=scene.conversation_id, kind=data["kind"], text=data.get("text", ""), at=scene.now
    )
    # Staff answer people in danger through the same queue, before everybody else; the assistant stays beside them.
    scene.uow.handoffs.open(scene.conversation_id, KIND_IN_QUEUE, None, scene.now, first=True)
    log.warning("emergency_reported", kind=data["kind"], conversation=scene.conversation_id)
    return {}
