"""QuestionUnanswered: nobody has written an answer to this yet; those who write articles see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "QuestionUnanswered"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the words, sealed, apart from who asked: an article needs no person."""
    scene.uow.questions.add(str(data["text"]), scene.now)
    return {}
