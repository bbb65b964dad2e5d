"""Actions of outages and places: what is told, where it is, which outage reaches it."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, fact, slot
from dialogs.actions.identity import find, masked_title
from dialogs.engine.slots import plain

#: What lies on somebody else's ground, or nowhere.
_NOT_OURS = frozenset({"otra_ciudad", "fuera", "mar"})
#: A place that is enough to look for outages; a neighbourhood nobody knows is enough to report.
_ENOUGH = frozenset({"punto", "direccion", "sector", "barrio"})
#: What a fault of a whole service is called where the service is not one that "is gone".
_WHOLE = {"aseo": "no_recogida", "alcantarillado": "otro_dano"}
#: What an outage that is only announced may explain.
_GONE = frozenset({None, "sin_servicio", "baja_presion"})
# What is heard here is already without capitals, accents and punctuation.
_IS_RIGHT = re.compile(
    r"(?:si+|sip|sisas|claro|correcto|correcta|exacto|exactamente|ahi|ese|esa|eso|asi es|de una|listo|ok|okey|vale|bien|"
    r"perfecto|afirmativo|dale|hagale|es ahi|esta bien|aja|obvio|efectivamente|ahi mismo|por ahi)\b"
)
_IS_WRONG = re.compile(r"(?:no|nop|nope|negativo|incorrecto|mal|esta mal|para nada|corrijo|corregir)\b")
_MOST_TOLD = 2
_MOST_HOMES = 6
_ELSEWHERE = "otro lugar"
_LONGEST_LANDMARK = 200


class BeginFault(AtiendeAction):
    """Takes from the first message all that it tells: service, kind, place, who depends on it, a report's number."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_empezar_falla"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set what was told, and ``falla_paso`` to ``seguimiento`` when the message asks about a report that exists."""
        text = str(tracker.latest_message.get("text") or "")
        told = await self.ports.outages.told(text)
        events = [slot("falla_paso", "seguimiento" if told.sigue else "sigue")]
        if told.numero:
            events.append(slot("numero_reporte", told.numero))
        served = list(self.ports.company.info().get("servicios") or ())
        only = served[0] if len(served) == 1 else ""
        service = tracker.get_slot("falla_servicio") or told.servicio or only
        if service:
            events.append(slot("falla_servicio", service))
        fits = not service or service in told.servicios
        for name, value in (
            ("tipo_falla", told.tipo if fits else ""),
            ("falla_critica", told.critico),
            ("falla_relato", told.relato),
        ):
            if value and tracker.get_slot(name) is None:
                events.append(slot(name, value))
        found = [] if text.startswith("/") else await _place(self, tracker, text, said=False)
        if not found and not told.sigue:
            found = await self._at_home(tracker)
        return [*events, *found]

    async def _at_home(self, tracker: Seen) -> Events:
        """Return the place of the only account the person has proved, to be read back; of several, which can be chosen."""
        person = await self.ports.identity.who(tracker.sender_id)
        proved = [each for each in person.cuentas if each.verificada and each.barrio]
        if len(proved) > 1:
            return [slot("falla_cuentas", [{"cuenta": each.cuenta, "titulo": masked_title(each)} for each in proved])]
        if not proved or not tracker.get_slot("falla_en_casa"):
            return []
        spot = await self.ports.outages.place(proved[0].barrio)
        if spot.estado != "sector":
            return []
        home = f"su cuenta de {spot.texto}"
        # As a neighbourhood it is read back before it counts.
        return [*_seen(asdict(spot)), slot("lugar_texto", home), slot("lugar_estado_falla", "barrio")]


class LookAtService(AtiendeAction):
    """Looks whether the utility gives the service at all, and names the fault of a service that is gone."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_servicio"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``falla_ajena``."""
        service = str(tracker.get_slot("falla_servicio") or "")
        return [slot("falla_ajena", service not in list(self.ports.company.info().get("servicios") or ()))]


