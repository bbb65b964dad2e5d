"""Actions about bills: what is owed, the duplicate, the consumption, and why a bill is high.

Every one asks the identity port itself whether the person proved the account: nothing personal rests on a slot alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.identity import proved
from dialogs.actions.ports import BillingDown, DebtView, OwedBill
from dialogs.engine.slots import plain
from dialogs.filters import fecha

if TYPE_CHECKING:
    from dialogs.actions.ports import BillView, Consumption, DeviationView, FinancedView, Ports

#: As many as a bill shows by law, and what the rules look back.
SHOWN, LOOKED_BACK = 6, 13
_LISTED = 6
#: Services with a meter that a home can look at.
_MEASURED = ("agua", "energia", "gas")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip
_PERIOD = re.compile(r"\b(\d{4})-(\d{2})\b")
_NEWEST = re.compile(r"\b(?:ultim[ao]|actual|reciente|esta|este|de ahora|mas nuev[ao])\b")
_NAMED_NEWEST = re.compile(r"\b(?:ultim[ao]|reciente|este mes|mas nuev[ao])\b")
_BEFORE = re.compile(r"\b(?:anterior|pasad[ao]|penultim[ao])\b")
_OLDEST = re.compile(r"\b(?:mas (?:viej|antigu|atrasad)[ao]|primer[ao])\b")

#: The paper itself is wanted: a duplicate, a copy, «mándeme el recibo», or the one on paper was lost or never came.
_BILL = r"(?:factura|facturita|recibo|resibo|recivo|fatura)s?"
_PAPER = re.compile(
    rf"\b(?:duplicad[oa]s?|dupli|duplikado|copia|pdf|descargar|imprimir)\b"
    rf"|\b(?:mand|envi|regal|pas|baj|remit)\w* (?:\w+ )?(?:la |el |mi |las )?{_BILL}\b"
    rf"|\b(?:perdio|mojo|rompio|extravio|comio)\b.*\b{_BILL}\b|\bno me (?:ha )?lleg(?:o|ado) (?:la|el) {_BILL}\b"
)
_EXPLAINED = re.compile(rf"\b(?:expliq\w*|explic\w*|no entiendo)\b.*\b{_BILL}\b")


def plain_value(value: Any) -> Any:
    """Return a view as JSON: dates as ISO text, decimals as text, dataclasses as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain_value(each) for each in value]
    return value


def amount(quantity: Decimal) -> str:
    """Return a quantity as people write it: ``18,5``, ``1.234``."""
    text = f"{quantity.quantize(Decimal('0.1')):,.1f}".removesuffix(".0")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


class SeeDebt(AtiendeAction):
    """Looks up what the account owes now."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_deuda"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``factura_estado`` (debe, al_dia, sin_datos, caida, sin_verificar) and ``deuda``."""
        cuenta = await proved(self.ports, tracker)
        if not cuenta:
            return [slot("factura_estado", "sin_verificar"), slot("deuda", None)]
        try:
            debt = await self.ports.billing.debt(cuenta)
        except BillingDown:
            return [slot("factura_estado", "caida"), slot("deuda", None)]
        if debt is None:
            return [slot("factura_estado", "sin_datos"), slot("deuda", None)]
        claimed = min(await self.ports.bill_rules.disputed(cuenta), debt.total)
        financed = await self.ports.agreements.financed(cuenta, debt)
        by_parts = min(financed.valor, debt.total - claimed) if financed else 0
        # What is paid by instalments is not owed beside them: its bills are neither listed nor overdue.
        bills = [bill for bill in debt.bills if financed is None or bill.clave not in financed.facturas]
        seen = {
            "total": debt.total,
            "en_reclamo": claimed,
            "financiado": by_parts,
            "acuerdo": _of_agreement(financed),
            "por_pagar": debt.total - claimed - by_parts,
            "facturas": plain_value(bills[:_LISTED]),
            "otras": max(0, len(bills) - _LISTED),
            "vencidas": sum(bill.vencida for bill in bills),
            "suspendida": debt.suspendida,
            "reconexion_horas": self.ports.bill_rules.times.reconexion_horas,
            "al": debt.as_of.isoformat(),
            "cuenta": cuenta[-4:],
        }
        return [slot("factura_estado", "debe" if debt.total else "al_dia"), slot("deuda", seen)]


