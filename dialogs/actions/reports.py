"""Actions of reports of faults: near ones, joining, filing, following, and whether the service is back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.identity import proved_home

#: States of a report in which nothing is worked on any more.
_OVER = frozenset({"restablecida", "cerrada", "cancelada"})
_MOST_BUTTONS = 5


class FindNearReport(AtiendeAction):
    """Looks for an open report that may be the same fault."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_reportes"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``reporte_cerca`` (``numero``, ``metros``, ``personas``, ``creado_at``…) or empty it."""
        fault = {"servicio": tracker.get_slot("falla_servicio"), "tipo": tracker.get_slot("tipo_falla")}
        found = await self.ports.outages.near(fault, tracker.get_slot("lugar_visto") or {}, tracker.sender_id)
        return [slot("reporte_cerca", None if found is None else asdict(found)), slot("es_el_mismo", None)]


class JoinReport(AtiendeAction):
    """Adds the person to the report that is the same."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_sumarse"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report ReportJoined."""
        near = tracker.get_slot("reporte_cerca") or {}
        return [
            fact(
                "ReportJoined",
                numero=near.get("numero"),
                critico=bool(tracker.get_slot("falla_critica")),
                autorizado=bool(tracker.get_slot("datos_autorizados")),
            ),
            slot("numero_nuevo", near.get("numero")),
        ]


class ReportFault(AtiendeAction):
    """Files the report with all that was told."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_falla"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report FaultReported; the number is born in the commit."""
        place = tracker.get_slot("lugar_visto") or {}
        if tracker.get_slot("lugar_falla"):
            # A pin that came while something else was asked is the sharper place, if it is one of ours.
            found = await self.ports.outages.place(str(tracker.get_slot("lugar_falla")), place)
            place = asdict(found) if found.estado in {"punto", "direccion"} else place
        verified = await proved_home(self.ports, tracker) or None
        return [
            fact(
                "FaultReported",
                servicio=tracker.get_slot("falla_servicio"),
                tipo=tracker.get_slot("tipo_falla") or "otro_dano",
                lugar=place,
                relato=tracker.get_slot("falla_relato") or "",
                anexos=[each["file_id"] for each in tracker.get_slot("falla_foto") or ()],
                critico=bool(tracker.get_slot("falla_critica")),
                cuenta=verified,
                autorizado=bool(tracker.get_slot("datos_autorizados")),
            )
        ]


class AskReportNumber(AtiendeAction):
    """Asks which report, with the own ones as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_numero_reporte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each own report, or for the number when there are none."""
        own = await self.ports.outages.reports_of(tracker.sender_id)
        if not own:
            dispatcher.utter_message(response="estado_reporte.pide_numero")
            return []
        buttons = [
            {"title": report.numero, "payload": f"/SetSlots(numero_reporte={report.numero})"}
            for report in own[:_MOST_BUTTONS]
        ]
        dispatcher.utter_message(response="estado_reporte.elige", buttons=buttons)
        return []


class IsAboutReport(AtiendeAction):
    """Tells whether who asks for «el estado» means a report of a fault rather than a radicado."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_es_reporte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``falla_paso`` to ``seguimiento`` for the number of a report, or «mi reporte» of who has one here."""
        told = await self.ports.outages.told(str(tracker.latest_message.get("text") or ""))
        is_report = bool(told.numero) or (told.sigue and bool(await self.ports.outages.reports_of(tracker.sender_id)))
        return [slot("falla_paso", "seguimiento" if is_report else None), slot("numero_reporte", told.numero or None)]


class TakeOnlyReport(AtiendeAction):
    """Takes the only report this person has, so that nobody has to type its number."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_reporte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``numero_reporte`` when there is one open report here, or only one at all; a number told stays."""
        text = str(tracker.latest_message.get("text") or "")
        told = (await self.ports.outages.told(text)).numero
        known = tracker.get_slot("numero_reporte") or told
        if known:
            return [slot("numero_reporte", known)]
        own = await self.ports.outages.reports_of(tracker.sender_id)
        open_ones = [report for report in own if report.estado not in _OVER]
        chosen = open_ones if len(open_ones) == 1 else own if len(own) == 1 else []
        return [slot("numero_reporte", chosen[0].numero if chosen else None)]


class SeeReport(AtiendeAction):
    """Shows how a report stands to whoever has its number: there is nothing personal in that."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_reporte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``reporte_visto``, or empty it when there is no such report."""
        found = await self.ports.outages.report(str(tracker.get_slot("numero_reporte") or ""))
        return [slot("reporte_visto", None if found is None else asdict(found)), slot("numero_reporte", None)]


class WhichIsBack(AtiendeAction):
    """Finds what is to be confirmed when the person comes first: their own report that is said to be mended."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_cual_regreso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``regreso_id`` and its like unless we began the errand with them."""
        if tracker.get_slot("regreso_id"):
            return []
        own = await self.ports.outages.reports_of(tracker.sender_id)
        mended = next((report for report in own if report.estado == "restablecida"), None)
        if mended is None:
            return [slot("regreso_id", None)]
        return [
            slot("regreso_clase", "report"),
            slot("regreso_id", mended.id),
            slot("regreso_numero", mended.numero),
            slot("regreso_servicio", mended.servicio),
        ]


class ServiceIsBack(AtiendeAction):
    """Takes the answer to «¿ya tiene servicio?»."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_regreso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report ServiceConfirmed."""
        return [
            fact(
                "ServiceConfirmed",
                clase=tracker.get_slot("regreso_clase"),
                id=tracker.get_slot("regreso_id"),
                volvio=bool(tracker.get_slot("ya_tiene_servicio")),
            )
        ]
