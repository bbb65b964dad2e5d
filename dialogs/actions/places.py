"""Actions of the neighbourhood: which sector is meant, what is done there, and what may be told of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dialogs.actions.base import AtiendeAction, Dispatcher, Events, Seen, slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogs.actions.ports import SectorView

#: Names that nobody knows before the errand is given up kindly.
_TRIES = 3
_MOST_BUTTONS = 5
_LONGEST_LABEL = 24


class LookAtPlace(AtiendeAction):
    """Takes the sector that was said, or the only one of the person."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_mirar_barrio"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``barrio_visto`` and ``barrio_estado``: encontrado, or falta with the person's own sectors at hand."""
        said = str(tracker.get_slot("barrio") or "")
        found = await self.ports.community.places_in(said) if said else ()
        own = () if said else await self.ports.community.home(tracker.sender_id)
        if len(found) == 1 or (not said and len(own) == 1):
            return _taken((*found, *own)[0])
        like = found or own or (await self.ports.community.places_like(said) if said else ())
        if said and not found:
            dispatcher.utter_message(response="pedir_barrio.desconocido")
        return [
            slot("barrio", None),
            slot("barrio_visto", None),
            slot("barrio_estado", "falta"),
            slot("barrio_intentos", 0),
            slot("barrio_parecidos", _plain(like)),
        ]


class FindPlace(AtiendeAction):
    """Looks the answer up by name, with slips of the finger forgiven, or by the point that was sent."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_buscar_barrio"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``barrio_estado`` to encontrado, desconocido (with the likest names at hand) or rendido."""
        said = str(tracker.get_slot("barrio") or "")
        found = await self.ports.community.places_in(said)
        if len(found) == 1:
            return _taken(found[0])
        tries = int(tracker.get_slot("barrio_intentos") or 0) + 1
        if tries >= _TRIES:
            return [slot("barrio", None), slot("barrio_estado", "rendido")]
        dispatcher.utter_message(response="pedir_barrio.uno_solo" if found else "pedir_barrio.desconocido")
        like = found or await self.ports.community.places_like(said)
        return [
            slot("barrio", None),
            slot("barrio_estado", "desconocido"),
            slot("barrio_intentos", tries),
            slot("barrio_parecidos", _plain(like)),
        ]


class AskPlace(AtiendeAction):
    """Asks for the sector, with the likely ones as buttons."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ask_barrio"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Ask with a button for each of ``barrio_parecidos``."""
        like = tracker.get_slot("barrio_parecidos") or ()
        buttons = [
            {"title": one["nombre"][:_LONGEST_LABEL], "payload": f"/SetSlots(barrio={one['id']})"}
            for one in like[:_MOST_BUTTONS]
        ]
        if buttons:
            dispatcher.utter_message(response="pedir_barrio.elige", buttons=buttons)
        else:
            dispatcher.utter_message(response="pedir_barrio.pregunta")
        return []


class SeeWorks(AtiendeAction):
    """Lists what is coming in the sector, and its open outages."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_obras"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``obras`` and ``cortes_barrio`` of ``barrio_visto``."""
        sector = place_of(tracker)
        works = await self.ports.community.works(sector)
        cuts = await self.ports.community.cuts(sector)
        return [slot("obras", [asdict(one) for one in works]), slot("cortes_barrio", [asdict(one) for one in cuts])]


class SeeFigures(AtiendeAction):
    """Counts what may be counted in the sector."""

    def name(self) -> str:
        """Return the id that flows use."""
        return "action_ver_cifras"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        """Set ``cifras_barrio``; a count of too few is null."""
        return [slot("cifras_barrio", asdict(await self.ports.community.figures(place_of(tracker))))]


def place_of(tracker: Seen) -> str:
    """Return the id of the sector that was found."""
    return str((tracker.get_slot("barrio_visto") or {}).get("id") or "")


def _taken(place: SectorView) -> Events:
    # A point that was sent tells where somebody is: only the sector is remembered.
    return [slot("barrio", place.id), slot("barrio_visto", asdict(place)), slot("barrio_estado", "encontrado")]


def _plain(places: Iterable[SectorView]) -> list[dict[str, str]]:
    return [asdict(one) for one in places]