class HearBill(AtiendeAction):
    """Hears whether it is the paper or its explanation that is wanted, rather than what is owed."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_oir_factura"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``factura_pedida`` (saldo, duplicado, explicacion), and ``factura_elegida`` when a month was named."""
        said = plain(str(tracker.latest_message.get("text") or ""))
        if _EXPLAINED.search(said):
            return [slot("factura_pedida", "explicacion")]
        if not _PAPER.search(said):
            return [slot("factura_pedida", "saldo")]
        return [slot("factura_pedida", "duplicado"), slot("factura_elegida", said if _names_bill(said) else None)]


class FindBills(AtiendeAction):
    """Looks up the bills of which a duplicate can be had."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_facturas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``factura_estado`` (elegir, lista, sin_datos, caida, sin_verificar) and ``facturas``; one is no choice."""
        cuenta = await proved(self.ports, tracker)
        if not cuenta:
            return [slot("factura_estado", "sin_verificar"), slot("facturas", None)]
        try:
            bills = await self.ports.billing.bills(cuenta, SHOWN)
        except BillingDown:
            return [slot("factura_estado", "caida"), slot("facturas", None)]
        listed = [
            {"clave": _key(bill), "servicio": bill.servicio, "periodo": bill.periodo, "debe": bill.saldo > 0}
            for bill in bills
        ]
        state = "elegir" if len(listed) > 1 else "lista" if listed else "sin_datos"
        # «la de octubre» begins the errand by itself after a debt was told.
        now = plain(str(tracker.latest_message.get("text") or ""))
        said = str(tracker.get_slot("factura_elegida") or (now if _names_bill(now) else ""))
        chosen = _chosen(listed, said) if said else listed[0]["clave"] if state == "lista" else None
        return [slot("factura_estado", state), slot("facturas", listed), slot("factura_elegida", chosen)]


class AskWhichBill(AtiendeAction):
    """Asks of which bill the duplicate is wanted, with a button for each."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_factura_elegida"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with the newest bills as buttons; those with something to pay say so."""
        listed = list(tracker.get_slot("facturas") or ())
        services = {each["servicio"] for each in listed}
        buttons = [
            {
                "title": _title(each, has_service=len(services) > 1),
                "payload": f"/SetSlots(factura_elegida={each['clave']})",
            }
            # The newest at the end, so that «la última» means the same bill and the same option.
            for each in reversed(listed)
        ]
        dispatcher.utter_message(response="duplicado_factura.elige", buttons=buttons)
        return []


class MakeDuplicate(AtiendeAction):
    """Makes the duplicate of the chosen bill; it is drawn when it is fetched."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_hacer_duplicado"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report PaperMade and set ``factura_vista``; ``factura_estado`` is lista, otra_vez, caida or sin_verificar."""
        cuenta = await proved(self.ports, tracker)
        listed = list(tracker.get_slot("facturas") or ())
        if not cuenta:
            return [slot("factura_estado", "sin_verificar")]
        key = _chosen(listed, str(tracker.get_slot("factura_elegida") or ""))
        if key is None:
            return [slot("factura_estado", "otra_vez"), slot("factura_elegida", None)]
        try:
            bills, used = await _both(self.ports, cuenta)
        except BillingDown:
            return [slot("factura_estado", "caida")]
        bill = next((bill for bill in bills if _key(bill) == key), None)
        if bill is None:
            return [slot("factura_estado", "otra_vez"), slot("factura_elegida", None)]
        until = [one for one in used if one.servicio == bill.servicio and one.periodo <= bill.periodo][: SHOWN + 1]
        content = {
            "factura": plain_value(bill),
            "consumos": plain_value(until),
            "hecho_at": self.ports.clock.now().isoformat(),
        }
        seen = {"servicio": bill.servicio, "periodo": bill.periodo, "saldo": bill.saldo, "vence_on": str(bill.vence_on)}
        seen["acuerdo"] = await _agreement_of(self.ports, bill)
        return [
            fact("PaperMade", kind="factura", content=content),
            slot("factura_estado", "lista"),
            slot("factura_vista", seen),
        ]


