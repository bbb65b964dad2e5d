"""Actions over a case that the person filed before: choose it, add to it, withdraw it, appeal its answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

if TYPE_CHECKING:
    from dialogs.actions.ports import CaseView

_LOOKED_THROUGH = 20
_MOST_OFFERED = 5

_OPEN = frozenset({"radicado", "en_tramite", "en_pruebas", "requerido_usuario"})
#: What may be done with a case in which states; the host looks again when it writes.
FIT = {
    "ampliar": _OPEN | {"trasladado", "recurso_abierto"},
    "desistir": _OPEN,
    "recurso": frozenset({"decidido", "citado", "notificado", "recurso_abierto", "en_firme"}),
}


def is_silent(case: CaseView) -> bool:
    """Tell whether the term of the answer has passed without one."""
    return not case.respuesta and case.dias < 0 and case.estado in _OPEN | {"vencido_sap"}


def fits(case: CaseView, purpose: str) -> bool:
    """Tell whether ``purpose`` can be done with ``case``; silence may be appealed as an answer may."""
    if purpose == "recurso" and is_silent(case):
        return True
    return case.estado in FIT[purpose]


class ListCasesFor(AtiendeAction):
    """Lists the own cases with which the wanted thing can be done, and takes the only one there is."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_casos_para"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lista_casos`` (newest first, at most five) and, when there is one or one was named, ``radicado_caso``."""
        purpose = str(tracker.get_slot("caso_para") or "ampliar")
        cases = [
            case
            for case in await self.ports.cases.of_conversation(tracker.sender_id, _LOOKED_THROUGH)
            if fits(case, purpose)
        ]
        named = tracker.get_slot("radicado_caso")
        only = cases[0].radicado if len(cases) == 1 else None
        listed = [
            {"radicado": case.radicado, "tipo": case.tipo, "estado": case.estado} for case in cases[:_MOST_OFFERED]
        ]
        return [slot("lista_casos", listed), slot("radicado_caso", named or only), slot("caso", None)]


class AskWhichCase(AtiendeAction):
    """Asks which case is meant, with the own ones as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_radicado_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each case of ``lista_casos``, or for the number when there are none."""
        _ask(dispatcher, tracker, "radicado_caso", "escoger_caso.elige", "escoger_caso.pide_radicado")
        return []


class TakeCase(AtiendeAction):
    """Takes the chosen case, if it is of the person and the wanted thing can be done with it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``caso_estado`` (``sirve``, ``no_sirve``, ``ya_pedido``, ``falta_codigo``, ``ajeno``) and ``caso``.

        Who filed a case from elsewhere may add to it with its code; only who filed it withdraws it.
        """
        purpose = str(tracker.get_slot("caso_para") or "ampliar")
        case = await self.ports.cases.mine(str(tracker.get_slot("radicado_caso") or ""), tracker.sender_id)
        if case is None:
            return [slot("caso_estado", "ajeno" if purpose == "desistir" else "falta_codigo"), slot("caso", None)]
        state = "sirve" if fits(case, purpose) else "no_sirve"
        if purpose == "desistir" and state == "sirve" and case.retiro_pedido:
            state = "ya_pedido"
        return [slot("caso_estado", state), slot("caso", asdict(case))]


class OpenCase(AtiendeAction):
    """Opens a case filed from elsewhere with its radicado and secret code, with a limit on guessing."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_abrir_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``caso_estado`` to ``sirve``, ``no_sirve``, ``no`` or ``bloqueado``, and ``caso``."""
        purpose = str(tracker.get_slot("caso_para") or "ampliar")
        radicado, code = str(tracker.get_slot("radicado_caso") or ""), str(tracker.get_slot("codigo") or "")
        found = await self.ports.cases.open_with_code(
            radicado, code, tracker.sender_id, str(tracker.latest_message.get("message_id") or "")
        )
        if isinstance(found, str):
            return [slot("caso_estado", found), slot("codigo", None)]
        state = "sirve" if fits(found, purpose) else "no_sirve"
        return [slot("caso_estado", state), slot("caso", asdict(found)), slot("codigo", None)]


class AddToCase(AtiendeAction):
    """Hands over what is added to a case; the host keeps it with the case."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ampliar_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report CaseExtended with the words and files given."""
        case = tracker.get_slot("caso") or {}
        files = [file["file_id"] for file in tracker.get_slot("anexos") or []]
        added = fact(
            "CaseExtended", caso_id=case.get("caso_id"), texto=tracker.get_slot("ampliacion") or "", anexos=files
        )
        return [added, slot("ampliacion", None), slot("anexos", None), slot("anexos_listos", None)]


class WithdrawCase(AtiendeAction):
    """Hands over that the person withdraws a case of theirs."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_desistir_caso"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report CaseWithdrawn."""
        return [fact("CaseWithdrawn", caso_id=(tracker.get_slot("caso") or {}).get("caso_id"))]


class AnsweredCases(AtiendeAction):
    """Lists the own cases that were answered, or should have been, so that nobody has to type fourteen digits."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_casos_respondidos"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lista_casos``."""
        cases = await self.ports.cases.of_conversation(tracker.sender_id, _LOOKED_THROUGH)
        listed = [
            {"radicado": case.radicado, "tipo": case.tipo, "estado": case.estado}
            for case in cases
            if fits(case, "recurso")
        ]
        return [slot("lista_casos", listed[:_MOST_OFFERED])]


class AskAppealed(AtiendeAction):
    """Asks against which answer the appeal goes, with the answered cases as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_radicado_recurrido"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each case of ``lista_casos``, or for the number when there are none."""
        _ask(dispatcher, tracker, "radicado_recurrido", "radicar_recurso.elige", "radicar_recurso.pide_radicado")
        return []


class LookAtAppealed(AtiendeAction):
    """Looks at the answer appealed against: in time, late, not given yet, or never given (silence)."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_recurrido"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``recurso_estado`` and ``caso``, and take service and account from the own case.

        ``a_tiempo``, ``tarde``, ``sin_fecha`` (nobody knows when it was notified), ``sin_respuesta``, ``silencio`` or
        ``ajeno``. None of them keeps anybody from appealing.
        """
        radicado = str(tracker.get_slot("radicado_recurrido") or "")
        case = await self.ports.cases.mine(radicado, tracker.sender_id) if radicado else None
        if case is None:
            return [slot("recurso_estado", "ajeno"), slot("caso", None)]
        known = [("servicio", case.servicio), ("cuenta", case.cuenta)]
        taken = [slot(name, value) for name, value in known if value and tracker.get_slot(name) is None]
        return [slot("recurso_estado", self._state(case)), slot("caso", asdict(case)), *taken]

    @staticmethod
    def _state(case: CaseView) -> str:
        if is_silent(case):
            return "silencio"
        if case.estado not in FIT["recurso"]:
            return "sin_respuesta"
        if not case.recurso_hasta:
            return "sin_fecha"
        return "tarde" if case.recurso_tarde else "a_tiempo"


def _ask(dispatcher: Dispatcher, tracker: Seen, name: str, choose: str, write: str) -> None:
    own = [case["radicado"] for case in tracker.get_slot("lista_casos") or ()]
    if not own:
        dispatcher.utter_message(response=write)
        return
    buttons = [{"title": number, "payload": f"/SetSlots({name}={number})"} for number in own]
    dispatcher.utter_message(response=choose, buttons=buttons)
