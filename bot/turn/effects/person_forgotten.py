"""PersonForgotten: the person took the authorisation back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PersonForgotten"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Erase the person with every link; what was filed stays for its legal term, each case in its own conversation."""
    del data
    persons.forget(scene.uow, scene.conversation_id)
    return {}