class SeeConsumption(AtiendeAction):
    """Looks up the last consumptions and offers them as a picture."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_consumo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``factura_estado`` (lista, elegir, sin_datos, caida, sin_verificar), ``consumo_vista``; report PaperMade.

        With several measured services the one of ``servicio`` is shown, or ``elegir`` asks which.
        """
        cuenta = await proved(self.ports, tracker)
        if not cuenta:
            return [slot("factura_estado", "sin_verificar"), slot("consumo_vista", None)]
        try:
            every = await self.ports.billing.consumptions(cuenta, LOOKED_BACK)
        except BillingDown:
            return [slot("factura_estado", "caida"), slot("consumo_vista", None)]
        state, used = _of_service(every, tracker.get_slot("servicio_medido") or tracker.get_slot("servicio"))
        if state != "lista":
            return [slot("factura_estado", state), slot("consumo_vista", None)]
        shown = used[: SHOWN + 1]
        seen = {
            "servicio": used[0].servicio,
            "unidad": used[0].unidad,
            "filas": [
                {"periodo": one.periodo, "cantidad": amount(one.cantidad), "estimado": bool(one.causa)}
                for one in used[:SHOWN]
            ],
        }
        return [
            fact("PaperMade", kind="grafica", content={"consumos": plain_value(shown)}),
            slot("factura_estado", "lista"),
            slot("consumo_vista", seen),
        ]


class ExplainBill(AtiendeAction):
    """Explains the newest bill: how much more than usual, by which rule, how many days, read or by average."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_explicar_factura"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``factura_estado`` (lista, elegir, sin_datos, caida, sin_verificar) and ``explicacion``."""
        cuenta = await proved(self.ports, tracker)
        if not cuenta:
            return [slot("factura_estado", "sin_verificar"), slot("explicacion", None)]
        try:
            bills, every = await _both(self.ports, cuenta)
        except BillingDown:
            return [slot("factura_estado", "caida"), slot("explicacion", None)]
        state, used = _of_service(every, tracker.get_slot("servicio_medido") or tracker.get_slot("servicio"))
        if state != "lista":
            return [slot("factura_estado", state), slot("explicacion", None)]
        bill = next((one for one in bills if one.servicio == used[0].servicio), None)
        found = self.ports.bill_rules.deviation(used, bill.estrato if bill else None)
        seen = _explained(used[0], bill, found, self.ports.bill_rules.times.dias_normales)
        explained = used[0].servicio if used[0].servicio in _MEASURED else None
        return [slot("factura_estado", "lista"), slot("explicacion", seen), slot("servicio_explicado", explained)]


def _of_agreement(financed: FinancedView | None) -> dict[str, Any] | None:
    """Return what has to be told of the agreement beside the debt: its number and the part that comes next."""
    if financed is None or not financed.valor:
        return None
    one = financed.acuerdo
    return {"numero": one.numero, "cuota": one.proxima, "valor": one.proxima_valor, "vence_on": one.proxima_on}


async def _agreement_of(ports: Ports, bill: BillView) -> str:
    """Return the number of the agreement by which the bill is paid, or an empty text."""
    owed = OwedBill(
        servicio=bill.servicio,
        periodo=bill.periodo,
        numero=bill.numero,
        vence_on=bill.vence_on,
        valor=bill.saldo,
        vencida=True,
    )
    alone = DebtView(cuenta=bill.cuenta, bills=(owed,), as_of=ports.clock.now())
    found = await ports.agreements.financed(bill.cuenta, alone) if bill.saldo else None
    return found.acuerdo.numero if found and owed.clave in found.facturas else ""