class NameWholeFault(AtiendeAction):
    """Names the fault of who has no service, unless the message told a sharper one."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_nombrar_falla"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``tipo_falla`` when it is empty."""
        if tracker.get_slot("tipo_falla") is not None:
            return []
        return [slot("tipo_falla", _WHOLE.get(str(tracker.get_slot("falla_servicio")), "sin_servicio"))]


class UnderstandFaultPlace(AtiendeAction):
    """Finds the place that was answered; what it leaves open is joined with the next answer."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_lugar_falla"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lugar_visto``, ``lugar_texto`` and ``lugar_estado_falla``; the answer itself is emptied."""
        text = str(tracker.get_slot("lugar_falla") or "")
        return [*(await _place(self, tracker, text, said=True)), slot("lugar_falla", None)]


class AskWhichHome(AtiendeAction):
    """Asks at which of the person's accounts it is, so that nobody writes an address that we know."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_falla_donde"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each account and one for elsewhere; an address or a pin is taken too."""
        buttons = [
            {"title": each["titulo"], "payload": f"/SetSlots(falla_donde={each['cuenta']})"}
            for each in list(tracker.get_slot("falla_cuentas") or ())[:_MOST_HOMES]
        ]
        buttons.append({"title": "En otro lugar", "payload": f"/SetSlots(falla_donde={_ELSEWHERE})"})
        dispatcher.utter_message(response="ubicar_falla.cual_cuenta", buttons=buttons)
        return []


class TakeHome(AtiendeAction):
    """Takes the place of the account that was chosen, or any other place that was written instead."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_tomar_lugar_cuenta"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set the place and ``falla_cuenta``, if it is an account of the person; «en otro lugar» leaves it to be asked."""
        said = str(tracker.get_slot("falla_donde") or "")
        asked = [slot("falla_donde", None), slot("falla_cuentas", None)]
        if plain(said) == plain(_ELSEWHERE):
            return [*asked, slot("lugar_estado_falla", "falta")]
        account = find(await self.ports.identity.who(tracker.sender_id), said)
        own = await self.ports.identity.own_account(tracker.sender_id, account.cuenta) if account else None
        if own is None:
            return [*asked, *(await _place(self, tracker, said, said=True))]
        area = await self.ports.outages.place(own.barrio)
        spot = await self.ports.outages.place(own.direccion, asdict(area))
        spot = spot if spot.estado == "direccion" and spot.sector == area.sector else area
        # The address is theirs and known: what is read back is only which account it is.
        home = slot("lugar_texto", f"su cuenta de {own.barrio}")
        return [*asked, *_seen(asdict(spot)), home, slot("falla_cuenta", own.cuenta)]


class SharpenPlace(AtiendeAction):
    """Joins the address or the pin to the neighbourhood that is known; a landmark stays as it was said."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_precisar_lugar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set the place anew; words that are no address become the way to get there."""
        before = tracker.get_slot("lugar_visto")
        text = str(tracker.get_slot("lugar_falla") or "")
        found = await self.ports.outages.place(text)
        if before is None or found.estado in _NOT_OURS | {"punto"}:
            return [*_seen(asdict(found)), slot("lugar_falla", None)]
        if found.estado == "direccion":
            found = await self.ports.outages.place(text, before)
            return [*_seen(asdict(found)), slot("lugar_falla", None)]
        way = {**before, "estado": "barrio", "direccion": " ".join(text.split())[:_LONGEST_LANDMARK]}
        return [*_seen(way), slot("lugar_falla", None)]


class UnderstandNeighbourhood(AtiendeAction):
    """Joins the neighbourhood to the address or the words that were told before."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_entender_barrio"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set the place anew; whatever was answered is good enough now."""
        before = tracker.get_slot("lugar_visto") or {}
        text = str(tracker.get_slot("barrio_falla") or "")
        if not text:
            return [slot("lugar_estado_falla", "direccion" if before.get("direccion") else "barrio")]
        found = await self.ports.outages.place(text, before)
        if found.estado == "punto":
            return [*_seen(asdict(found)), slot("barrio_falla", None)]
        if found.estado in _NOT_OURS:
            return [*_seen(asdict(found)), slot("barrio_falla", None)]
        place = asdict(found)
        if before.get("estado") == "vago":
            # What was said first is how one gets there.
            place["texto"] = f"{before['texto']}, {place['texto']}"
            place["direccion"] = place["direccion"] or before["texto"]
        return [*_seen(place), slot("barrio_falla", None)]


