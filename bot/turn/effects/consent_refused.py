"""ConsentRefused: the person said no to a use of personal data; the no is kept, and nothing else of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.turn.effects import consent_given

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "ConsentRefused"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Append the refusal under the version of the text shown."""
    return consent_given.apply(scene, data, granted=False)
