"""ServiceConfirmed: the answer to «¿ya quedó bien?»; a no opens the report again, or makes one of a restored outage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.outages import reports

if TYPE_CHECKING:
    from bot.turn.effects.scene import Scene
    from storage.repos.reports import ReportRecord

KIND = "ServiceConfirmed"


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Note the answer and return the number of the report that is open again, if one is."""
    is_back, subject = bool(data.get("volvio")), str(data.get("id") or "")
    if data.get("clase") == "report":
        report = scene.uow.reports.get(subject)
    else:
        # Who follows an outage may have reported it before: that report is the one to open again.
        mine = {one.id for one in scene.uow.reports.of_conversation(scene.conversation_id, 20)}
        report = next((one for one in scene.uow.reports.of_outage(subject) if one.id in mine), None)
        if report is None and not is_back:
            return _still_without(scene, subject)
    if report is None or not _is_of(scene, report):
        return {}
    kept = reports.confirm_restored(
        scene.uow, report, conversation_id=scene.conversation_id, is_back=is_back, now=scene.now
    )
    return {} if is_back else {"numero_nuevo": kept.numero}


def _is_of(scene: Scene, report: ReportRecord) -> bool:
    """Tell whether who answers reported the fault or joined it: nobody opens or closes the report of others."""
    mine = scene.conversation_id
    return mine == report.conversation_id or mine in scene.uow.reports.who_joined(report.id)


def _still_without(scene: Scene, outage_id: str) -> Mapping[str, Any]:
    outage = scene.uow.outages.get(outage_id)
    if outage is None:
        return {}
    follower = next(
        (one for one in scene.uow.outage_news.followers(outage_id) if one.conversation_id == scene.conversation_id),
        None,
    )
    new = reports.NewReport(
        servicio=outage.servicio,
        tipo="sin_servicio",
        canal=scene.trigger.channel,
        conversation_id=scene.conversation_id,
        municipio=outage.municipio,
        sector=follower.sector if follower else None,
        barrio=outage.zona,
    )
    record = reports.file(scene.uow, new, now=scene.now, ids=scene.ids, rules=scene.settings.cortes)
    return {"numero_nuevo": record.numero}
