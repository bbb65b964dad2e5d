"""LegalAlerted: somebody spoke of a tutela, a judge or a court; the legal desk must have it at once, before others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from bot.turn.effects.emergency_reported import KIND_IN_QUEUE as IN_DANGER

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "LegalAlerted"
REASON = "tutela"

log = structlog.get_logger(__name__)


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the talk first in the queue and note the words on its newest case; the log line is the alarm.

    Who waits because of a danger keeps that reason. The assistant stays beside the person: it answers other things.
    """
    newest = next(iter(scene.uow.cases.of_conversation(scene.conversation_id, 1)), None)
    case_id = newest.id if newest else None
    waiting = scene.uow.handoffs.open_of(scene.conversation_id)
    if waiting is None or waiting.reason != IN_DANGER:
        scene.uow.handoffs.open(scene.conversation_id, REASON, case_id, scene.now, first=True)
    if case_id is not None:
        scene.uow.cases.add_event(case_id, scene.now, REASON, "ciudadano", {"texto": str(data.get("texto", ""))})
    log.warning("legal_alerted", conversation=scene.conversation_id)
    return {}
