"""Actions of payment agreements: what can be offered, what was chosen, the text to accept, and the request."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.identity import proved
from dialogs.actions.ports import BillingDown
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from dialogs.actions.ports import DebtView, OfferView

#: A number up to here counts instalments; a larger one is what somebody can pay a month.
MOST_INSTALMENTS = 120
_PURPOSE = "acuerdo"
_WORD = "acepto"
_WAITS = "SOLICITADO"
_SIGNERS = frozenset({"titular", "usuario", "autorizado"})
#: What one request leaves behind and the next one must not find.
_TRANSIENT = (
    "acuerdo_estado",
    "plan",
    "plan_estado",
    "plan_cuotas",
    "oferta",
    "acuerdo_texto",
    "dia_pago",
    "quien_firma",
    "autorizacion_dueno",
    "cuidado_especial",
    "acuerdo_seguro",
    "palabra_acepto",
    "palabra_escrita",
    "codigo_estado",
)


class BeginAgreement(AtiendeAction):
    """Clears what an earlier request left, and keeps the number of instalments that was said at once."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_empezar_acuerdo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Keep ``plan_pedido`` only when it counts instalments: an amount said before the debt is known is the debt."""
        said = tracker.get_slot("plan_pedido")
        kept = said if isinstance(said, int | float) and said <= MOST_INSTALMENTS else None
        return [*(slot(name, None) for name in _TRANSIENT), slot("plan_pedido", kept)]


class LookAtDebt(AtiendeAction):
    """Looks at the debt and the rules: what could be offered today, or why nothing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_deuda"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``acuerdo_estado`` (puede, no, caido) and ``plan``; without figures nothing is promised."""
        cuenta = await proved(self.ports, tracker)
        debt = await _debt(self, cuenta)
        found = await self.ports.agreements.prospect(cuenta, debt) if debt else None
        if found is None:
            return [slot("acuerdo_estado", "caido"), slot("plan", None)]
        events = [
            slot("acuerdo_estado", "puede" if found.puede else "no"),
            slot("plan", asdict(found)),
            slot("arriendo_personal", found.arriendo_personal),
        ]
        mine = {each.cuenta: each.relacion for each in (await self.ports.identity.who(tracker.sender_id)).cuentas}
        if tracker.get_slot("quien_firma") is None and mine.get(cuenta) in _SIGNERS:
            # What the person already said to be of the account is not asked again.
            events.append(slot("quien_firma", mine[cuenta]))
        return events


class AskPlan(AtiendeAction):
    """Asks how many instalments, with a button for each simulation of the table."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_plan_pedido"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask; other counts and «50 mil al mes» are written."""
        buttons = [
            {"title": _counted(one["cuotas"]), "payload": f"/SetSlots(plan_pedido={one['cuotas']})"}
            for one in (tracker.get_slot("plan") or {}).get("opciones", ())
        ]
        dispatcher.utter_message(response="elegir_plan.pregunta", buttons=buttons)
        return []


class ReadPlan(AtiendeAction):
    """Understands what was chosen: so many instalments, or so much a month."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_leer_plan"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``plan_estado`` (vale, muchas, pequenas, imposible, caido) and ``plan_cuotas``."""
        said = float(tracker.get_slot("plan_pedido") or 0)
        cuenta = await proved(self.ports, tracker)
        debt = await _debt(self, cuenta)
        if debt is None:
            return [slot("plan_estado", "caido")]
        count: int | str = int(said)
        if said > MOST_INSTALMENTS:
            count = await self.ports.agreements.for_purse(cuenta, debt, int(said))
        found: OfferView | str = str(count)
        if isinstance(count, int):
            found = await _offer(self, tracker, debt, count)
        if isinstance(found, str):
            wanted = count if isinstance(count, int) else None
            return [slot("plan_estado", found), slot("plan_cuotas", wanted), slot("plan_pedido", None)]
        shown = {
            name: value
            for name, value in asdict(found).items()
            if name not in {"texto", "terminos", "debe", "facturas"}
        }
        return [slot("plan_estado", "vale"), slot("plan_cuotas", found.cuotas), slot("oferta", shown)]


class AskDay(AtiendeAction):
    """Asks on which day of the month it is easier to pay."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_dia_pago"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each day of the policy."""
        days = (tracker.get_slot("plan") or {}).get("dias", ())
        buttons = [{"title": f"El {day}", "payload": f"/SetSlots(dia_pago={day})"} for day in days]
        dispatcher.utter_message(response="decir_firma.pregunta_dia", buttons=buttons)
        return []


class ReadDay(AtiendeAction):
    """Takes only a day that the policy has."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_leer_dia"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Empty ``dia_pago`` when it is none of the days that can be chosen."""
        days = (tracker.get_slot("plan") or {}).get("dias", ())
        said = tracker.get_slot("dia_pago")
        return [] if said in days else [slot("dia_pago", None)]


class WriteTerms(AtiendeAction):
    """Writes the whole text of the agreement under the figures of this moment."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_redactar_acuerdo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``oferta`` and ``acuerdo_texto``; ``acuerdo_estado`` is caido, or cambio when the plan holds no more."""
        debt = await _debt(self, await proved(self.ports, tracker))
        if debt is None:
            return [slot("acuerdo_estado", "caido")]
        found = await _offer(self, tracker, debt, int(tracker.get_slot("plan_cuotas") or 0))
        if isinstance(found, str):
            return [slot("acuerdo_estado", "cambio"), slot("plan_pedido", None)]
        shown = {name: value for name, value in asdict(found).items() if name not in {"texto", "debe", "facturas"}}
        return [slot("acuerdo_estado", "puede"), slot("oferta", shown), slot("acuerdo_texto", found.texto)]