class ConfirmPlace(AtiendeAction):
    """Hears whether the place read back is right: a yes, a no, or the right one at once."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_confirmar_lugar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``lugar_bien``, or the place that was told instead; a bare no empties the place."""
        text = str(tracker.get_slot("lugar_confirma") or "")
        said = plain(text)
        asked = [slot("lugar_confirma", None)]
        found = await _place(self, tracker, text, said=False)
        if found:
            return [*asked, slot("lugar_bien", None), *found]
        if _IS_RIGHT.match(said):
            return [*asked, slot("lugar_bien", True)]
        if _IS_WRONG.match(said):
            return [
                *asked,
                slot("lugar_bien", None),
                slot("lugar_visto", None),
                slot("lugar_texto", None),
                slot("lugar_estado_falla", "falta"),
            ]
        return [*asked, slot("lugar_bien", None)]


class PlaceAgain(AtiendeAction):
    """Takes the place out of the very words that said it is here after all: «sí, en El Carmen»."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_lugar_otra_vez"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set the place that the message tells, or empty it so that it is asked for."""
        text = str(tracker.latest_message.get("text") or "")
        again = [slot("es_aqui", None), slot("lugar_falla", None)]
        empty = [slot("lugar_visto", None), slot("lugar_texto", None), slot("lugar_estado_falla", "falta")]
        found = [] if text.startswith("/") else await _place(self, tracker, text, said=False)
        return [*again, *(found or empty)]


class MatchOutage(AtiendeAction):
    """Looks for open outages of the service that reach the place."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_corte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cortes_lugar`` (at most two), ``corte_id`` and ``corte_estado``: en_curso, anunciado or ninguno."""
        place = tracker.get_slot("lugar_visto") or {}
        found = await self.ports.outages.reaching(str(tracker.get_slot("falla_servicio") or ""), place)
        if tracker.get_slot("tipo_falla") not in _GONE:
            # A broken pipe is not explained by an outage that has not begun.
            found = [outage for outage in found if outage.fase == "en_curso"]
        told = [asdict(outage) for outage in found[:_MOST_TOLD]]
        return [
            slot("cortes_lugar", told),
            slot("corte_id", found[0].id if found else None),
            slot("corte_estado", found[0].fase if found else "ninguno"),
        ]


class FollowOutage(AtiendeAction):
    """Has the person told of every change of the outage that was found."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_seguir_corte"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Report OutageFollowed."""
        place = tracker.get_slot("lugar_visto") or {}
        return [fact("OutageFollowed", corte=tracker.get_slot("corte_id"), sector=place.get("sector") or None)]


async def _place(action: AtiendeAction, tracker: Seen, text: str, *, said: bool) -> Events:
    """Return what ``text`` tells of the place; ``said`` when it is the answer to where, so that any words count."""
    before = tracker.get_slot("lugar_visto") if said else None
    known = before if before and before.get("estado") in _ENOUGH else None
    found = await action.ports.outages.place(text, known)
    if not said and found.estado not in _ENOUGH | _NOT_OURS:
        return []
    return _seen(asdict(found))


def _seen(place: dict[str, Any]) -> Events:
    state = place["estado"]
    if state == "direccion" and not place["barrio"]:
        # The same street may be in several neighbourhoods, and outages go by neighbourhood.
        state = "falta_barrio"
    return [
        slot("lugar_visto", place),
        slot("lugar_texto", place["texto"] or None),
        slot("lugar_estado_falla", "falta" if state == "nada" else state),
        slot("lugar_bien", None),
        slot("ciudad_dicha", place["ciudad"] or None),
        slot("lejos_km", place["km"] or None),
    ]
