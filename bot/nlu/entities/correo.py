"""E-mail addresses, also spoken ones: "persona arroba gmail punto com"."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.nlu.entities.found import Reading
from bot.nlu.normalise import fold

_WRITTEN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64} ?@ ?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w-])")
_SPOKEN = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}(?: (?:punto|guion|guion bajo|raya|raya al piso) [\w.+-]{1,64}){0,3}) (?:arroba|@) "
    r"?([a-z0-9-]{1,63})((?: ?(?:punto|\.) ?[a-z]{2,12}){1,3})(?![\w-])"
)
_SIGNS = (
    (" raya al piso ", "_"),
    (" guion bajo ", "_"),
    (" guion ", "-"),
    (" raya ", "_"),
    (" punto ", "."),
)


def read(reading: Reading) -> None:
    """Find ``correo``; the value is in lower case without spaces."""
    for match in _WRITTEN.finditer(reading.text):
        reading.add("correo", match[0].replace(" ", ""), match.start(), match.end())
    if "arroba" in reading.text or " punto " in reading.text:
        for match in _SPOKEN.finditer(reading.text):
            name = match[1]
            for said, sign in _SIGNS:
                name = name.replace(said, sign)
            ending = match[3].replace("punto", ".").replace(" ", "")
            reading.add("correo", f"{name}@{match[2]}{ending}", match.start(), match.end())


def read_email(text: str) -> str | None:
    """Return the one e-mail address that ``text`` says, or None."""
    reading = Reading(text, fold(text), datetime.min.replace(tzinfo=UTC))
    read(reading)
    return str(reading.found[0].value) if len(reading.found) == 1 else None
