"""NoticeWanted: the person wants to be told of a topic, perhaps with the consent that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.notices.subscribing import Said, Subscribing

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "NoticeWanted"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the consent that was just given (``permiso``) and begin the topic ``tema``, for ``sector`` if it has one."""
    writer, said = subscribing(scene), said_here(scene)
    if data.get("permiso"):
        writer.authorise(scene.uow, said, str(data["permiso"]), granted=True)
    writer.want(scene.uow, said, str(data["tema"]), str(data.get("sector") or ""))
    return {}


def subscribing(scene: Scene) -> Subscribing:
    """Return what writes wishes, under the version of the texts in force."""
    return Subscribing(scene.notices, version=scene.settings.consentimiento.version)


def said_here(scene: Scene) -> Said:
    """Return where and when this turn's person spoke."""
    return Said(scene.conversation_id, scene.trigger.channel, str(scene.trigger.inbox_id or ""), scene.now)
