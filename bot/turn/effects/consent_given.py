"""ConsentGiven: the person authorised a use of personal data, by an explicit act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "ConsentGiven"


def apply(scene: Scene, data: Mapping[str, Any], *, granted: bool = True) -> Mapping[str, Any]:
    """Append the decision with the version and hash of the text shown (Ley 1581/2012 art. 9: provable later)."""
    scene.uow.consents.add(
        conversation_id=scene.conversation_id,
        topic=data["topic"],
        granted=granted,
        version=data["version"],
        text_sha256=scene.consent_sha256,
        channel=scene.trigger.channel,
        inbox_key=str(scene.trigger.inbox_id or ""),
        at=scene.now,
    )
    return {}