async def _both(ports: Ports, cuenta: str) -> tuple[Sequence[BillView], Sequence[Consumption]]:
    """Ask for bills and consumptions at once: one after the other might pass the deadline of an action."""
    bills, used = await asyncio.gather(
        ports.billing.bills(cuenta, SHOWN), ports.billing.consumptions(cuenta, LOOKED_BACK)
    )
    return bills, used


def _explained(now: Consumption, bill: BillView | None, found: DeviationView | None, usual_days: int) -> dict[str, Any]:
    is_read = now.lectura_actual is not None and now.lectura_anterior is not None
    return {
        "servicio": now.servicio,
        "unidad": now.unidad,
        "periodo": now.periodo,
        "cantidad": amount(now.cantidad),
        "total": bill.total if bill else None,
        "dias": now.dias,
        "es_largo": bool(now.dias and now.dias > usual_days),
        "lectura_anterior": amount(now.lectura_anterior) if is_read and now.lectura_anterior is not None else None,
        "lectura_actual": amount(now.lectura_actual) if is_read and now.lectura_actual is not None else None,
        "causa": now.causa,
        "regla": found.regla if found else "sin_historia",
        "promedio": amount(found.promedio) if found and found.promedio is not None else None,
        "cambio": found.cambio if found else None,
        "porcentaje": found.porcentaje if found else None,
        "hasta": amount(found.hasta) if found and found.hasta is not None else None,
        "sentido": found.sentido if found else "",
        "periodos": found.periodos if found else 0,
    }


def _of_service(every: Sequence[Consumption], wanted: Any) -> tuple[str, list[Consumption]]:
    """Return the consumptions of one service, or what is missing to choose it."""
    services = list(dict.fromkeys(one.servicio for one in every))
    if not services:
        return "sin_datos", []
    if wanted in services:
        chosen = wanted
    elif len(services) == 1:
        chosen = services[0]
    else:
        return "elegir", []
    return "lista", [one for one in every if one.servicio == chosen]


def _key(bill: BillView) -> str:
    return f"{bill.servicio} {bill.periodo}"


def _title(listed: dict[str, Any], *, has_service: bool) -> str:
    month = fecha(listed["periodo"]).replace(" de ", " ").capitalize()
    return f"{listed['servicio'].capitalize()}, {month[:3].lower()} {month[-4:]}" if has_service else month


def _names_bill(said: str) -> bool:
    """Whether words say which bill: a month, «la última», «la anterior», «la más vieja»."""
    months = any(re.search(rf"\b{month}\b", said) for month in _MONTHS)
    return months or any(words.search(said) for words in (_BEFORE, _OLDEST, _NAMED_NEWEST))


def _chosen(listed: Sequence[dict[str, Any]], said: str) -> str | None:
    """Return the key of the bill that was meant: by button, month, ``YYYY-MM``, «la última», «la anterior», «la más vieja»."""
    words = plain(said)
    keys = [str(each["clave"]) for each in listed]
    if said in keys:
        return said
    months = [f"-{number:02d}" for number, month in enumerate(_MONTHS, start=1) if re.search(rf"\b{month}\b", words)]
    found = _PERIOD.search(said)
    if found:
        months = [found[0]]
    fits = [key for key in keys if any(key.endswith(month) for month in months)]
    named = [key for key in fits if key.partition(" ")[0] in words] or fits
    if named:
        return named[0]
    if _OLDEST.search(words):
        # Of those that are owed: that is what weighs.
        return next((str(each["clave"]) for each in reversed(listed) if each.get("debe")), keys[-1] if keys else None)
    if _BEFORE.search(words):
        return keys[1] if len(keys) > 1 else None
    return keys[0] if keys and _NEWEST.search(words) else None
