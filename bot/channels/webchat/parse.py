"""Turns what the web chat's page posts into an ``Inbound``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.base import Address, Inbound, Media
from bot.channels.clean import clean_text
from bot.kernel.errors import Malformed

#: Longest text accepted from a person, in characters; a long complaint fits, an emoji flood does not.
MAX_TEXT = 10_000
MAX_LABEL = 200
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,40}")
_REPLY_TO = re.compile(r"[0-9]{1,12}")


def parse_message(
    document: Mapping[str, Any], *, address: Address, now: datetime, media: tuple[Media, ...] = ()
) -> Inbound:
    """Return the event in ``document``: ``{client_msg_id, text | token | point | file, reply_to}``.

    ``media`` are the files that the message's ``file_id`` stood for. A pressed option may carry its label as ``text``.
    The key holds the sender too, so that nobody can occupy another person's message ids.

    Raises:
        Malformed: its text is the name of the sentence that says why.
    """
    message_id = document.get("client_msg_id")
    if not isinstance(message_id, str) or not _UUID.fullmatch(message_id.lower()):
        raise Malformed("identificador")
    text = _text(document.get("text", ""))
    token = document.get("token")
    point = document.get("point")
    reply_to = document.get("reply_to")
    if reply_to is not None and not (isinstance(reply_to, (str, int)) and _REPLY_TO.fullmatch(str(reply_to))):
        raise Malformed("mal_pedido")
    common: dict[str, Any] = {
        "key": f"{address.user}:{message_id.lower()}",
        "sent_at": now,
        "address": address,
        "reply_to": None if reply_to is None else str(reply_to),
    }
    if token is not None:
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Malformed("opcion")
        return Inbound(**common, kind="choice", text=text[:MAX_LABEL], token=token)
    if point is not None:
        return Inbound(**common, kind="location", text=text, point=_point(point))
    if media:
        return Inbound(**common, kind="media", text=text, media=media)
    if not text:
        raise Malformed("mensaje_vacio")
    return Inbound(**common, kind="text", text=text)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("mal_pedido")
    if len(value) > MAX_TEXT:
        raise Malformed("mensaje_largo")
    return clean_text(value)


def _point(value: Any) -> tuple[float, float]:
    """Read ``[latitude, longitude]`` in degrees, WGS 84."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        raise Malformed("ubicacion")
    if any(isinstance(part, bool) or not isinstance(part, (int, float)) for part in value):
        raise Malformed("ubicacion")
    try:
        lat, lon = float(value[0]), float(value[1])
    except OverflowError:
        raise Malformed("ubicacion") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004
        raise Malformed("ubicacion")
    return lat, lon
