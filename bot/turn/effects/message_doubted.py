"""MessageDoubted: something was not understood, or understood wrongly; its masked words are kept for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.kernel.clock import local
from bot.learning.doubts import KIND, Doubt
from bot.learning.mask import key_of
from dialogs.actions.consent import TOPIC

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

__all__ = ["KIND", "apply", "release"]

_EVERYBODY = "nlu_doubts"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the words if the person authorised the use of data; hold them in the talk while nobody has asked yet."""
    doubt = Doubt.from_json(data)
    consent = scene.uow.consents.current(scene.conversation_id, TOPIC)
    if consent is None:
        scene.ear = scene.ear.holding(doubt)
    elif consent.granted:
        _keep(scene, doubt)
    return {}


def release(scene: Scene) -> None:
    """Keep what the talk held back, once the person has authorised the use of data; a no lets it go."""
    if not scene.ear.held:
        return
    consent = scene.uow.consents.current(scene.conversation_id, TOPIC)
    if consent is None:
        return
    held, scene.ear = scene.ear.held, replace(scene.ear, held=())
    if consent.granted:
        for doubt in held:
            _keep(scene, doubt)


def _keep(scene: Scene, doubt: Doubt) -> None:
    """Write one doubt, unless the day or the conversation has given enough of them."""
    uow, key = scene.uow, key_of(doubt.said)
    if not doubt.counts:
        uow.doubts.choose(key, doubt.chosen, doubt.reason)
        return
    learning = scene.settings.nlu.aprender
    today = local(scene.now).replace(hour=0, minute=0, second=0, microsecond=0)
    limits = {
        f"{_EVERYBODY}:{scene.conversation_id}": learning.por_conversacion,
        _EVERYBODY: learning.por_dia,
    }
    if any(uow.attempts.count_since(name, today) >= most for name, most in limits.items()):
        return
    for name in limits:
        uow.attempts.add(name, scene.now)
    uow.doubts.keep(
        doubt.said,
        key,
        scene.now,
        reason=doubt.reason,
        ranking=doubt.ranking,
        conversation_id=scene.conversation_id,
        language=scene.settings.dialogos.idioma,
        asked=doubt.asked,
        model_sha256=doubt.model,
        chosen=doubt.chosen,
    )
