"""ImpostorReported: somebody at a door may not be ours; staff must see it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from bot.turn.effects import handoff_asked

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "ImpostorReported"
REASON = "impostor"

log = structlog.get_logger(__name__)


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the report and call staff, without silencing the assistant; the log line is the alarm."""
    scene.uow.crews.report(
        conversation_id=scene.conversation_id,
        sector=data.get("sector"),
        codigo=str(data.get("codigo") or "") or None,
        pide_dinero=bool(data.get("pide_dinero")),
        relato=str(data.get("relato") or ""),
        at=scene.now,
    )
    log.warning("impostor_reported", conversation=scene.conversation_id, money=bool(data.get("pide_dinero")))
    return handoff_asked.apply(scene, {"reason": REASON})