class ReadWord(AtiendeAction):
    """Takes only the word itself as the signature: an answer that is merely like it signs nothing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_leer_acepto"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``palabra_escrita`` to what was typed when it is ACEPTO, else empty it."""
        typed = str(tracker.latest_message.get("text") or "").strip()
        return [slot("palabra_escrita", typed if plain(typed) == _WORD else None)]


class PrepareCode(AtiendeAction):
    """Looks where a fresh code for this agreement may be sent; an old one proves nothing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_preparar_codigo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set what the sub-flow of codes asks with, for the purpose of the agreement."""
        door = await self.ports.identity.door(tracker.sender_id, _account(tracker))
        places = [{"medio": each.medio, "a": each.a} for each in door.destinos]
        return [
            slot("codigo_proposito", _PURPOSE),
            slot("codigo_estado", None),
            slot("destinos", places),
            slot("medio_codigo", places[0]["medio"] if len(places) == 1 else None),
            slot("puerta_firma", door.estado == "abierta" and bool(places)),
        ]


class RequestAgreement(AtiendeAction):
    """Hands an accepted agreement over, if its figures still are those that were read."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_pedir_acuerdo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report AgreementRequested, or set ``acuerdo_estado`` to caido or cambio and report nothing."""
        cuenta = await proved(self.ports, tracker)
        debt = await _debt(self, cuenta)
        if debt is None:
            return [slot("acuerdo_estado", "caido")]
        count = int(tracker.get_slot("plan_cuotas") or 0)
        found = await _offer(self, tracker, debt, count)
        read, shown = str(tracker.get_slot("acuerdo_texto") or ""), tracker.get_slot("oferta") or {}
        if isinstance(found, str) or dict(found.terminos) != shown.get("terminos") or found.texto != read:
            forgotten = ("plan_pedido", "acuerdo_seguro", "palabra_acepto", "palabra_escrita", "codigo_estado")
            return [slot("acuerdo_estado", "cambio"), *(slot(name, None) for name in forgotten)]
        accepted = fact(
            "AgreementRequested",
            cuenta=cuenta,
            debe=dict(found.debe),
            facturas=list(found.facturas),
            cuotas=count,
            dia=_day(tracker),
            firma=tracker.get_slot("quien_firma") or "titular",
            autorizacion=[file["file_id"] for file in tracker.get_slot("autorizacion_dueno") or ()],
            cuidado=bool(tracker.get_slot("cuidado_especial")),
            terminos=dict(found.terminos),
            texto=found.texto,
            palabra=str(tracker.get_slot("palabra_escrita") or ""),
        )
        return [slot("acuerdo_estado", "puede"), slot("codigo_proposito", None), accepted]


class SeeAgreement(AtiendeAction):
    """Finds the agreement of the account and offers a copy of it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_acuerdo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``acuerdo``, ``hay_acuerdo`` and ``acuerdo_espera``, and make the paper that the reply carries."""
        cuenta = await proved(self.ports, tracker)
        found = await self.ports.agreements.of_account(cuenta) if cuenta else None
        if found is None:
            return [slot("acuerdo", None), slot("hay_acuerdo", False), slot("acuerdo_espera", False)]
        copy = fact("PaperMade", kind="acuerdo", content={"agreement_id": found.id})
        waits = slot("acuerdo_espera", found.estado == _WAITS)
        return [slot("acuerdo", asdict(found)), slot("hay_acuerdo", True), waits, copy]


class FindRequest(AtiendeAction):
    """Finds the request for an agreement that can be taken back: one that nobody decided yet."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_retiro"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``acuerdo``, ``hay_acuerdo`` and ``acuerdo_espera``, which says that it waits for a decision."""
        cuenta = await proved(self.ports, tracker)
        found = await self.ports.agreements.of_account(cuenta) if cuenta else None
        return [
            slot("acuerdo", asdict(found) if found else None),
            slot("hay_acuerdo", found is not None),
            slot("acuerdo_espera", found is not None and found.estado == _WAITS),
        ]


class WithdrawRequest(AtiendeAction):
    """Hands over that the request for an agreement is taken back."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_retirar_acuerdo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report AgreementWithdrawn."""
        return [fact("AgreementWithdrawn", acuerdo_id=(tracker.get_slot("acuerdo") or {}).get("id"))]


async def _debt(action: AtiendeAction, cuenta: str) -> DebtView | None:
    """Return what billing says now, or None when it does not answer, does not know the account, or nobody proved it."""
    if not cuenta:
        return None
    try:
        return await action.ports.billing.debt(cuenta)
    except BillingDown:
        return None


async def _offer(action: AtiendeAction, tracker: Seen, debt: DebtView, count: int) -> OfferView | str:
    return await action.ports.agreements.offer(
        _account(tracker),
        debt,
        count,
        dia=_day(tracker),
        firma=str(tracker.get_slot("quien_firma") or "titular"),
        autorizado=bool(tracker.get_slot("autorizacion_dueno")),
        cuidado=bool(tracker.get_slot("cuidado_especial")),
    )


def _account(tracker: Seen) -> str:
    return str(tracker.get_slot("cuenta") or "")


def _day(tracker: Seen) -> int | None:
    said = tracker.get_slot("dia_pago")
    return int(said) if said else None


def _counted(count: int) -> str:
    return "1 cuota" if count == 1 else f"{count} cuotas"
