"""AgreementWithdrawn: whoever asked for an agreement takes the request back, before it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.agreements import lifecycle
from bot.agreements.errors import StepRefused
from bot.identity import persons

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "AgreementWithdrawn"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take the request back; ``acuerdo_retirado`` is false when it is not theirs or was decided meanwhile."""
    record = scene.uow.agreements.get(str(data.get("acuerdo_id") or ""))
    theirs = scene.uow.people.conversations_with(scene.conversation_id)
    if record is None or record.conversation_id not in theirs:
        return {"acuerdo_retirado": False}
    if not persons.is_proved(scene.uow, scene.conversation_id, record.cuenta):
        return {"acuerdo_retirado": False}
    try:
        lifecycle.withdraw(scene.uow, record, now=scene.now)
    except StepRefused:
        return {"acuerdo_retirado": False}
    return {"acuerdo_retirado": True}
