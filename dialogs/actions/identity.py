"""Actions of knowing who writes: which account is meant, and the code that proves it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.ports import DoorView
from dialogs.engine.slots import plain

if TYPE_CHECKING:
    from dialogs.actions.ports import LinkedAccount, PersonView, Ports

OTHER = "otra"
_MOST_SHOWN = 8
_BUTTON = 20
_AGAIN = re.compile(r"\b(otro|otra vez|lleg\w*)\b")
_CANNOT = re.compile(r"\bpued\w*\b")


class LookAtIdentity(AtiendeAction):
    """Finds the account that the errand is about among those of the person who writes."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_identidad"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``identidad_paso`` (lista, elegir, comprobar, bloqueada) and, when it is lista, the account."""
        view = await self.ports.identity.who(tracker.sender_id)
        proved = [each for each in view.cuentas if each.verificada]
        said = just_said(tracker) if proved else str(tracker.get_slot("cuenta") or "")
        fresh = [slot("cuenta_elegida", None), slot("medio_codigo", None), slot("codigo_estado", None)]
        mine = {each.cuenta: each for each in view.cuentas}
        if said in mine and mine[said].verificada:
            return [*fresh, *_taken(said)]
        if not said and len(proved) == 1:
            return [*fresh, *_taken(proved[0].cuenta)]
        fresh += [slot("cuenta_verificada", None), slot("identidad_estado", None)]
        if proved and (len(proved) > 1 or said):
            return [*fresh, slot("identidad_paso", "elegir"), slot("identidad_cuentas", listed(view))]
        door = await self.ports.identity.door(tracker.sender_id, said)
        if door.estado == "bloqueada":
            return [*fresh, slot("identidad_paso", "bloqueada"), slot("identidad_estado", "bloqueada")]
        if not said and len(view.cuentas) == 1:
            fresh.append(slot("cuenta", view.cuentas[0].cuenta))
        return [*fresh, slot("identidad_paso", "comprobar")]


class AskWhichAccount(AtiendeAction):
    """Asks which of the person's accounts is meant, each by the person's own word for it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_cuenta_elegida"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each account and one for another."""
        listed = list(tracker.get_slot("identidad_cuentas") or ())[:_MOST_SHOWN]
        buttons = [{"title": title(each), "payload": f"/SetSlots(cuenta_elegida={each['cuenta']})"} for each in listed]
        buttons.append({"title": "Otra cuenta", "payload": f"/SetSlots(cuenta_elegida={OTHER})"})
        dispatcher.utter_message(response="identificar_cuenta.elige", buttons=buttons)
        return []


class TakeAccount(AtiendeAction):
    """Understands which account was chosen: by button, by number or by the person's word for it."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set the account when it is one that was proved; an unknown number is one to prove; other words ask again."""
        chosen = str(tracker.get_slot("cuenta_elegida") or "")
        view = await self.ports.identity.who(tracker.sender_id)
        found = find(view, chosen)
        cleared = slot("cuenta_elegida", None)
        if found is not None and found.verificada:
            return [cleared, *_taken(found.cuenta)]
        if found is not None:
            return [cleared, slot("cuenta", found.cuenta), slot("identidad_paso", "comprobar")]
        digits = "".join(mark for mark in chosen if mark.isdecimal())
        if plain(chosen).startswith(OTHER):
            return [cleared, slot("cuenta", None), slot("identidad_paso", "comprobar")]
        if self.ports.accounts.is_account(digits):
            return [cleared, slot("cuenta", digits), slot("identidad_paso", "comprobar")]
        return [cleared, slot("identidad_paso", "elegir")]


