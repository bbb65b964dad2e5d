"""FaultReported: a fault becomes a report with its number; without authorisation nothing of the person is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.identity import persons
from bot.outages import reports

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene

KIND = "FaultReported"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the report and return its number."""
    place = data.get("lugar") or {}
    cuenta = str(data.get("cuenta") or "")
    lat, lon = place.get("lat"), place.get("lon")
    new = reports.NewReport(
        servicio=data["servicio"],
        tipo=data["tipo"],
        canal=scene.trigger.channel,
        conversation_id=scene.conversation_id,
        cuenta=cuenta if persons.is_proved(scene.uow, scene.conversation_id, cuenta) else None,
        municipio=place.get("municipio") or scene.settings.empresa.municipio,
        sector=place.get("sector") or None,
        direccion=str(place.get("direccion") or ""),
        barrio=str(place.get("barrio") or ""),
        point=None if lat is None or lon is None else (float(lat), float(lon)),
        story=str(data.get("relato") or ""),
        anexos=tuple(data.get("anexos") or ()),
        critico=bool(data.get("critico")),
    )
    if not data.get("autorizado"):
        new = new.anonymous()
    record = reports.file(scene.uow, new, now=scene.now, ids=scene.ids, rules=scene.settings.cortes)
    return {"numero_nuevo": record.numero}
