"""Invented things to store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from storage.repos.cases import CaseRecord, NewCase
from storage.repos.inbox import NewInbound
from storage.repos.outbox import NewOutbound
from storage.uow import UnitOfWork

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
ADDRESS = {"channel": "web", "account": "site", "user": "u-1", "phone": "+573001112233", "name": "Persona de Prueba"}
WORDS = "El número de la casa se lo dije a don Prueba"


def inbound(key: str = "k1", conversation_id: str = "c1", **changes: Any) -> NewInbound:
    """Return a text message of an invented person."""
    fields = {
        "channel": "web",
        "account": "site",
        "key": key,
        "conversation_id": conversation_id,
        "address": ADDRESS,
        "kind": "text",
        "payload": {"text": WORDS},
        "sent_at": NOW,
        "received_at": NOW,
        **changes,
    }
    return NewInbound(**fields)


def outbound(key: str = "o1", conversation_id: str = "c1", **changes: Any) -> NewOutbound:
    """Return a reply to an invented person."""
    fields = {
        "key": key,
        "conversation_id": conversation_id,
        "channel": "web",
        "account": "site",
        "address": ADDRESS,
        "seq": 1,
        "kind": "reply",
        "payload": {"text": "Hola, Persona de Prueba", "options": []},
        "priority": 0,
        "not_before": NOW,
        "created_at": NOW,
        **changes,
    }
    return NewOutbound(**fields)


def new_case(number: int = 1, **changes: Any) -> NewCase:
    """Return a reclamo of an invented person."""
    fields = {
        "id": f"case_{number:06d}",
        "radicado": f"2026001{number:06d}2",
        "year": 2026,
        "number": number,
        "tipo": "reclamo",
        "termino": "PQR_CONTRATO",
        "canal": "web",
        "relato": f"{WORDS}: me llegó muy caro",
        "recibido_at": NOW,
        "radicado_at": NOW,
        "content_hash": "00" * 32,
        "conversation_id": "c1",
        "servicio": "agua",
        "cuenta": "100200300",
        "nombre": "Persona de Prueba",
        "tipo_documento": "CC",
        "documento": "1098765432",
        "correo": "persona@prueba.example",
        "telefono": "+573001112233",
        "direccion": "Calle Inventada 7 # 45-12",
        "marcas": ["cuenta_no_encontrada"],
        "datos": {"pretension": "que revisen el medidor de la abuela"},
        "vence_on": date(2026, 4, 10),
        **changes,
    }
    return NewCase(**fields)


def file_case(unit: UnitOfWork, **changes: Any) -> CaseRecord:
    """File a case with the next number, inside a work."""
    number = unit.cases.next_radicado_number(2026)
    return unit.cases.add(new_case(number, **changes))
