"""TurnBooked: a time of the consultorio comunal is given to the person, if nobody has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.community import agenda

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "TurnBooked"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Book the time, perhaps in exchange for the one the person has, and tell what came of it."""
    slot = scene.uow.agenda.slot(int(data.get("cupo") or 0))
    outcome = agenda.book(
        scene.uow,
        int(data.get("cupo") or 0),
        _conversations(scene),
        tema=str(data.get("tema") or ""),
        now=scene.now,
        instead_of=int(data.get("en_vez_de") or 0) or None,
    )
    seen = {"oficina": slot.oficina, "desde_at": slot.starts_at.isoformat()} if slot else None
    return {"turno_resultado": outcome, "turno_visto": seen}


def _conversations(scene: Scene) -> list[str]:
    """Return the conversations of the person, the one that writes now first."""
    others = scene.uow.people.conversations_with(scene.conversation_id)
    return [scene.conversation_id, *(one for one in others if one != scene.conversation_id)]