class FindDoor(AtiendeAction):
    """Looks whether the account may be proved from here; a number that is none of ours is counted."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_identidad"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``puerta`` (abierta, verificada, no_encontrada, sin_contacto, bloqueada) and the masked ``destinos``."""
        cuenta = str(tracker.get_slot("cuenta") or "")
        if await self.ports.identity.is_verified(tracker.sender_id, cuenta):
            return [slot("puerta", "verificada"), *_taken(cuenta)]
        door = await self.ports.identity.door(tracker.sender_id, cuenta)
        if door.estado != "bloqueada" and not self.ports.accounts.is_account(cuenta):
            # A radicado or a telephone is not looked up, and counts as any other number that is no account.
            door = DoorView("no_encontrada")
        destinations = [{"medio": each.medio, "a": each.a} for each in door.destinos]
        state = None if door.estado == "abierta" else door.estado
        events = [
            slot("puerta", door.estado),
            slot("destinos", destinations),
            slot("cuenta_verificada", False),
            slot("identidad_estado", state),
            slot("medio_codigo", destinations[0]["medio"] if len(destinations) == 1 else None),
        ]
        if door.estado == "no_encontrada":
            events.append(fact("WrongAccount", cuenta=cuenta))
        return events


class AskWhereToSend(AtiendeAction):
    """Asks to which of the company's contacts the code should go, each under its mask."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_medio_codigo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each way."""
        names = {"correo": "Correo", "sms": "Mensaje de texto"}
        buttons = [
            {"title": names[each["medio"]], "payload": f"/SetSlots(medio_codigo={each['medio']})"}
            for each in tracker.get_slot("destinos") or ()
        ]
        dispatcher.utter_message(response="probar_cuenta.elige_medio", buttons=buttons)
        return []


class SendCode(AtiendeAction):
    """Has a code sent to the contact that the company has; the number itself is drawn in the commit."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_enviar_codigo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report CodeAsked and set ``codigo_estado`` to enviado, or to sin_envio or bloqueada when none may leave."""
        cuenta = str(tracker.get_slot("cuenta") or "")
        medio = str(tracker.get_slot("medio_codigo") or "")
        door = await self.ports.identity.door(tracker.sender_id, cuenta)
        target = next((each for each in door.destinos if each.medio == medio), None)
        if door.estado != "abierta" or target is None:
            return [slot("codigo_estado", "bloqueada" if door.estado == "bloqueada" else "sin_envio")]
        if not door.envios:
            return [slot("codigo_estado", "sin_envio")]
        purpose = str(tracker.get_slot("codigo_proposito") or "cuenta")
        return [
            slot("codigo_estado", "enviado"),
            slot("codigo_cuenta", None),
            slot("codigo_destino", target.a),
            fact("CodeAsked", cuenta=cuenta, medio=medio, proposito=purpose),
        ]


class TryCode(AtiendeAction):
    """Tries the code that the person typed."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_probar_codigo"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``codigo_estado``: bien, mal, vencido, agotado, bloqueada; otro when another is asked for; dejado when none helps."""
        typed = str(tracker.get_slot("codigo_cuenta") or "")
        cleared = slot("codigo_cuenta", None)
        if not any(mark.isdecimal() for mark in typed):
            is_left = _CANNOT.search(plain(typed)) and not _AGAIN.search(plain(typed))
            return [cleared, slot("codigo_estado", "dejado" if is_left else "otro")]
        cuenta = str(tracker.get_slot("cuenta") or "")
        purpose = str(tracker.get_slot("codigo_proposito") or "cuenta")
        call_id = str(tracker.latest_message.get("message_id") or "")
        found = await self.ports.identity.try_code(tracker.sender_id, cuenta, purpose, typed, call_id)
        events = [cleared, slot("codigo_estado", found)]
        if found == "bien" and purpose == "cuenta":
            events += _taken(cuenta)
        return events


class LookAtPerson(AtiendeAction):
    """Tells which questions about the person are still open."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_persona"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``falta_relacion`` and ``falta_documento``."""
        view = await self.ports.identity.who(tracker.sender_id)
        cuenta = str(tracker.get_slot("cuenta") or "")
        known = next((each for each in view.cuentas if each.cuenta == cuenta), None)
        return [
            slot("falta_relacion", known is None or known.relacion == "sin_decir"),
            slot("falta_documento", not view.tiene_documento and tracker.get_slot("documento") is None),
        ]


