"""LeaderRequested: somebody asks to be registered as a leader; staff verify it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "LeaderRequested"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the request with its documents; the same one waiting already is not kept twice."""
    sent = scene.uow.files.many([str(one) for one in data.get("anexos") or ()])
    files = [file.id for file in sent if file.conversation_id == scene.conversation_id]
    number = scene.uow.leaders.request(
        conversation_id=scene.conversation_id,
        rol=str(data["rol"]),
        persona={"nombre": str(data.get("nombre") or ""), "documento": str(data.get("documento") or "")},
        sectores=[str(one) for one in data.get("sectores") or ()],
        anexos=files,
        at=scene.now,
    )
    if number is not None:
        scene.uow.files.keep_while_open(files, "leader", number)
    return {"lider_resultado": "repetida" if number is None else "recibida"}
