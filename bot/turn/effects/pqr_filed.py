"""PqrFiled: a petition, complaint, claim or appeal becomes a case with its radicado, inside this transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.community import leaders
from bot.identity import persons
from bot.kernel.clock import local_date

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "PqrFiled"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """File the case as received when the person's message reached us (CPACA art. 15 par. 1).

    What is discussed of a bill is read from the books only for who proved the account: the talk saying so is no proof.
    """
    is_proved = bool(data.get("cuenta_verificada")) and persons.is_proved(
        scene.uow, scene.conversation_id, str(data.get("cuenta") or "")
    )
    filed = scene.desk.file(
        scene.uow,
        {**data, "cuenta_verificada": is_proved, "colectiva": _collective(scene, data)},
        conversation_id=scene.conversation_id,
        canal=scene.trigger.channel,
        recibido_at=scene.trigger.received_at,
        now=scene.now,
        ids=scene.ids,
    )
    return {
        "radicado": filed.radicado,
        "codigo_consulta": filed.codigo_consulta,
        "fecha_limite": filed.fecha_limite.isoformat(),
        "radicado_at": filed.radicado_at.isoformat(),
        "caso_id": filed.caso_id,
        **scene.desk.told(scene.uow, filed.caso_id),
        "insistir_hasta": scene.desk.law.due("INSISTIR_FALLA", filed.radicado_at).due_on.isoformat(),
    }


def _collective(scene: Scene, data: Mapping[str, Any]) -> str | None:
    """Return the sector that is filed for, if the person speaks for it today: the talk saying so is no proof."""
    sector = str(data.get("colectiva") or "")
    whose = scene.uow.people.conversations_with(scene.conversation_id)
    return sector if sector and sector in leaders.speaks_for(scene.uow, whose, local_date(scene.now)) else None
