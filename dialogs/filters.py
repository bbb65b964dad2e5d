"""How values look in Colombian Spanish: dates with weekday, hours, pesos, masked data. Used by the wording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_BOGOTA = ZoneInfo("America/Bogota")
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_HARD_SPACE = "\u00a0"
_NOON = 12
_MONTH_LENGTH = len("2026-03")


def _moment(value: Any) -> datetime:
    """Read a datetime or ISO text; without a time zone it is taken as Bogotá's."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=_BOGOTA) if found.tzinfo is None else found.astimezone(_BOGOTA)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return _moment(value).date()
    if isinstance(value, date):
        return value
    text = str(value)
    return _moment(text).date() if "T" in text else date.fromisoformat(text)


def fecha(value: Any) -> str:
    """``2026-12-14`` → ``lunes 14 de diciembre de 2026``; ``2026-12`` → ``diciembre de 2026``."""
    if isinstance(value, str) and len(value) == _MONTH_LENGTH:
        return f"{_MONTHS[int(value[5:]) - 1]} de {value[:4]}"
    day = _day(value)
    return f"{_DAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def hora(value: Any) -> str:
    """``2026-12-14T15:00-05:00`` or ``15:00`` → ``3:00 p. m.`` (noon is ``12:00 m.``)."""
    if isinstance(value, str) and "T" not in value:
        hour, minute = (int(part) for part in value.split(":")[:2])
    else:
        moment = _moment(value)
        hour, minute = moment.hour, moment.minute
    if (hour, minute) == (_NOON, 0):
        return f"12:00{_HARD_SPACE}m."
    half = "a." if hour < _NOON else "p."
    return f"{(hour - 1) % _NOON + 1}:{minute:02d}{_HARD_SPACE}{half}{_HARD_SPACE}m."


def fecha_hora(value: Any) -> str:
    """``2026-12-14T15:00-05:00`` → ``lunes 14 de diciembre de 2026, 3:00 p. m.``."""
    return f"{fecha(_moment(value))}, {hora(_moment(value))}"


def dinero(value: Any) -> str:
    """``1234567`` → ``$ 1.234.567`` with a hard space, whole pesos."""
    pesos = round(float(value))
    text = f"{abs(pesos):,}".replace(",", ".")
    return f"{'-' if pesos < 0 else ''}${_HARD_SPACE}{text}"


def mascara_doc(value: Any) -> str:
    """``1098765432`` → ``******432``: only the last three are shown."""
    text = str(value)
    return "*" * max(len(text) - 3, 3) + text[-3:] if len(text) > 3 else "*" * 6  # noqa: PLR2004


def mascara_telefono(value: Any) -> str:
    """``+573001112267`` → ``300 *** **67``."""
    digits = "".join(mark for mark in str(value) if mark.isdigit()).removeprefix("57")
    return f"{digits[:3]} *** **{digits[-2:]}"


def mascara_correo(value: Any) -> str:
    """``maria@example.com`` → ``ma***@example.com``."""
    name, _, host = str(value).partition("@")
    return f"{name[:2]}***@{host}"


def lista(value: Any) -> str:
    """``["agua", "aseo", "gas"]`` → ``agua, aseo y gas`` (``e`` before the sound of i)."""
    items = [shown(each) for each in value] if isinstance(value, (list, tuple)) else [shown(value)]
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    sounds_i = items[-1].lower().startswith(("i", "hi", "í")) and not items[-1].lower().startswith(("hie", "hia"))
    return f"{', '.join(items[:-1])} {'e' if sounds_i else 'y'} {items[-1]}"


def telefono(value: Any) -> str:
    """``+573001112233`` → ``+57 300 111 2233``; other numbers stay as they are."""
    digits = "".join(mark for mark in str(value) if mark.isdigit())
    ten = digits.removeprefix("57") if len(digits) == 12 else digits  # noqa: PLR2004
    return f"+57 {ten[:3]} {ten[3:6]} {ten[6:]}" if len(ten) == 10 else str(value)  # noqa: PLR2004


def shown(value: Any, kind: str = "") -> str:
    """Show a slot's value by its type ``kind``; texts as they are, numbers without a useless decimal part."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if kind in _BY_KIND:
        return _BY_KIND[kind](value)
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return _files(value) if value and isinstance(value[0], Mapping) else lista(value)
    if isinstance(value, datetime):
        return fecha_hora(value)
    return fecha(value) if isinstance(value, date) else str(value)


def _files(value: Sequence[Any]) -> str:
    return "1 archivo" if len(value) == 1 else f"{len(value)} archivos"


def _place(value: Any) -> str:
    return f"{float(value['lat']):.5f}, {float(value['lon']):.5f}" if isinstance(value, Mapping) else str(value)


_BY_KIND: dict[str, Callable[[Any], str]] = {
    "date": fecha,
    "datetime": fecha_hora,
    "money": dinero,
    "phone": telefono,
    "location": _place,
}

FILTERS: dict[str, Callable[..., Any]] = {
    "fecha": fecha,
    "fecha_hora": fecha_hora,
    "hora": hora,
    "dinero": dinero,
    "mascara_doc": mascara_doc,
    "mascara_telefono": mascara_telefono,
    "mascara_correo": mascara_correo,
    "telefono": telefono,
    "lista": lista,
}
