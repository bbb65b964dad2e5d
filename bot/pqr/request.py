"""What a person asks, read without prejudice: a wrong or strange value is set aside, never a reason not to file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final

_LONGEST_FIELD: Final = 500
_LONGEST_TEXT: Final = 100_000
_MOST_ANNEXES: Final = 50
_MOST_PESOS: Final = 10**13
#: Kept as they came, letter by letter.
_LITERAL: Final = ("relato", "pretension")
_NO_TEXT: Final = frozenset({"Cc", "Cs"})
_TEXTS: Final = (
    "tipo",
    "subtipo",
    "servicio",
    "cuenta",
    "nombre",
    "tipo_documento",
    "documento",
    "correo",
    "telefono",
    "direccion",
    "notificacion",
    "recurrido",
    "colectiva",
    "factura_mes",
)
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAYS: Final = ("factura_emitida_on", "decision_conocida_on")
_AMOUNTS: Final = ("valor_reclamado", "valor_no_discutido")
_FLAGS: Final = ("cuenta_en_base", "cuenta_verificada", "anonimo", "autorizado", "verbal")


@dataclass(frozen=True, slots=True)
class Filing:
    """A request to file. Texts may be empty; ``relato`` is what the person wrote, untouched.

    ``recibido_at`` is when the person sent it (aware). ``factura_mes`` (``YYYY-MM``) stands for a day that is not known.
    Amounts are whole pesos. ``autorizado``: the person authorised
    the treatment of personal data. ``anexos`` are file ids. ``colectiva`` is the sector that a
    leader files for. ``extra`` keeps what nobody foresaw.
    """

    tipo: str
    conversation_id: str
    canal: str
    recibido_at: datetime
    relato: str = ""
    subtipo: str = ""
    servicio: str = ""
    cuenta: str = ""
    cuenta_en_base: bool = False
    cuenta_verificada: bool = False
    pretension: str = ""
    nombre: str = ""
    tipo_documento: str = ""
    documento: str = ""
    correo: str = ""
    telefono: str = ""
    direccion: str = ""
    notificacion: str = ""
    recurrido: str = ""
    colectiva: str = ""
    anonimo: bool = False
    autorizado: bool = True
    verbal: bool = False
    anexos: tuple[str, ...] = ()
    factura_emitida_on: date | None = None
    factura_mes: str = ""
    decision_conocida_on: date | None = None
    valor_reclamado: int | None = None
    valor_no_discutido: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody can be told from it: asked for so, or no authorisation."""
        return self.anonimo or not self.autorizado

    @classmethod
    def from_fact(cls, data: Mapping[str, Any], *, conversation_id: str, canal: str, recibido_at: datetime) -> Filing:
        """Read the fact ``PqrFiled``; a value of the wrong shape goes to ``extra`` as it came."""
        given: dict[str, Any] = {}
        odd: dict[str, Any] = {}
        readers = (
            dict.fromkeys(_TEXTS, _text)
            | dict.fromkeys(_LITERAL, _literal)
            | dict.fromkeys(_DAYS, _day)
            | dict.fromkeys(_AMOUNTS, _amount)
            | dict.fromkeys(_FLAGS, _flag)
            | {"anexos": _annexes}
        )
        for name, value in data.items():
            if value is None:
                continue
            if name == "factura_emitida_on" and isinstance(value, str) and _MONTH.fullmatch(value):
                given["factura_mes"] = value
                continue
            reader = readers.get(name)
            read = reader(value) if reader else None
            if read is None:
                odd[name] = value
            elif isinstance(read, str) and len(read) > (_LONGEST_TEXT if name in _LITERAL else _LONGEST_FIELD):
                given[name] = read[: _LONGEST_TEXT if name in _LITERAL else _LONGEST_FIELD]
                odd[name] = f"{len(read)} characters"
            else:
                given[name] = read
        given.setdefault("tipo", "")
        return cls(**given, conversation_id=conversation_id, canal=canal, recibido_at=recibido_at, extra=odd)

    def without_person(self) -> Filing:
        """Return the same request with nothing that tells who made it; what it says and its account stay."""
        return replace(self, nombre="", tipo_documento="", documento="", correo="", telefono="", direccion="", extra={})

    def day(self, name: str) -> date | None:
        """Return the date in the field ``name``, or None when it is empty or there is no such field."""
        if name not in {one.name for one in fields(self)}:
            return None
        value = getattr(self, name)
        return value if isinstance(value, date) else None


def _literal(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    # No column of a database takes control characters or half a surrogate pair.
    return "".join(letter for letter in str(value) if unicodedata.category(letter) not in _NO_TEXT).strip()


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _amount(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_whole = isinstance(value, int) or value.is_integer()
    return int(value) if is_whole and 0 <= value <= _MOST_PESOS else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _annexes(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return None
    ids = [item.get("file_id") if isinstance(item, Mapping) else item for item in value]
    return tuple(file_id for file_id in ids if isinstance(file_id, str) and file_id)[:_MOST_ANNEXES]
