"""Makes text from outside storable without changing what it says."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return ``text`` without control characters, with single line ends, and with broken characters replaced.

    PostgreSQL refuses NUL and half surrogate pairs cannot be encoded. Everything else stays as written: what a person
    files must be kept literally.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LONE_SURROGATES.sub("\ufffd", text).strip()
