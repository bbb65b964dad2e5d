"""Invented things to store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from storage.repos.agreements import Acceptance, AgreementRecord, InstalmentRecord
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


def add_agreement(unit: UnitOfWork, **changes: Any) -> AgreementRecord:
    """Keep an agreement of two instalments after an initial payment, and return it."""
    fields = {
        "id": "agr_000001",
        "numero": "AP-2026-000001",
        "cuenta": "1000001",
        "conversation_id": "c1",
        "estado": "SOLICITADO",
        "politica": "2026",
        "perfil": "residencial",
        "quien": "titular",
        "base": 100_000,
        "en_reclamo": 0,
        "inicial": 20_000,
        "capital": 80_000,
        "interes": 0,
        "cuotas": 2,
        "dia_pago": 5,
        "tasa_mensual_pct": "0",
        "mora_anual_pct": "6",
        "reacuerdo": False,
        "automatico": False,
        "texto": WORDS,
        "datos": {"proteccion": True},
        "solicitado_at": NOW,
        **changes,
    }
    record = AgreementRecord(**fields)
    days = (None, date(2026, 4, 6), date(2026, 5, 5))
    parts = [
        InstalmentRecord(
            agreement_id=record.id, numero=n, vence_on=days[n], valor=value, capital=value, interes=0, saldo=left
        )
        for n, (value, left) in enumerate(((20_000, 80_000), (40_000, 40_000), (40_000, 0)))
    ]
    proof = Acceptance(
        agreement_id=record.id,
        text_sha256="00",
        palabra="ACEPTO",
        otp_verificado=True,
        conversation_id=record.conversation_id,
        channel="web",
        inbox_key="k1",
        at=NOW,
    )
    unit.agreements.add(record, parts, proof)
    return record
