"""HandoffAsked: a person of the utility is needed; the conversation takes a place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene
    from storage.repos.handoffs import HandoffRecord

KIND = "HandoffAsked"

#: Reasons that put the talk in the queue before the person's eyes; the others only call staff.
_VISIBLE = frozenset({"asked", "frustration", "limit"})


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Open a place in the queue, or find the one already open, and tell turn, wait and opening hours.

    ``preferencial`` takes it before those without preference.
    """
    reason = str(data.get("reason", "asked"))
    open_one = scene.uow.handoffs.open_of(scene.conversation_id)
    preferential = data.get("preferencial") is True
    if open_one is None or (preferential and not open_one.preferential and open_one.state == "queued"):
        open_one = scene.uow.handoffs.open(
            scene.conversation_id, reason, data.get("case_id"), scene.now, preferential=preferential
        )
    if reason in _VISIBLE and scene.mode == "bot":
        scene.mode = "queued"
    return place_of(scene, open_one)


def place_of(scene: Scene, wait: HandoffRecord) -> Mapping[str, Any]:
    """Return what the wording may say of a wait: turn, minutes, whether the offices attend, and when next."""
    position = scene.uow.handoffs.position(wait.id)
    office = scene.desk.office(scene.now)
    return {
        "turno": position,
        "espera_min": position * scene.settings.atencion.minutos_por_turno,
        "abierto": office.abierto,
        "proxima_apertura": office.proxima_apertura,
        "horario": office.horario,
    }
