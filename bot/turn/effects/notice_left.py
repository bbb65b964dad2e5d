"""NoticeLeft: the person no longer wants a topic, or nothing at all; it counts from this very commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.notices.subscribing import EVERYTHING
from bot.turn.effects.notice_wanted import said_here, subscribing

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "NoticeLeft"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """End ``tema`` (``todos``: everything), and take back what was not sent yet."""
    writer, said, topic = subscribing(scene), said_here(scene), str(data["tema"])
    if topic == EVERYTHING:
        writer.leave_everything(scene.uow, said)
    else:
        writer.leave(scene.uow, said, topic)
    return {}
