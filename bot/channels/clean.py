"""Makes text from outside storable without changing what it says, and tells harmless links from others."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
#: What moves a terminal's cursor, changes its colours or turns a line around: all controls but tab and line end, the
#: marks of direction, and halves of surrogate pairs, which cannot even be written.
_NOT_FOR_TERMINALS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return ``text`` without control characters, with single line ends, and with broken characters replaced.

    PostgreSQL refuses NUL and half surrogate pairs cannot be encoded. Everything else stays as written: what a person
    files must be kept literally.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LONE_SURROGATES.sub("\ufffd", text).strip()


def terminal_text(text: str) -> str:
    """Return ``text`` as a terminal may show it: what would act instead of being seen becomes U+FFFD."""
    return _NOT_FOR_TERMINALS.sub("\ufffd", text)


def is_web_link(url: str | None) -> bool:
    """Tell whether ``url`` is a link a browser may follow from our pages: http or https and nothing else."""
    return url is not None and url.lower().startswith(("https://", "http://"))
