"""OutageFollowed: the person wants to be told of every change of an outage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "OutageFollowed"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep who follows; an outage that is gone meanwhile is followed by nobody."""
    outage_id = str(data.get("corte") or "")
    if outage_id and scene.uow.outages.get(outage_id) is not None:
        scene.uow.outage_news.follow(outage_id, scene.conversation_id, data.get("sector"), scene.now)
    return {}
