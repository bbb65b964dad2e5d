"""Invented things to store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from storage.repos.inbox import NewInbound
from storage.repos.outbox import NewOutbound

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
