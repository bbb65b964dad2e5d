"""CodeAsked: the person asked to be sent a one-time code at the contact of an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import codes
from bot.identity.limits import Limits

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "CodeAsked"
WORDS = "identificar_cuenta.mensaje_codigo"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Draw the code and queue it for the contact; what the action saw open may have closed meanwhile, then nothing leaves."""
    limits = Limits.from_settings(scene.settings)
    medio = str(data["medio"])
    codes.send(
        scene.uow,
        scene.conversation_id,
        str(data["cuenta"]),
        str(data["proposito"]),
        medio,
        senders=codes.Senders(scene.settings.code_senders),
        limits=limits,
        ids=scene.ids,
        now=scene.now,
        words=lambda code: scene.words(WORDS, {"codigo_nuevo": code}, medio),
    )
    return {}
