"""Actions over the accounts that a person linked: listed, shown and cut."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.identity import account_buttons, find, just_said, listed


class BeginLinking(AtiendeAction):
    """Begins linking with the account that this message names, and with no older one."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_empezar_registro"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Empty what an errand before left of an account."""
        left = ("cuenta_verificada", "identidad_estado", "puerta", "medio_codigo", "codigo_estado")
        return [slot("cuenta", just_said(tracker) or None), *(slot(name, None) for name in left)]


class OfferAccount(AtiendeAction):
    """Offers the accounts that the person proved before, so that nobody types a number twice."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ofrecer_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Take the only one as ``cuenta``, or set ``identidad_paso`` to elegir; what the talk already names stays."""
        fresh = [slot("cuenta_elegida", None), slot("identidad_paso", None)]
        if tracker.get_slot("cuenta") is not None or tracker.get_slot("cuenta_estado") is not None:
            return fresh
        view = await self.ports.identity.who(tracker.sender_id)
        proved = [each.cuenta for each in view.cuentas if each.verificada]
        if len(proved) > 1:
            return [slot("identidad_paso", "elegir"), slot("identidad_cuentas", listed(view))]
        return [*fresh, *(slot("cuenta", cuenta) for cuenta in proved)]


class MyAccounts(AtiendeAction):
    """Lists the accounts of the person who writes."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mis_cuentas"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``identidad_cuentas``, and the account to cut when there is only one."""
        accounts = listed(await self.ports.identity.who(tracker.sender_id))
        only = accounts[0]["cuenta"] if len(accounts) == 1 else None
        return [
            slot("identidad_cuentas", accounts),
            slot("cuenta_a_quitar", tracker.get_slot("cuenta_a_quitar") or only),
        ]


class AskWhichToCut(AtiendeAction):
    """Asks which account to cut, each by the person's own word for it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_cuenta_a_quitar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each account."""
        buttons = account_buttons(tracker.get_slot("identidad_cuentas"), "cuenta_a_quitar")
        dispatcher.utter_message(response="desvincular_cuenta.elige", buttons=buttons)
        return []


class UnderstandCut(AtiendeAction):
    """Finds the account that the person named among their own."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_quitar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cuenta_a_quitar`` to its number, or empty it."""
        view = await self.ports.identity.who(tracker.sender_id)
        found = find(view, str(tracker.get_slot("cuenta_a_quitar") or ""))
        return [slot("cuenta_a_quitar", found.cuenta if found else None)]


class CutAccount(AtiendeAction):
    """Cuts the account from the person."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_quitar_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report AccountUnlinked and forget the account in the talk."""
        cuenta = str(tracker.get_slot("cuenta_a_quitar") or "")
        names = ("cuenta", "cuenta_verificada", "identidad_estado", "datos_de_cuenta")
        return [*(slot(name, None) for name in names), fact("AccountUnlinked", cuenta=cuenta)]


class ShowAccount(AtiendeAction):
    """Brings what the company has of an account, for the person who proved it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_datos_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``datos_de_cuenta``, or empty it when the account is not proved here."""
        found = await self.ports.identity.own_account(tracker.sender_id, str(tracker.get_slot("cuenta") or ""))
        return [slot("datos_de_cuenta", None if found is None else asdict(found))]
