"""What values a slot takes: every value that enters a conversation passes here. Values are JSON-compatible."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dialogs.engine.flow import SlotDef

#: Longest text kept in a slot, in characters; a WhatsApp message has at most 4,096.
LONGEST_TEXT = 20_000

_YES = frozenset({"true", "si", "yes", "1"})
_NO = frozenset({"false", "no", "0"})
_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_PHONE = re.compile(r"\+?\d{7,15}\Z")
_DIGITS = re.compile(r"[A-Z0-9]{3,30}\Z")
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)} | dict.fromkeys(
    (0x7F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
)


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, punctuation or repeated spaces: for comparing words."""
    spread = unicodedata.normalize("NFD", text.lower())
    kept = "".join(mark if mark.isalnum() else " " for mark in spread if not unicodedata.combining(mark))
    return " ".join(kept.split())


def clean(text: str) -> str:
    """Return ``text`` without control marks, direction overrides and outer space, cut at ``LONGEST_TEXT``."""
    return text.translate(_CONTROLS).strip()[:LONGEST_TEXT]


def coerce(slot: SlotDef, value: Any) -> Any:
    """Return ``value`` as the type of ``slot`` keeps it; None empties a slot and is always allowed.

    Dates are ``YYYY-MM-DD`` (or ``YYYY-MM`` for a month), moments ISO 8601, money whole pesos, phones digits with an
    optional ``+``, documents and accounts letters and digits, marks 1 to 5, locations ``{"lat", "lon"}`` in degrees, media a list
    of ``{"file_id", "kind", …}``.

    Raises:
        ValueError: the value does not fit the type; the text says what is expected.
    """
    if value is None:
        return None
    return _READERS[slot.type](slot, value)


def fitted(slot: SlotDef | None, value: Any) -> Any:
    """Return ``value`` as ``coerce`` does, or None if there is no such slot or it does not fit."""
    if slot is None:
        return None
    try:
        return coerce(slot, value)
    except (ValueError, TypeError):
        return None


def _text(slot: SlotDef, value: Any) -> str:
    if isinstance(value, (Mapping, list, tuple)):
        raise ValueError("a text is expected")  # noqa: TRY004 - one kind of error for every wrong value
    # A description is filed literally (CPACA art. 15): whatever the channel let through stays, marks of direction too.
    found = str(value).strip()[:LONGEST_TEXT] if slot.free_text else clean(str(value))
    if not found:
        raise ValueError("a text with something in it is expected")
    return found


def _bool(_slot: SlotDef, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = plain(str(value))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("true or false is expected")


def _categorical(slot: SlotDef, value: Any) -> str:
    wanted = plain(str(value))
    for allowed in slot.values:
        if allowed == value or plain(allowed) == wanted:
            return allowed
    message = f"one of {', '.join(slot.values)} is expected"
    raise ValueError(message)


def _number(slot: SlotDef, value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError("a number is expected")  # noqa: TRY004 - one kind of error for every wrong value
    try:
        number = value if isinstance(value, (int, float)) else float(str(value).replace(",", "."))
    except ValueError as trouble:
        raise ValueError("a number is expected") from trouble
    if not math.isfinite(number):
        raise ValueError("a finite number is expected")
    if slot.min_value is not None and number < slot.min_value:
        message = f"at least {slot.min_value:g} is expected"
        raise ValueError(message)
    if slot.max_value is not None and number > slot.max_value:
        message = f"at most {slot.max_value:g} is expected"
        raise ValueError(message)
    return number


def _money(slot: SlotDef, value: Any) -> int:
    number = _number(slot, value)
    if number != int(number):
        raise ValueError("whole pesos are expected")
    return int(number)


def _mark(slot: SlotDef, value: Any) -> int:
    number = _number(slot, value)
    if number not in range(1, 6):
        raise ValueError("a mark from 1 to 5 is expected")
    return int(number)


def _any(_slot: SlotDef, value: Any) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, RecursionError) as trouble:
        raise ValueError("a JSON value is expected") from trouble


def _list(slot: SlotDef, value: Any) -> list[Any]:
    return [*_any(slot, list(value) if isinstance(value, (list, tuple)) else [value])]


def _date(_slot: SlotDef, value: Any) -> str:
    text = str(value)
    date.fromisoformat(f"{text}-01" if _MONTH.match(text) else text)
    return text


def _datetime(_slot: SlotDef, value: Any) -> str:
    datetime.fromisoformat(str(value))
    return str(value)


def _phone(_slot: SlotDef, value: Any) -> str:
    digits = re.sub(r"[\s().-]", "", str(value))
    if not _PHONE.match(digits):
        raise ValueError("a phone number is expected")
    return digits


def _code(_slot: SlotDef, value: Any) -> str:
    code = re.sub(r"[\s.,-]", "", str(value)).upper()
    if not _DIGITS.match(code):
        raise ValueError("3 to 30 letters and digits are expected")
    return code


def _location(_slot: SlotDef, value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping) or not {"lat", "lon"} <= set(value):
        raise ValueError("lat and lon are expected")
    lat, lon = float(value["lat"]), float(value["lon"])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - degrees
        raise ValueError("degrees are expected")
    return {"lat": lat, "lon": lon}


def _media(_slot: SlotDef, value: Any) -> list[dict[str, Any]]:
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(item, Mapping) and "file_id" in item for item in items):
        raise ValueError("files with a file_id are expected")
    return [_any(_slot, dict(item)) for item in items]


_READERS = {
    "text": _text,
    "bool": _bool,
    "categorical": _categorical,
    "float": _number,
    "list": _list,
    "any": _any,
    "date": _date,
    "datetime": _datetime,
    "phone": _phone,
    "money": _money,
    "document": _code,
    "account": _code,
    "address": _text,
    "location": _location,
    "media": _media,
    "mark": _mark,
}
