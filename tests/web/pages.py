"""What the tests of pages share: writing like a person and waiting for what is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_MS = 8_000


def write(page: Page, text: str) -> None:
    page.fill("#texto", text)
    page.press("#texto", "Enter")


def bubbles(page: Page) -> list[str]:
    """Return what is said in the conversation, in order, without the words for screen readers."""
    script = "rows => rows.filter(r => r.offsetParent).map(r => [...r.querySelectorAll('.globo p')].map(p => p.textContent).join('|'))"
    said: list[str] = page.eval_on_selector_all(".fila:not(#bienvenida):not(#puntos)", script)
    return said


def wait_for(page: Page, *texts: str) -> None:
    """Wait until the conversation is exactly ``texts``."""
    page.wait_for_function(
        """texts => JSON.stringify([...document.querySelectorAll('.fila:not(#bienvenida):not(#puntos)')]
            .map(r => [...r.querySelectorAll('.globo p')].map(p => p.textContent).join('|'))) === texts""",
        arg=json.dumps(list(texts), ensure_ascii=False, separators=(",", ":")),
    )
