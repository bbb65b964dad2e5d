"""CommitmentJudged: a leader said whether the sector is content with what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.community import commitments

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "CommitmentJudged"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the word of a leader who speaks for the sector today; anybody else changes nothing."""
    commitments.judge(
        scene.uow,
        int(data.get("compromiso") or 0),
        scene.uow.people.conversations_with(scene.conversation_id),
        content=bool(data.get("conforme")),
        now=scene.now,
    )
    return {}
