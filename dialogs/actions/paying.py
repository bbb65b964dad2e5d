"""Actions about paying: where, and the word of somebody who has paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

_BOGOTA = ZoneInfo("America/Bogota")
#: Nobody reports a payment of longer ago by chat.
_OLDEST = timedelta(days=366)
#: What correcting an answer empties.
_CLEARED = {
    "comprobante": ("comprobante", "comprobantes", "comprobante_listo"),
    "fecha": ("fecha_pago",),
    "valor": ("valor_pago",),
    "lugar": ("lugar_pago",),
    "cuenta": ("cuenta", "confirma_cuenta", "guarda_cuenta", "cuenta_estado", "cuenta_vista"),
}


class WaysToPay(AtiendeAction):
    """Looks up the ways to pay that hold today."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_medios_pago"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``medios_pago``, those without leaving home first."""
        ways = sorted(self.ports.bill_rules.ways_to_pay(), key=lambda way: way.clase != "virtual")
        listed = [{"nombre": way.nombre, "detalle": way.detalle, "url": way.url} for way in ways]
        return [slot("medios_pago", listed)]


class CheckPaymentDate(AtiendeAction):
    """Refuses a day that has not come or is too long ago."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "validate_fecha_pago"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Empty ``fecha_pago`` and say why, or leave it."""
        try:
            paid = date.fromisoformat(str(tracker.get_slot("fecha_pago")))
        except ValueError:  # a month alone is a date to the reader of dates
            dispatcher.utter_message(response="pide_fecha_pago_otra_vez")
            return [slot("fecha_pago", None)]
        today = self.ports.clock.now().astimezone(_BOGOTA).date()
        if paid > today:
            dispatcher.utter_message(response="reportar_pago.fecha_futura")
            return [slot("fecha_pago", None)]
        if paid < today - _OLDEST:
            dispatcher.utter_message(response="reportar_pago.fecha_vieja")
            return [slot("fecha_pago", None)]
        return []


class KeepReceipt(AtiendeAction):
    """Adds what was sent to the receipts of the payment."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_comprobante"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Keep photos and PDF in ``comprobantes``; anything else is asked for again."""
        sent = list(tracker.get_slot("comprobante") or [])
        fits = [file for file in sent if file.get("kind") in {"image", "document"} and file.get("file_id")]
        if sent and not fits:
            return [slot("comprobante", None), slot("comprobante_listo", False)]
        kept = list(tracker.get_slot("comprobantes") or [])
        known = {file["file_id"] for file in kept}
        kept.extend({"file_id": file["file_id"]} for file in fits if file["file_id"] not in known)
        return [slot("comprobantes", kept or None), slot("comprobante_listo", True)]


class ClearPaymentAnswer(AtiendeAction):
    """Empties the answer that the person wants to correct, so that its question is asked again."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_limpiar_pago"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Clear the slots that hang on ``que_corregir_pago``."""
        return [slot(name, None) for name in _CLEARED.get(str(tracker.get_slot("que_corregir_pago")), ())]


class ReportPayment(AtiendeAction):
    """Hands the payment over to staff; its number is born in the commit."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_reportar_pago"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report PaymentReported and set ``pago_dias`` and ``reconexion_horas``, which the answer tells."""
        get = tracker.get_slot
        times = self.ports.bill_rules.times
        reported = fact(
            "PaymentReported",
            cuenta=get("cuenta"),
            pagada_on=get("fecha_pago"),
            valor=int(get("valor_pago") or 0),
            lugar=get("lugar_pago"),
            files=[file["file_id"] for file in get("comprobantes") or []],
            suspendida=bool(get("servicio_suspendido")),
        )
        return [
            reported,
            slot("pago_dias", times.revision_pago_dias),
            slot("reconexion_horas", times.reconexion_horas),
        ]
