"""ReportJoined: the person has the same fault as an open report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.outages import reports

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "ReportJoined"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the person; who did not authorise the use of data counts, and is not known."""
    reports.join(
        scene.uow,
        str(data.get("numero") or ""),
        scene.conversation_id if data.get("autorizado") else None,
        now=scene.now,
        rules=scene.settings.cortes,
        critico=bool(data.get("critico")),
    )
    return {}
