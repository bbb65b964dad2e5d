"""PersonForgotten: the person took the authorisation back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons
from bot.learning.doubts import Ear
from bot.turn.effects.notice_wanted import said_here, subscribing

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PersonForgotten"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Erase the person with every link; what was filed stays for its legal term, each case in its own conversation.

    Whoever takes the authorisation back is written to no more: every topic ends first, on each channel of the person.
    Words in doubt that nobody else said go too.
    """
    del data
    for each in scene.uow.people.conversations_with(scene.conversation_id):
        scene.uow.doubts.forget(each)
    scene.ear = Ear()
    subscribing(scene).leave_everything(scene.uow, said_here(scene))
    persons.forget(scene.uow, scene.conversation_id)
    return {}
