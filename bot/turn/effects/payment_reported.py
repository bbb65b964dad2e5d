"""PaymentReported: somebody says that they paid; staff get the task and the person its number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from storage.repos.payment_proofs import ProofRecord

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PaymentReported"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the report as open work, with the receipts that this very conversation sent."""
    sent = scene.uow.files.many(list(data.get("files") or ()))
    proof = scene.uow.payment_proofs.add(
        ProofRecord(
            conversation_id=scene.conversation_id,
            cuenta=str(data["cuenta"]),
            pagada_on=date.fromisoformat(data["pagada_on"]),
            valor=int(data["valor"]),
            lugar=data.get("lugar") or None,
            files=[file.id for file in sent if file.conversation_id == scene.conversation_id],
            suspendida=bool(data.get("suspendida")),
            at=scene.now,
        )
    )
    scene.uow.files.keep_while_open(proof.files, "payment", proof.id)
    return {"pago_numero": proof.numero}
