"""InterventionConfirmed: somebody of the sector said whether a finished work solved it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.community import interventions
from bot.community.errors import StepRefused
from bot.community.standing import standing_of

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "InterventionConfirmed"

#: What the person is told, by the state of the work after their word.
_SAID = {"NO_CONFORME": "no_conforme", "CONFIRMADA": "confirmada"}


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the word of the person and move the work by it; whoever may not speak of it is told so."""
    work = scene.uow.interventions.get(int(data.get("obra") or 0))
    if work is None or not interventions.takes_answers(work, scene.now):
        return {"confirmar_estado": "cerrada"}
    word = interventions.Word(
        conversation_id=scene.conversation_id,
        role=standing_of(scene.uow, scene.conversation_id, scene.now).role(work.sectores),
        solved=bool(data.get("resuelto")),
        reason=str(data.get("motivo") or ""),
        files=[str(one) for one in data.get("anexos") or ()],
    )
    try:
        after = interventions.confirm(
            scene.uow, work, word, at=scene.now, enough=scene.settings.comunidad.vecinos_confirman
        )
    except StepRefused:
        return {"confirmar_estado": "ajena"}
    return {"confirmar_estado": _SAID.get(after.estado, "anotada")}
