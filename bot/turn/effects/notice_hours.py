"""NoticeHours: the person asked to be written to at certain hours (Ley 2300: only by their own request)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects.notice_wanted import said_here, subscribing

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "NoticeHours"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep ``franja``; ``ley`` or an unknown name means the hours of the law."""
    subscribing(scene).set_hours(scene.uow, said_here(scene), str(data["franja"]))
    return {}
