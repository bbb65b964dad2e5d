"""Actions of the authorisation of personal data (Ley 1581/2012 art. 9)."""

from __future__ import annotations

from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot

TOPIC = "datos"

#: What the talk itself goes on knowing when everything about the person is forgotten: nothing of anybody.
_KEPT = frozenset({"version_aviso"})


class LookAtConsent(AtiendeAction):
    """Tells the flow whether the person has decided about the text in force."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_estado_autorizacion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``datos_autorizados`` (true, false or null) and ``version_aviso``.

        A refusal does not bind a later errand: it is asked again the next time, since people change their minds.
        """
        state = await self.ports.consents.state(tracker.sender_id, TOPIC)
        return [slot("datos_autorizados", state.granted or None), slot("version_aviso", state.version)]


class KeepConsent(AtiendeAction):
    """Turns the explicit answer into a decision that can be proved later."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_registrar_autorizacion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report ConsentGiven or ConsentRefused and say so."""
        granted = tracker.get_slot("decision_datos") == "acepto"
        version = tracker.get_slot("version_aviso") or ""
        dispatcher.utter_message(
            response="pedir_autorizacion.registrada" if granted else "pedir_autorizacion.rechazada"
        )
        return [
            slot("datos_autorizados", granted),
            fact("ConsentGiven" if granted else "ConsentRefused", topic=TOPIC, version=version),
        ]


class WithdrawConsent(AtiendeAction):
    """Takes the authorisation back and forgets, in the talk, what it had allowed to keep."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_retirar_autorizacion"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report ConsentRefused under the version in force and PersonForgotten, and empty whatever the talk remembers.

        Cases keep their own copy for the legal term.
        """
        state = await self.ports.consents.state(tracker.sender_id, TOPIC)
        known = [name for name, value in tracker.slots.items() if value is not None and name not in _KEPT]
        return [
            slot("datos_autorizados", None),
            *(slot(name, None) for name in known if name != "datos_autorizados"),
            fact("ConsentRefused", topic=TOPIC, version=state.version),
            fact("PersonForgotten"),
        ]
