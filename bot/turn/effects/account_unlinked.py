"""AccountUnlinked: the person cut an account from themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "AccountUnlinked"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Cut it: nothing of the account is told here any more, on any channel of the person."""
    persons.unlink(scene.uow, scene.conversation_id, str(data["cuenta"]))
    return {}
