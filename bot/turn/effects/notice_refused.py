"""NoticeRefused: the person did not authorise what a topic needs; the no is kept, and the topic is not begun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects.notice_wanted import said_here, subscribing

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "NoticeRefused"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the no to ``permiso`` with its proof."""
    subscribing(scene).authorise(scene.uow, said_here(scene), str(data["permiso"]), granted=False)
    return {}
