"""Fits the dialogs to one utility: what it does not serve is not offered."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialogs.engine.flow import Dialogs
    from dialogs.engine.parts import Response

_SERVICE = re.compile(r"/SetSlots\((?:\w+_)?servicio=(\w+)\)")


def fit(dialogs: Dialogs, services: Collection[str]) -> Dialogs:
    """Return ``dialogs`` without the buttons that choose a service the utility does not have.

    The service may still be named in words: nobody is refused a filing for it, and a person passes it on (CPACA art.
    21).
    """
    responses = {
        language: {key: _fitted(response, services) for key, response in texts.items()}
        for language, texts in dialogs.domain.responses.items()
    }
    return replace(dialogs, domain=replace(dialogs.domain, responses=responses))


def _fitted(response: Response, services: Collection[str]) -> Response:
    if not any(_SERVICE.fullmatch(button.payload) for variant in response.variants for button in variant.buttons):
        return response
    variants = tuple(
        replace(
            variant,
            buttons=tuple(
                button
                for button in variant.buttons
                if (chosen := _SERVICE.fullmatch(button.payload)) is None or chosen[1] in services
            ),
        )
        for variant in response.variants
    )
    return replace(response, variants=variants)
