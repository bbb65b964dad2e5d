"""What a case is made of, going in and coming out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is filed.

    ``id`` and ``radicado`` are the caller's, ``number`` comes from ``next_radicado_number`` in the same transaction.
    ``termino`` is a key of the terms matrix. ``vence_b_on`` is the due date when filing hours count. ``codigo_hash`` is
    the hash of the citizen's secret code. ``anexos`` are file ids. ``datos`` is whatever else was said; it is sealed.
    """

    id: str
    radicado: str
    year: int
    number: int
    tipo: str
    termino: str
    canal: str
    relato: str
    recibido_at: datetime
    radicado_at: datetime
    content_hash: str
    subtipo: str | None = None
    estado: str = "RADICADO"
    conversation_id: str | None = None
    servicio: str | None = None
    cuenta: str | None = None
    cuenta_en_base: bool = False
    nombre: str | None = None
    tipo_documento: str | None = None
    documento: str | None = None
    correo: str | None = None
    telefono: str | None = None
    direccion: str | None = None
    anonimo: bool = False
    notificacion: str | None = None
    marcas: Sequence[str] = ()
    anexos: Sequence[str] = ()
    datos: Mapping[str, Any] = field(default_factory=dict)
    codigo_hash: str | None = None
    vence_on: date | None = None
    vence_b_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case as it stands, opened."""

    id: str
    radicado: str
    year: int
    number: int
    tipo: str
    subtipo: str | None
    termino: str
    estado: str
    canal: str
    conversation_id: str | None
    servicio: str | None
    cuenta: str | None
    cuenta_en_base: bool
    relato: str
    nombre: str | None
    tipo_documento: str | None
    documento: str | None
    correo: str | None
    telefono: str | None
    direccion: str | None
    anonimo: bool
    notificacion: str | None
    marcas: list[str]
    anexos: list[str]
    datos: dict[str, Any]
    codigo_hash: str | None
    recibido_at: datetime
    radicado_at: datetime
    vence_on: date | None
    vence_b_on: date | None
    respuesta: str | None
    respondido_at: datetime | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class CaseDue:
    """What the watch over terms needs of a case: no words of anybody."""

    id: str
    termino: str
    recibido_at: datetime
    vence_on: date | None
    vence_b_on: date | None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened to a case; ``actor`` is ``bot``, ``system`` or a member of staff."""

    id: int
    case_id: str
    at: datetime
    kind: str
    actor: str
    data: dict[str, Any]
