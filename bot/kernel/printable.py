"""What the standard fonts of a PDF can print: everything else is shown by its universal code, nothing is lost in silence."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: The encoding of the standard fonts (WinAnsi): all of Spanish, common quotes and dashes, the euro sign.
ENCODING: Final = "cp1252"
_RUN = re.compile(r"(\[U\+[0-9A-F]{4,6}\])\1+")


def printable(text: str, repeated: str = "{simbolo} × {veces}") -> tuple[str, bool]:
    """Return ``text`` with what cannot be printed as ``[U+1F600]``, and whether there was any such thing.

    Accents are composed, every line end becomes one and the same, tabs a space; a run of one symbol is counted with ``repeated``.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    pieces = [letter if _prints(letter) else f"[U+{ord(letter):04X}]" for letter in composed]
    shown = "".join(pieces)
    if len(shown) == len(composed):
        return shown, False
    return _RUN.sub(lambda run: _counted(run, repeated), shown), True


def _prints(letter: str) -> bool:
    if letter == "\n":
        return True
    if unicodedata.category(letter) in {"Cc", "Cf"}:
        return False
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _counted(run: re.Match[str], repeated: str) -> str:
    symbol = run[1]
    times = len(run[0]) // len(symbol)
    return repeated.format(simbolo=symbol[:-1], veces=times) + "]"
