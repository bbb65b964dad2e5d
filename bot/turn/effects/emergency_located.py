"""EmergencyLocated: the person in danger said where, or what has changed; the open report takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects import emergency_reported

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "EmergencyLocated"
_MOST_NEWS = 50


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write ``direccion``, or append ``novedad`` to ``novedades``, on the newest open report of the conversation.

    When staff have closed the report meanwhile, what is said now is a new one: nobody in danger writes to nobody.
    """
    report = scene.uow.emergencies.open_of(scene.conversation_id)
    if report is None:
        words = str(data.get("novedad") or data.get("direccion") or "")
        emergency_reported.apply(scene, {"kind": data.get("kind") or "vida", "text": words})
        report = scene.uow.emergencies.open_of(scene.conversation_id)
    if report is not None and "novedad" in data:
        before = list((report.place or {}).get("novedades", ()))
        scene.uow.emergencies.set_address(report.id, {"novedades": [*before, str(data["novedad"])][-_MOST_NEWS:]})
    elif report is not None:
        scene.uow.emergencies.set_address(report.id, {"direccion": str(data.get("direccion", ""))})
    return {}
