"""What Meta's codes and states mean to an operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.doctor.findings import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.doctor.graph import MetaRefused

_TOKEN, _NO_OBJECT, _UNKNOWN_PATH, _EXPIRED = 190, 100, 2500, 463
_BUSY: Final = frozenset({4, 17, 32, 613, 80007, 80008})
_NO_PERMISSION: Final = frozenset({3, 10, 294, 299, *range(200, 220)})
_NEW_TOKEN: Final = "genere otro de usuario del sistema: docs/canales/whatsapp.md, 5"  # noqa: S105 - words, not a token
_SERVER_ERROR = 500

_WHOSE: Final = {
    "PHONE_NUMBER": "el número",
    "WABA": "la cuenta de WhatsApp",
    "BUSINESS": "la empresa",
    "APP": "la aplicación",
    "MESSAGE_TEMPLATE": "la plantilla",
}
_FIRST_TIERS: Final = frozenset({"TIER_50", "TIER_250", "TIER_NOT_SET"})
_TIERS: Final = {
    "TIER_50": "50",
    "TIER_250": "250",
    "TIER_NOT_SET": "250",
    "TIER_1K": "1.000",
    "TIER_2K": "2.000",
    "TIER_10K": "10.000",
    "TIER_100K": "100.000",
}


def explain(error: MetaRefused) -> tuple[str, str]:
    """Return what an error of Meta means here, and what to do about it."""
    if error.code == _TOKEN:
        return ("el token venció" if error.subcode == _EXPIRED else "Meta no acepta el token"), _NEW_TOKEN
    if error.code in _NO_PERMISSION:
        return f"el token no tiene permiso ({error.code})", "asígnele al usuario del sistema la aplicación y la cuenta"
    if error.code in _BUSY:
        return "Meta pide esperar: se le ha preguntado mucho", "repita en una hora"
    if error.code == _UNKNOWN_PATH:
        return "Meta no conoce esa versión de la API", "corrija canales.whatsapp.version, por ejemplo v23.0"
    if error.code == _NO_OBJECT:
        return (
            "Meta no conoce ese número, o el token no lo puede ver",
            "copie Phone number ID en canales.whatsapp.numero_id",
        )
    if error.status >= _SERVER_ERROR or error.code in {1, 2}:
        return f"Meta tiene problemas ({error.code or error.status})", "repita en unos minutos; metastatus.com"
    return str(error), "busque ese código en la página de errores de Meta"


def health_words(entity: Mapping[str, Any]) -> tuple[str, str]:
    """Return what keeps one part of the account from sending, and Meta's own advice."""
    errors = entity.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    state = "bloqueada para enviar" if entity.get("can_send_message") == "BLOCKED" else "limitada para enviar"
    text = f"{_WHOSE.get(str(entity.get('entity_type')), str(entity.get('entity_type')))}: {state}"
    if first.get("error_description"):
        text += f" ({first.get('error_code', '?')}) {quoted(first['error_description'])}"
    advice = first.get("possible_solution")
    return text, f"Meta aconseja: {quoted(advice)}" if advice else "mire Business Support Home"


def limit_words(tier: str) -> tuple[str, bool]:
    """Return how many people may be written to first in a day, and whether that is the first step."""
    if tier == "TIER_UNLIMITED":
        return "se puede escribir primero a cualquier cantidad de personas", False
    number = _TIERS.get(tier)
    if number is None:
        return f"Meta lo llama {tier or 'de ningún modo'}", False
    return f"se puede escribir primero a {number} personas al día", tier in _FIRST_TIERS
