"""The terminal as a channel: a typed line is an event, and the replies wait in the log."""

from __future__ import annotations

import asyncio
import math
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.base import Address, Caps, Inbound, Media, MediaKind, Notice, Say, Sent, Verdict
from bot.channels.clean import clean_text
from bot.kernel.errors import Malformed, MediaUnavailable, TooLarge

if TYPE_CHECKING:
    from bot.kernel.clock import Clock

#: Who types, and the line's own id; whoever reads the keyboard sets them.
USER_HEADER = "x-atiende-user"
ID_HEADER = "x-atiende-id"
ATTACH = "/adjuntar"
PLACE = "/ubicacion"
SIZE_LIMIT = 20_000_000
_LINE_LIMIT = 10_000
_PATH = "path:"

CAPS = Caps(text=10_000, body_with_options=10_000, buttons=0, button_len=0, rate_per_s=1000.0, pull=True)


class Terminal:
    """One person at this machine; files are named by their path here."""

    name = "terminal"
    caps = CAPS
    account = "local"

    def __init__(self, clock: Clock) -> None:
        """Take the clock that dates the lines."""
        self._clock = clock

    def address(self, user: str) -> Address:
        """Return the address of ``user`` of this machine."""
        return Address(self.name, self.account, user)

    def parse(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Inbound]:
        """Return the event of one typed line (UTF-8): words, ``/adjuntar PATH`` or ``/ubicacion LAT LON``.

        Raises:
            Malformed: its text names what is wrong: ``mensaje_vacio``, ``mensaje_largo``, ``uso_adjuntar``,
                ``uso_ubicacion``, ``archivo_no_encontrado``.
            TooLarge: the file is larger than 20 MB.
        """
        line = clean_text(body.decode("utf-8", "replace"))
        if not line:
            raise Malformed("mensaje_vacio")
        if len(line) > _LINE_LIMIT:
            raise Malformed("mensaje_largo")
        address = self.address(headers.get(USER_HEADER, "persona"))
        key = f"{address.user}:{headers.get(ID_HEADER, '')}"
        now = self._clock.now()
        verb, _, rest = line.partition(" ")
        if verb == ATTACH:
            return (Inbound(key, now, address, "media", media=(_attached(rest),)),)
        if verb == PLACE:
            return (Inbound(key, now, address, "location", point=_point(rest)),)
        return (Inbound(key, now, address, "text", text=line),)

    async def send(self, to: Address, what: Say | Notice, our_key: str) -> Sent:
        """Do nothing, well: the terminal reads the log."""
        return Sent(Verdict.OK, ref=our_key)

    async def fetch(self, ref: str) -> bytes:
        """Return the bytes of an attached file, at most 20 MB.

        Raises:
            TooLarge: larger than that.
            MediaUnavailable: not there any more, or not readable.
        """
        return await asyncio.to_thread(_read, Path(ref.removeprefix(_PATH)))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        message = f"the attached file cannot be read ({error.strerror})"
        raise MediaUnavailable(message) from None
    if len(content) > SIZE_LIMIT:
        raise TooLarge("archivo_grande")
    return content


def _attached(typed: str) -> Media:
    if not typed.strip():
        raise Malformed("uso_adjuntar")
    path = Path(typed.strip().strip("'\"")).expanduser()
    if not path.is_file():
        raise Malformed("archivo_no_encontrado")
    size = path.stat().st_size
    if size > SIZE_LIMIT:
        raise TooLarge("archivo_grande")
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Media(_kind(mime), f"{_PATH}{path.resolve()}", mime, size, path.name)


def _kind(mime: str) -> MediaKind:
    match mime.partition("/")[0]:
        case "image":
            return "image"
        case "audio":
            return "audio"
        case "video":
            return "video"
    return "document"


def _point(typed: str) -> tuple[float, float]:
    numbers = typed.replace(",", " ").split()
    try:
        lat, lon = (float(number) for number in numbers)
    except ValueError:
        raise Malformed("uso_ubicacion") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
        raise Malformed("uso_ubicacion")
    return lat, lon