class KeepPerson(AtiendeAction):
    """Hands over what the person said of themselves and of the account."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_guardar_persona"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report AccountDescribed and PersonKnown."""
        cuenta = str(tracker.get_slot("cuenta") or "")
        get = tracker.get_slot
        facts = [fact("AccountDescribed", cuenta=cuenta, relacion=get("relacion_cuenta"), apodo=get("apodo_cuenta"))]
        if get("documento") or get("nombre"):
            facts.append(fact("PersonKnown", cuenta=cuenta, documento=get("documento"), nombre=get("nombre")))
        return [slot("historia_unida", None), *facts]


async def proved(ports: Ports, tracker: Seen) -> str:
    """Return the account of the talk if the person proved it and it is theirs still, else an empty text.

    A slot may be older than the proof: whatever is told or kept of an account asks here, in every turn.
    """
    cuenta = str(tracker.get_slot("cuenta") or "")
    if not cuenta or not tracker.get_slot("cuenta_verificada"):
        return ""
    return cuenta if await ports.identity.is_verified(tracker.sender_id, cuenta) else ""


def just_said(tracker: Seen) -> str:
    """Return the account of the talk if this very message names it, else nothing: an older one may be another's."""
    cuenta = str(tracker.get_slot("cuenta") or "")
    digits = "".join(mark for mark in str(tracker.latest_message.get("text") or "") if mark.isdecimal())
    return cuenta if cuenta and cuenta in digits else ""


def _taken(cuenta: str) -> Events:
    """Return the slots of an account that is proved."""
    return [
        slot("cuenta", cuenta),
        slot("cuenta_verificada", True),
        slot("identidad_estado", "verificada"),
        slot("identidad_paso", "lista"),
    ]


def listed(view: PersonView) -> list[dict[str, str]]:
    """Return the accounts of a person as a slot keeps them."""
    return [{"cuenta": each.cuenta, "apodo": each.apodo, "barrio": each.barrio} for each in view.cuentas]


def account_buttons(accounts: Any, name: str) -> list[dict[str, str]]:
    """Return a button for each account that fills the slot ``name``; only its number goes into the payload."""
    shown = list(accounts or ())[:_MOST_SHOWN]
    return [{"title": title(each), "payload": f"/SetSlots({name}={each['cuenta']})"} for each in shown]


def title(account: dict[str, str]) -> str:
    """Return what a button calls an account: the person's word for it, else its number and place."""
    name = account["apodo"] or f"{account['cuenta']} {account['barrio']}"
    return name if len(name) <= _BUTTON else name[: _BUTTON - 1].rstrip() + "…"


def masked_title(account: LinkedAccount) -> str:
    """Return what a button calls an account where its number is not the point: ``***0001 La Esperanza``."""
    return title({"cuenta": f"***{account.cuenta[-4:]}", "apodo": account.apodo, "barrio": account.barrio})


async def proved_home(ports: Ports, tracker: Seen) -> str:
    """Return the account at which a fault was said to be, or the one of the talk; only if the person proved it."""
    cuenta = str(tracker.get_slot("falla_cuenta") or "")
    if cuenta and await ports.identity.is_verified(tracker.sender_id, cuenta):
        return cuenta
    return await proved(ports, tracker)


def find(view: PersonView, words: str) -> LinkedAccount | None:
    """Return the account of the person that ``words`` name: its number, or the person's own word for it."""
    digits = "".join(mark for mark in words if mark.isdecimal())
    said = f" {plain(words)} "
    for each in view.cuentas:
        if each.cuenta == digits or (each.apodo and f" {plain(each.apodo)} " in said):
            return each
    named = [each for each in view.cuentas if each.barrio and f" {plain(each.barrio)} " in said]
    return named[0] if len(named) == 1 else None
