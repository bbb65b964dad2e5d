"""The canonical content of a case and its SHA-256: anybody can prove later that nothing was changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from storage.repos.cases import CaseRecord, NewCase

#: The shape of the canonical form; a change of fields is a new number.
FORM: Final = 1


def canonical(case: CaseRecord | NewCase) -> bytes:
    """Return the content of ``case`` as bytes: JSON, keys in order, no spaces, UTF-8; the words as the person wrote them.

    It covers what was asked, about what, when and with which files; ``recibido_at`` goes in UTC with microseconds and
    each file with the SHA-256 it had when the case was filed (empty when its bytes had not come).
    """
    document: dict[str, Any] = {
        "forma": FORM,
        "radicado": case.radicado,
        "recibido_at": case.recibido_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "tipo": case.tipo,
        "servicio": case.servicio or "",
        "cuenta": case.cuenta or "",
        "relato": case.relato,
        "pretension": case.datos.get("pretension", ""),
        "anexos": case.datos.get("huellas_anexos", {}),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def digest(case: CaseRecord | NewCase) -> str:
    """Return the SHA-256 of the canonical content in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(case)).hexdigest()


def is_intact(case: CaseRecord) -> bool:
    """Tell whether the case still says what was filed."""
    return digest(case) == case.content_hash
